import {writeFileSync} from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import {openShards} from '../../../src/data/shards/open_shards';
import {Shards} from '../../../src/data/shards/shards';
import type {ShardBatch} from '../../../src/data/shards/prefetch';
import {schemaHash} from '../../../src/schema/vocabulary';
import {everyRule} from '../../helpers/fitted';
import {emptyFolder} from '../../helpers/folders';
import {ShardRows, writeShards} from '../../helpers/shards';

const folder = emptyFolder();

/** Rows that tell their number: ids [row % 1000, row // 1000], label row % 2, weight row / 4. */
function numbered(rows: number, labels: ShardRows['labels'] = new Float32Array(rows)): ShardRows {
  const ids = new Int32Array(2 * rows);
  for (let row = 0; row < rows; row++) {
    ids.set([row % 1000, Math.floor(row / 1000)], 2 * row);
    labels[row] = row % 2;
  }
  return {
    fields: [
      {name: 'a', size: 1000},
      {name: 'b', size: 1000},
    ],
    ids,
    labels,
    weights: Float32Array.from({length: rows}, (_, row) => row / 4),
  };
}

const numberOf = (ids: Int32Array, i: number) => ids[2 * i] + 1000 * ids[2 * i + 1];

async function all(stream: AsyncIterable<ShardBatch>): Promise<ShardBatch[]> {
  const batches: ShardBatch[] = [];
  for await (const batch of stream) batches.push(batch);
  return batches;
}

test('what a part holds', async () => {
  const {labels: _, ...rows} = numbered(10);
  writeShards(
    folder,
    {train: {...rows, labels: Float32Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0])}, test: numbered(3)},
    {fileRows: 4},
  );
  const train = await openShards(folder);
  expect(train).toMatchObject({
    columns: 2,
    rows: 10,
    positives: 2,
    weights: true,
    schemaHash: null,
    counts: undefined,
    fields: rows.fields,
  });
  expect((await openShards(folder, {part: 'test'})).rows).toBe(3);
  expect(train.stepsPerEpoch(4)).toBe(3);
});

test.each([
  ['float32', Float32Array],
  ['uint8', Uint8Array],
  ['int8', Int8Array],
] as const)('without a seed rows come as they stand, labels as %s', async (_, Labels) => {
  writeShards(folder, {train: numbered(103, new Labels(103))}, {fileRows: 40, chunkRows: 7});
  const batches = await all((await openShards(folder)).batches({batchSize: 25, blockRows: 9}));
  expect(batches.map(({rows}) => rows)).toEqual([25, 25, 25, 25, 3]);
  const numbers = batches.flatMap(({ids, rows}) => Array.from({length: rows}, (__, i) => numberOf(ids, i)));
  expect(numbers).toEqual([...Array(103).keys()]);
  expect(batches.flatMap(({labels}) => [...labels])).toEqual(numbers.map(row => row % 2));
  expect(batches.flatMap(({weights}) => [...weights!])).toEqual(numbers.map(row => row / 4));
});

test('every row comes once an epoch, with its own label and weight', async () => {
  writeShards(folder, {train: numbered(500)}, {fileRows: 130, chunkRows: 50});
  const batches = await all((await openShards(folder)).batches({batchSize: 64, seed: 3, epochs: 2, blockRows: 3}));
  expect(batches).toHaveLength(16);
  const epochs = [batches.slice(0, 8), batches.slice(8)].map(epoch =>
    epoch.flatMap(({ids, labels, weights, rows}) =>
      Array.from({length: rows}, (_, i) => {
        const row = numberOf(ids, i);
        expect([labels[i], weights![i]]).toEqual([row % 2, row / 4]);
        return row;
      }),
    ),
  );
  expect(epochs[0]).not.toEqual(epochs[1]);
  for (const epoch of epochs) {
    expect(epoch.slice(0, 20)).not.toEqual([...epoch].sort((a, b) => a - b).slice(0, 20));
    expect(epoch.sort((a, b) => a - b)).toEqual([...Array(500).keys()]);
  }
});

test('from step k on the batches are those of a stream from the start', async () => {
  writeShards(folder, {train: numbered(90)}, {fileRows: 40});
  const shards = await openShards(folder);
  const whole = new Map<number, ShardBatch[]>();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(1, 7, 16, 200), fc.nat(20), async (batchSize, k) => {
      const options = {batchSize, seed: 5, epochs: 3, blockRows: 1};
      if (!whole.has(batchSize)) whole.set(batchSize, await all(shards.batches(options)));
      const rest = await all(shards.batches({...options, fromStep: k}));
      expect(rest).toEqual(whole.get(batchSize)!.slice(k));
    }),
    {seed: 4, numRuns: 12},
  );
});

test('a stream that is left ends its thread, one that nobody reads starts none', async () => {
  writeShards(folder, {train: numbered(1000)});
  const shards = await openShards(folder);
  shards.batches({batchSize: 10});
  let first: ShardBatch | null = null;
  for await (const batch of shards.batches({batchSize: 10, epochs: 100})) {
    first = batch;
    break;
  }
  expect(first!.rows).toBe(10);
  // Two streams at once do not disturb each other.
  const [a, b] = await Promise.all([1, 2].map(seed => all(shards.batches({batchSize: 300, seed}))));
  expect(a.map(({rows}) => rows)).toEqual([300, 300, 300, 100]);
  expect(a).not.toEqual(b);
});

test('the schema that made the ids', async () => {
  const fitted = everyRule();
  const hash = schemaHash(fitted);
  const file = path.join(folder, 'schema.json');
  writeShards(folder, {train: numbered(10)}, {schemaHash: hash});
  const shards = await openShards(folder);
  await expect(shards.fitted()).rejects.toThrow(`Shards.fitted: ${file} cannot be read`);
  writeFileSync(file, JSON.stringify(fitted));
  expect(await shards.fitted()).toEqual(fitted);
  writeFileSync(file, JSON.stringify({...fitted, rows: 5}));
  await expect(shards.fitted()).rejects.toThrow(`, but the ids were made with ${hash}. Encode the data again.`);
  writeFileSync(file, '{');
  await expect(shards.fitted()).rejects.toThrow('is damaged');
  writeShards(folder, {train: numbered(10)});
  expect(await (await openShards(folder)).fitted()).toBeNull();
});

describe('options', () => {
  let shards: Shards;
  beforeEach(async () => {
    writeShards(folder, {train: numbered(10)}, {schemaHash: 'abc'});
    shards = await openShards(folder, {schemaHash: 'abc'});
  });

  test.each([
    [{batchSize: 0}, '`batchSize` must be an integer >= 1. Received: 0'],
    [{batchSize: 1, seed: 0.5}, '`seed` must be an integer. Received: 0.5'],
    [{batchSize: 1, epochs: 0}, '`epochs` must be an integer >= 1'],
    [{batchSize: 1, fromStep: -1}, '`fromStep` must be an integer >= 0'],
    [{batchSize: 1, blockRows: 0}, '`blockRows` must be an integer >= 1'],
    [{batchSize: 1, shuffle: true}, '`shuffle` must not be given'],
  ])('%j', (options, message) => {
    expect(() => shards.batches(options)).toThrow(message);
  });

  test('of opening', async () => {
    await expect(openShards(folder, {part: 'tset'})).rejects.toThrow('`part` must be one of "train". Received: "tset"');
    await expect(openShards(folder, {schemaHash: 'other'})).rejects.toThrow(
      'made with another schema (hash abc, wanted other)',
    );
    await expect(openShards(folder, {parts: 1} as never)).rejects.toThrow('`parts` must not be given');
    await expect(openShards(5 as never)).rejects.toThrow('`folder` must be the path of a folder. Received: 5');
  });
});
