import {spawnSync} from 'node:child_process';
import path from 'node:path';
import {dataPackages, providedPython} from '../../../benchmarks/environment';
import {openShards} from '../../../src/data/shards/open_shards';
import {sharedFolder} from '../../helpers/folders';

const written = sharedFolder();

/** Row n of what examples/shards/write_shards.py writes. */
const row = (n: number) => ({ids: [n % 7, (n * n) % 5, n % 3, n % 2 ? -1 : (n + 1) % 3], label: n % 4 === 0 ? 1 : 0});

async function expectExample(folder: string): Promise<void> {
  for (const [part, first, rows] of [
    ['train', 0, 100],
    ['test', 100, 30],
  ] as const) {
    const shards = await openShards(folder, {part});
    expect(shards).toMatchObject({rows, columns: 4, weights: false});
    expect(shards.fields).toEqual([
      {name: 'hour', size: 7},
      {name: 'site', size: 5},
      {name: 'genres', size: 3, width: 2, combiner: 'mean'},
    ]);
    let n = first;
    let positives = 0;
    for await (const batch of shards.batches({batchSize: 32})) {
      for (let i = 0; i < batch.rows; i++, n++) {
        expect({ids: [...batch.ids.subarray(4 * i, 4 * i + 4)], label: batch.labels[i]}).toEqual(row(n));
        positives += batch.labels[i];
      }
    }
    expect([n, positives]).toEqual([first + rows, shards.positives]);
  }
}

test('shards that PyArrow 26 wrote are read', () => expectExample(path.join(__dirname, 'pyarrow')));

test('so are those that the PyArrow of this machine writes', async () => {
  const python = providedPython(dataPackages) ?? (process.platform === 'win32' ? 'python' : 'python3');
  if (spawnSync(python, ['-c', 'import numpy, pyarrow']).status !== 0) {
    console.warn(
      `skipped: ${python} has no numpy and pyarrow here; the shards in test/data/shards/pyarrow stand for it.`,
    );
    return;
  }
  const {status, stderr} = spawnSync(python, [path.resolve('examples/shards/write_shards.py'), written], {
    encoding: 'utf8',
  });
  expect({status, stderr}).toEqual({status: 0, stderr: ''});
  await expectExample(written);
});
