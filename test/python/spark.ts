/**
 * Prepares all rows of the public data sets by Spark, in two workers, and compares them with what `prepare` writes; and
 * runs the tests of python/tests/cluster in which workers and executors are killed, and that of a bucket: `npm run
 * test:spark`. On its first run it installs Spark into an environment of its own. Without Java it says so and does
 * nothing.
 */
import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {providePython, sparkPackages} from '../../benchmarks/environment';
import {checkShards, clusterTest} from './cluster_shards';
import {runPython} from './environment';

async function main(): Promise<void> {
  if (process.env['JAVA_HOME'] === undefined && spawnSync('java', ['-version']).error !== undefined) {
    console.log('Spark: skipped, since this machine has no Java. On Debian: apt-get install default-jre-headless');
    return;
  }
  const {python, problem} = await providePython(sparkPackages, line => console.log(line));
  if (problem !== null) throw new Error(`Spark cannot be installed: ${problem}`);
  const folder = mkdtempSync(path.join(tmpdir(), 'autofis-spark-'));
  try {
    await checkShards(python, 'spark', folder);
    for (const name of ['test_spark', 'test_s3']) console.log(await runPython(python, clusterTest(name)));
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
