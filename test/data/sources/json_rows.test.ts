import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {inferSchema, prepare} from 'tfjs-autofis/data';
import {rawRows} from '../../../src/cli/steps/raw_rows';
import type {FieldRule} from '../../../src/schema/schema';
import {fittedSchema} from '../../helpers/fitted';
import {emptyFolder} from '../../helpers/folders';

const folder = emptyFolder();
const at = (name: string) => path.join(folder, name);

const write = (name: string, rows: readonly object[]) =>
  writeFileSync(at(name), `${rows.map(row => JSON.stringify(row)).join('\n')}\n`);
const row = (i: number) => ({y: i % 2, site: `s${i % 9}`});

it('keys that first occur in late rows, or in another file, are columns', async () => {
  const late = (i: number) => ({...row(i), kind: `k${i % 3}`, tags: [`t${i % 4}`, 'x, y']});
  write(
    'day-1.jsonl',
    Array.from({length: 21_000}, (_, i) => (i < 20_500 ? row(i) : late(i))),
  );
  write(
    'day-2.jsonl',
    Array.from({length: 2000}, (_, i) => ({...late(i), city: `c${i % 5}`})),
  );
  const source = at('day-*.jsonl');
  const {schema, split} = await inferSchema({source, label: 'y', progress: false});
  expect(schema.fields.map(({name, type}) => `${name}: ${type}`)).toEqual([
    'site: categorical',
    'kind: categorical',
    'tags: multiValued',
    'city: categorical',
  ]);
  const {fitted} = await prepare({source, schema, split, folder: at('shards'), progress: false});
  expect(fitted.fields.map(({values}) => values!.length)).toEqual([9, 3, 5, 5]);
  expect(fitted.fields[2].values).toContain('x, y');

  const rows: unknown[] = [];
  for await (const some of rawRows({source, name: 'days'}, fitted, false)) rows.push(...some);
  expect([rows[0], rows[22_999]]).toEqual([
    {site: 's0', kind: null, tags: null, city: null},
    {site: 's1', kind: 'k1', tags: ['t3', 'x, y'], city: 'c4'},
  ]);
});

it('a column that no row has is an error that lists the late ones', async () => {
  write(
    'x.jsonl',
    Array.from({length: 20_001}, (_, i) => (i < 20_000 ? row(i) : {...row(i), late: 1})),
  );
  const fields: FieldRule[] = [{type: 'categorical', name: 'a', column: 'absent'}];
  await expect(
    prepare({
      source: at('x.jsonl'),
      schema: {version: 1, label: {column: 'y'}, fields},
      folder: at('shards'),
      progress: false,
    }),
  ).rejects.toThrow(`${at('x.jsonl')} has no column "absent". It has "y", "site", "late".`);
});

it('a row that is too long is named by file and line', async () => {
  const file = at('long.jsonl');
  writeFileSync(file, `${JSON.stringify(row(0))}\n{"y": 1, "site": "${'x'.repeat(36 * 2 ** 20)}"}\n`);
  const message =
    `${file}, line 2: the row has more than 16 MB, which is not read. Shorten the row or leave it out. If it holds ` +
    'the table itself, write a line for each row, in pandas by to_json(FILE, orient="records", lines=True).';
  await expect(inferSchema({source: file, label: 'y', progress: false})).rejects.toThrow(`inferSchema: ${message}`);
  const fitted = fittedSchema([{rule: {type: 'categorical', name: 'site', column: 'site'}, values: []}]);
  await expect(rawRows({source: file, name: file}, fitted, false).next()).rejects.toThrow(`read: ${message}`);
});
