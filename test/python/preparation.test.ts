import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {encode, prepare} from 'tfjs-autofis/data';
import type {Schema} from '../../src/schema/schema';
import type {Split} from '../../src/schema/split';
import {emptyFolder, sharedFolder} from '../helpers/folders';
import {sharedData} from '../helpers/shared_data';
import {dataSets, queryOf, writeParquet, writeThinned} from './data_sets';
import {describeInPython, providedPython, runPytest, runPython} from './environment';
import {writeHardValues} from './hard_values';
import {shardDifferences} from './shard_rows';

const folder = emptyFolder();
const at = (...names: string[]) => path.join(folder, ...names);

/** The arguments of the command that prepares Parquet files, in its own process and no other. */
function prepareArguments(source: string[], schema: Schema, out: string, split: Split): string[] {
  const file = `${out}.json`;
  writeFileSync(file, JSON.stringify(schema));
  const options = {schema: file, folder: out, engine: 'local', 'rows-per-shard': '4000'};
  const args = Object.entries(options).flatMap(([key, value]) => [`--${key}`, value]);
  return ['prepare', ...args, '--split', JSON.stringify(split), '--source', ...source];
}

/** Runs commands of the Python package, one after another, after one start of Python. */
async function runCommands(commands: string[][]): Promise<void> {
  const lines = [
    'import json, sys',
    'from tfjs_autofis.__main__ import main',
    'for sys.argv[1:] in json.loads(sys.argv[1]):',
    '    main()',
  ];
  await runPython(providedPython()!, ['-c', lines.join('\n'), JSON.stringify(commands)]);
}

describeInPython('preparation in Python', () => {
  it('and graphs of rules encode as RowEncoder does here', async () => {
    writeHardValues(folder);
    await runPytest(['tests/data'], {AUTOFIS_ROWS: folder});
  });

  const present = dataSets.flatMap(dataSet => {
    const file = sharedData(dataSet.file);
    return file === undefined ? [] : [{...dataSet, file}];
  });
  (present.length === 0 ? it.skip : it)('has the ids of `prepare` on rows of public data sets', async () => {
    const commands: string[][] = [];
    const encoded: string[] = [];
    for (const dataSet of present) {
      const {title, file, schema, split} = dataSet;
      const [thinned, source] = [at(`${title}.txt`), at(`${title}.parquet`)];
      writeThinned(dataSet, file, thinned);
      await writeParquet(source, queryOf(dataSet, thinned));
      const options = {schema, split, progress: false as const};
      const {fitted} = await prepare({source, folder: at(`${title} here`), ...options});
      commands.push(prepareArguments([source], schema, at(`${title} there`), split));
      // All rows by the vocabulary of the training rows, read as text here and by their types there.
      const sql = queryOf(dataSet, thinned, true);
      await encode({source: {sql}, fitted, folder: at(`${title} all`), progress: false});
      encoded.push(source, at(`${title} all`));
    }
    await runCommands(commands);
    for (const {title} of present)
      expect([title, ...(await shardDifferences(at(`${title} there`), at(`${title} here`)))]).toEqual([title]);
    await runPython(providedPython()!, ['tests/data/encode_all.py', ...encoded]);
  });

  const tables = sharedFolder();
  let source: string[];
  beforeAll(async () => {
    source = [0, 1, 2].map(i => path.join(tables, `rows-${i}.parquet`));
    for (const [i, file] of source.entries()) {
      const n = `(n + ${1000 * i})`;
      const day = `DATE '2014-10-21' + (${n} // 500)::INTEGER`;
      await writeParquet(
        file,
        `SELECT ${n} AS n, n % 3 = 0 AS y, ['a', 'b', 'c', 'd'][n % 4 + 1] AS part, ${day} AS day, ` +
          `strftime(${day}, '%d.%m.%Y') AS written, CASE WHEN n % 7 > 0 THEN n / 8 END AS x, ` +
          `[n % 5, n % 3] AS items, n % 10 / 4 AS w FROM range(1000) AS numbers(n)`,
      );
    }
  });

  const splits: Array<[string, Split]> = [
    ['fraction', {by: 'fraction', valid: 0.2, test: 0.1, seed: 4_294_967_299}],
    ['order', {by: 'order', valid: 0.15, test: 0.25}],
    ['group', {by: 'group', column: 'day', valid: 0.3, test: 0.3, seed: 2}],
    ['file', {by: 'file', train: ['rows-0.parquet', 'rows-2.parquet'], test: ['rows-1.parquet']}],
    ['column', {by: 'column', column: 'part', train: ['a', 'b'], valid: ['c']}],
    ['numbers', {by: 'time', column: 'n', validFrom: 1500, testFrom: 2000.5, until: 2900}],
    ['texts', {by: 'time', column: 'day', testFrom: '2014-10-25'}],
    ['dates', {by: 'time', column: 'day', format: 'iso', validFrom: '2014-10-24', testFrom: '2014-10-26 12:00'}],
    ['other dates', {by: 'time', column: 'written', format: '%d.%m.%Y', testFrom: '2014-10-25'}],
  ];

  it('splits as `prepare` does', async () => {
    const schema: Schema = {
      version: 1,
      label: {column: 'y'},
      weight: {column: 'w'},
      fields: [
        {type: 'categorical', name: 'x', column: 'x', maxSize: 40},
        {type: 'numeric', name: 'bins', column: 'x', buckets: 7},
        {type: 'multiValued', name: 'items', column: 'items', separator: '/', width: 2, minCount: 500},
        {type: 'dateTime', name: 'weekday', column: 'day', part: 'weekday'},
      ],
    };
    const commands = splits.map(([name, split]) => prepareArguments(source, schema, at(`${name} there`), split));
    await runCommands(commands);
    for (const [name, split] of splits) {
      await prepare({source, schema, split, folder: at(`${name} here`), progress: false});
      expect([name, ...(await shardDifferences(at(`${name} there`), at(`${name} here`)))]).toEqual([name]);
    }
  });
});
