import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {prepare} from 'tfjs-autofis/data';
import {sharedData} from '../helpers/shared_data';
import {dataSets, queryOf, writeParquet} from './data_sets';
import {runPython} from './environment';
import {shardDifferences} from './shard_rows';

/** Prepares all rows of the public data sets by an engine in two workers, and compares them with those of `prepare`. */
export async function checkShards(python: string, engine: 'ray' | 'spark', folder: string): Promise<void> {
  const at = (name: string) => path.join(folder, name);
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
    const args = ['--engine', engine, '--workers', '2', '--rows-per-shard', '25000', '--split', JSON.stringify(split)];
    const files = ['--source', source, '--schema', at('schema.json'), '--folder', there];
    await runPython(python, ['-m', 'tfjs_autofis', 'prepare', ...args, ...files]);
    const differences = await shardDifferences(there, here);
    if (differences.length > 0) throw new Error(`${title}: shards by ${engine} differ: ${differences.join('; ')}`);
    const rows = Object.values(manifest.parts).reduce((sum, part) => sum + part.rows, 0);
    console.log(`${title}: ${rows} rows of ${manifest.columns} ids, 0 different`);
  }
}

/** Arguments of Python that run a file of python/tests/cluster. */
export function clusterTest(name: string): string[] {
  return ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', `tests/cluster/${name}.py`];
}
