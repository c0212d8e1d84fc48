/**
 * Prepares all rows of the public data sets by Ray, in two worker processes, and compares them with what `prepare`
 * writes; trains on Adult by one worker and by two, and writes benchmarks/results/ray_training.json and the table in
 * docs/cluster.md; and runs python/tests/ray, in which workers are killed: `npm run test:ray`. On its first run it
 * installs Ray and TensorFlow into an environment of its own.
 */
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {prepare} from 'tfjs-autofis/data';
import {providePython, rayPackages} from '../../benchmarks/environment';
import {sharedData} from '../helpers/shared_data';
import {dataSets, queryOf, writeParquet} from './data_sets';
import {runPython} from './environment';
import {publishTraining, writeTraining} from './ray_training';
import {shardDifferences} from './shard_rows';

async function main(): Promise<void> {
  const {python, problem} = await providePython(rayPackages, line => console.log(line));
  if (problem !== null) throw new Error(`Ray cannot be installed: ${problem}`);
  const folder = mkdtempSync(path.join(tmpdir(), 'autofis-ray-'));
  const at = (name: string) => path.join(folder, name);
  try {
    for (const [i, dataSet] of dataSets.entries()) {
      const {title, file: name, schema, split} = dataSet;
      const file = sharedData(name);
      if (file === undefined) {
        console.log(`${title}: skipped, since ${name} is not there`);
        continue;
      }
      const [source, here, there] = [at(`${i}.parquet`), at(`here-${i}`), at(`there-${i}`)];
      await writeParquet(source, queryOf(dataSet, file));
      const {manifest} = await prepare({source, schema, split, folder: here, progress: false});
      writeFileSync(at('schema.json'), JSON.stringify(schema));
      const args = ['--engine', 'ray', '--workers', '2', '--rows-per-shard', '25000', '--split', JSON.stringify(split)];
      const files = ['--source', source, '--schema', at('schema.json'), '--folder', there];
      await runPython(python, ['-m', 'tfjs_autofis', 'prepare', ...args, ...files]);
      const differences = await shardDifferences(there, here);
      if (differences.length > 0) throw new Error(`${title}: Ray's shards differ from ours: ${differences.join('; ')}`);
      const rows = Object.values(manifest.parts).reduce((sum, part) => sum + part.rows, 0);
      console.log(`${title}: ${rows} rows of ${manifest.columns} ids, 0 different`);
    }
    const pytest = (test: string) => ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', `tests/ray/${test}.py`];
    console.log(await runPython(python, pytest('test_ray')));
    if (await writeTraining(at('training'))) {
      console.log(await runPython(python, pytest('test_train'), {AUTOFIS_TRAINING: at('training')}));
      await publishTraining(at('training'));
    } else {
      console.log('training: skipped, since adult.csv.gz is not there');
    }
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
