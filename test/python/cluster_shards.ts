import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {prepare} from 'tfjs-autofis/data';
import {sharedData} from '../helpers/shared_data';
import {dataSets, flights, type ParquetData, queryOf, writeParquet} from './data_sets';
import {runPython} from './environment';
import {shardDifferences} from './shard_rows';

/** Prepares all rows of the public data sets by an engine in two workers, and compares them with those of `prepare`. */
export async function checkShards(python: string, engine: 'ray' | 'spark', folder: string): Promise<void> {
  for (const [i, dataSet] of dataSets.entries()) {
    const {title, file: name} = dataSet;
    const file = sharedData(name);
    if (file === undefined) {
      console.log(`${title}: skipped, since ${name} is not there`);
      continue;
    }
    const source = path.join(folder, `${i}.parquet`);
    await writeParquet(source, queryOf(dataSet, file));
    await checkOne(python, engine, folder, {...dataSet, source});
  }
  await checkOne(python, engine, folder, flights);
}

/** Compares one data set, a Parquet file. */
async function checkOne(
  python: string,
  engine: string,
  folder: string,
  {title, source, schema, split}: ParquetData,
): Promise<void> {
  const [here, there, file] = [`here ${title}`, `there ${title}`, 'schema.json'].map(name => path.join(folder, name));
  const {manifest} = await prepare({source, schema, split, folder: here, progress: false});
  writeFileSync(file, JSON.stringify(schema));
  const args = ['--engine', engine, '--workers', '2', '--rows-per-shard', '25000', '--split', JSON.stringify(split)];
  const files = ['--source', source, '--schema', file, '--folder', there];
  await runPython(python, ['-m', 'tfjs_autofis', 'prepare', ...args, ...files]);
  const differences = await shardDifferences(there, here);
  if (differences.length > 0) throw new Error(`${title}: shards by ${engine} differ: ${differences.join('; ')}`);
  const rows = Object.values(manifest.parts).reduce((sum, part) => sum + part.rows, 0);
  console.log(`${title}: ${rows} rows of ${manifest.columns} ids, 0 different`);
}

/** Arguments of Python that run a file of python/tests/cluster. */
export function clusterTest(name: string): string[] {
  return ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', `tests/cluster/${name}.py`];
}
