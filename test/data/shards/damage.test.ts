import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {tableFromIPC} from 'apache-arrow';
import {prepare} from '../../../src/data/prepare';
import {type Manifest, readManifest} from '../../../src/data/shards/manifest';
import {openShards} from '../../../src/data/shards/open_shards';
import {Shards} from '../../../src/data/shards/shards';
import type {StreamOptions} from '../../../src/data/shards/shards';
import type {ShardBatch} from '../../../src/data/shards/prefetch';
import {sharedFolder} from '../../helpers/folders';
import {writeShards} from '../../helpers/shards';

const ROWS = 5000;
const folder = sharedFolder();
let shards: string;

async function read(options: Partial<StreamOptions> = {}): Promise<ShardBatch[]> {
  const batches: ShardBatch[] = [];
  for await (const batch of (await openShards(shards)).batches({batchSize: 1000, ...options})) batches.push(batch);
  return batches;
}

describe('shards with checksums', () => {
  let file: string;
  let sound: Buffer;
  beforeAll(async () => {
    const source = path.join(folder, 'x.csv');
    shards = path.join(folder, 'own');
    writeFileSync(
      source,
      `click,w,a,b\n${Array.from({length: ROWS}, (_, i) => `${i % 2},${(i + 1) / 8},${i % 7},v${i % 300}`).join('\n')}\n`,
    );
    await prepare({
      source,
      folder: shards,
      rowsPerShard: 4500,
      progress: false,
      schema: {
        version: 1,
        label: {column: 'click'},
        weight: {column: 'w'},
        fields: ['a', 'b'].map(name => ({type: 'categorical', name, column: name})),
      },
    });
    file = path.join(shards, 'train-00000.arrow');
    sound = readFileSync(file);
  });
  afterEach(() => writeFileSync(file, sound));

  /** Flips one bit of the value of a row. */
  function damage(column: 'ids' | 'label' | 'weight', row: number): void {
    const copy = Buffer.from(sound);
    const table = tableFromIPC(copy).batches[0].getChild(column)!.data[0];
    const values = (column === 'ids' ? table.children[0] : table).values as Uint8Array;
    const width = column === 'ids' ? 8 : values.BYTES_PER_ELEMENT;
    new Uint8Array(values.buffer, values.byteOffset)[row * width] ^= 1;
    writeFileSync(file, copy);
  }

  test('have one for each 2,048 rows of a file', async () => {
    const {
      parts: {
        train: {files},
      },
    } = await readManifest(shards);
    expect(files.map(({rows, checksums}) => [rows, checksums!.length])).toEqual([
      [4500, 3 * 16],
      [500, 16],
    ]);
  });

  test.each([
    ['ids', 0, '1 to 2048'],
    ['ids', 2047, '1 to 2048'],
    ['ids', 4499, '4097 to 4500'],
    ['label', 2048, '2049 to 4096'],
    ['weight', 3000, '2049 to 4096'],
  ] as const)('one bit of %s in row %i', async (column, row, rows) => {
    damage(column, row);
    await expect(read()).rejects.toThrow(
      `openShards: reading failed: ${file} is damaged: rows ${rows} do not have the checksum of the manifest. ` +
        'Copy or encode the data again.',
    );
  });

  test.each([1, 100, 3000, 4096])('blocks of %i rows', async blockRows => {
    const whole = await read();
    expect(await read({blockRows})).toEqual(whole);
    damage('ids', 4100);
    await expect(read({blockRows, seed: 1})).rejects.toThrow(`${file} is damaged: rows 4097 to 4500`);
  });

  test('a training that begins behind the damage does not see it', async () => {
    const whole = await read();
    damage('ids', 5);
    expect(await read({fromStep: 4, blockRows: 1})).toEqual(whole.slice(4));
  });
});

describe('shards without checksums', () => {
  const sizes = [3, 5, 2];
  /** Rows of one field, one with padding, and one that no layer reads. */
  function write(change: (rows: {ids: Int32Array; labels: Float32Array; weights: Float32Array}) => void): void {
    const rows = {
      ids: Int32Array.from({length: 4 * 100}, (_, i) => (i % 4 === 2 && i % 8 > 4 ? -1 : i % 2)),
      labels: new Float32Array(100),
      weights: new Float32Array(100).fill(2),
    };
    rows.labels[1] = 1;
    change(rows);
    shards = path.join(folder, 'foreign');
    writeShards(
      shards,
      {
        train: {
          fields: [
            {name: 'a', size: sizes[0]},
            {name: 'b', size: sizes[1], width: 2},
            {name: 'c', size: sizes[2], ignored: true},
          ],
          ...rows,
        },
      },
      {fileRows: 60, chunkRows: 25, checksums: false},
    );
  }

  test('whose values are all in range', async () => {
    write(({ids}) => {
      ids[3] = 99;
    });
    expect((await read({batchSize: 100}))[0].ids[3]).toBe(99);
  });

  const field = (name: string, range: string) => `the field ${JSON.stringify(name)} has ids ${range}`;
  test.each<[string, Parameters<typeof write>[0], string, string]>([
    [
      'an id that is too large',
      ({ids}) => {
        ids[4 * 77] = 3;
      },
      'train-00001.arrow',
      `row 18: the id 3, but ${field('a', '0 to 2')}`,
    ],
    [
      'padding where none may be',
      ({ids}) => {
        ids[4 * 7] = -1;
      },
      'train-00000.arrow',
      `row 8: the id -1, but ${field('a', '0 to 2')}`,
    ],
    [
      'an id below padding',
      ({ids}) => {
        ids[4 * 59 + 2] = -2;
      },
      'train-00000.arrow',
      `row 60: the id -2, but ${field('b', '0 to 4, and -1 as padding')}`,
    ],
    [
      'a label that is none',
      ({labels}) => {
        labels[60] = 0.5;
      },
      'train-00001.arrow',
      'row 1: the label 0.5, but labels are 0 or 1',
    ],
    [
      'a label that is not a number',
      ({labels}) => {
        labels[3] = NaN;
      },
      'train-00000.arrow',
      'row 4: the label NaN, but labels are 0 or 1',
    ],
    [
      'a negative weight',
      ({weights}) => {
        weights[99] = -1;
      },
      'train-00001.arrow',
      'row 40: the weight -1, but weights are finite and at least 0',
    ],
    [
      'an infinite weight',
      ({weights}) => {
        weights[0] = Infinity;
      },
      'train-00000.arrow',
      'row 1: the weight Infinity, but weights are finite and at least 0',
    ],
  ])('%s', async (_, change, name, what) => {
    write(change);
    await expect(read()).rejects.toThrow(
      `openShards: reading failed: ${path.join(shards, name)}, ${what}. Write the file again, or correct the manifest.`,
    );
  });
});

test('a window of blocks must fit into 4 GiB', () => {
  const manifest: Manifest = {
    format: 'tfjs-autofis-shards',
    version: 1,
    schemaHash: null,
    fields: [{name: 'a', size: 2, width: 100}],
    columns: 100,
    weights: false,
    parts: {train: {rows: 1e9, positives: 0, files: [{name: 'a.arrow', rows: 1e9, positives: 0}]}},
  };
  const large = new Shards(folder, 'train', manifest, [{rows: 1e9, labelType: 'uint8', chunks: []}]);
  expect(() => large.batches({batchSize: 1, blockRows: 164_450})).not.toThrow();
  expect(() => large.dataset({batchSize: 1, blockRows: 164_451})).toThrow(
    'Shards.dataset: `blockRows` must be at most 164450: 64 blocks of rows with 100 ids must fit into 4 GiB. ' +
      'Received: 164451.',
  );
});
