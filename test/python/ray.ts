/**
 * Prepares all rows of the public data sets by Ray, in two worker processes, and compares them with what `prepare`
 * writes; trains on Adult by one worker and by two, and writes benchmarks/results/ray_training.json and the table in
 * docs/cluster.md; and runs the tests of python/tests/cluster in which workers are killed, and that of a bucket: `npm
 * run test:ray`. On its first run it installs Ray and TensorFlow into an environment of its own.
 */
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {rayPython} from '../../benchmarks/ray/source';
import {checkShards, clusterTest} from './cluster_shards';
import {runPython} from './environment';
import {publishTraining, writeTraining} from './ray_training';

async function main(): Promise<void> {
  const python = await rayPython();
  const folder = mkdtempSync(path.join(tmpdir(), 'autofis-ray-'));
  const training = path.join(folder, 'training');
  try {
    await checkShards(python, 'ray', folder);
    for (const name of ['test_ray', 'test_s3']) console.log(await runPython(python, clusterTest(name)));
    if (await writeTraining(training)) {
      console.log(await runPython(python, clusterTest('test_train'), {AUTOFIS_TRAINING: training}));
      await publishTraining(training);
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
