import {readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {prepare, type PrepareOptions} from '../../../src/data/prepare';
import type {Source} from '../../../src/data/sources/source';
import type {FieldRule, Schema} from '../../../src/schema/schema';
import type {Split} from '../../../src/schema/split';
import {emptyFolder} from '../../helpers/folders';

const folder = emptyFolder();

/** All files that a preparation writes, by their names. */
async function prepared(
  source: Source,
  schema: Schema,
  options: Partial<PrepareOptions> = {},
): Promise<Record<string, string>> {
  const out = path.join(folder, 'shards');
  rmSync(out, {recursive: true, force: true});
  await prepare({source, schema, folder: out, rowsPerShard: 7, progress: false, ...options});
  return Object.fromEntries(readdirSync(out).map(name => [name, readFileSync(path.join(out, name), 'base64')]));
}

function file(name: string, text: string): string {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
}

it.each<[string, Schema['label'] & object, string[], string]>([
  [
    'words',
    {column: 'y', positive: ['yes', 'ja'], negative: ['no', "doesn't"]},
    ['yes', 'no', "doesn't", 'ja'],
    'labels are "no" and "doesn\'t" and "yes" and "ja"',
  ],
  ['a comparison', {column: 'y', comparison: '>=', threshold: 0.1}, ['0.1', '0.09', '-3', '1e2'], 'labels are numbers'],
])('labels by %s are counted, and a wrong one is named', async (_what, label, values, words) => {
  const schema: Schema = {version: 1, label, fields: two('a')};
  const text = `a,y\n${values.map((value, i) => `p${i},${value}\n`).join('')}`;
  const made = (content: string) => prepared(file('x.csv', content), schema);
  expect(JSON.parse(Buffer.from((await made(text))['manifest.json'], 'base64').toString())).toMatchObject({
    parts: {train: {rows: 4, positives: 2}},
  });
  await expect(made(`${text}q,maybe\n`)).rejects.toThrow(`x.csv, line 6, column "y": "maybe" is not a label: ${words}`);
});

const two = (name: string): FieldRule[] => [
  {type: 'categorical', name: 'a', column: name},
  {type: 'multiValued', name: 'items', column: name, separator: '|', width: 2},
];

it.each<[string, string, {field?: string; file?: string; separator?: string; values?: string[]}?]>([
  ['a column without a name, as pandas writes its index', ',a,y\n0,p,1\n1,q,0\n'],
  ['two columns without a name', 'a,,y,\np,1,1,\nq,2,0,\n', {field: 'column 2', values: ['1', '2']}],
  ['a column that is called like one of DuckDB', 'filename,y\np,1\nq,0\n', {field: 'filename'}],
  ['a byte order mark within', 'a,y\np,1\n\ufeffp,0\n', {values: ['p', '\ufeffp']}],
  ['the separator of Hive', 'a\x01y\np\x011\nq\x010\n', {separator: '\x01'}],
  ['a backslash in the name of a file', 'a,y\np,1\nq,0\n', {file: 'x\\y.csv'}],
])('%s', async (_what, text, {field = 'a', file: name = 'x.csv', separator, values = ['p', 'q']} = {}) => {
  const {fitted} = await prepare({
    source: {files: file(name, text), separator},
    schema: {version: 1, label: {column: 'y'}, fields: two(field)},
    split: {by: 'file', train: [name]},
    folder: path.join(folder, 'shards'),
    progress: false,
  });
  expect(fitted.fields.map(each => each.values)).toEqual([values, values]);
});

it('rows of weight 0 are as if they were not there', async () => {
  const schema: Schema = {version: 1, label: {column: 'y'}, weight: {column: 'w'}, fields: two('a')};
  const text = 'a,w,y\np,1,1\nz,0,1\nq,2,0\nz,0.0,0\n';
  const kept = 'a,w,y\np,1,1\nq,2,0\n';
  const made = (content: string) =>
    prepared({files: file('x.csv', content)}, schema, {split: {by: 'file', train: ['x.csv']}});
  expect(await made(text)).toEqual(await made(kept));
});

it.each([
  [
    'a weight beyond the 32-bit numbers',
    '3,1e39,2014-10-21,1',
    {column: 'w', value: '1e39', reason: 'is not a weight: weights are 32-bit numbers >= 0'},
  ],
  ['a time that is not a number', 'soon,1,2014-10-21,1', {column: 'a', value: 'soon', reason: 'is not a number'}],
  [
    'a byte order mark before a date',
    '3,1,\ufeff2014-10-21,1',
    {column: 'd', reason: 'is not a date of the form ISO 8601'},
  ],
])('%s is rejected', async (_what, line, reject) => {
  const schema: Schema = {
    version: 1,
    label: {column: 'y'},
    weight: {column: 'w'},
    fields: [{type: 'dateTime', name: 'd', column: 'd', part: 'day'}],
  };
  const split: Split = {by: 'time', column: 'a', testFrom: 3};
  const source = file('x.csv', `a,w,d,y\n1,1,2014-10-21,1\n2,1,2014-10-22,0\n${line}\n`);
  const {rejects} = await prepare({
    source,
    schema,
    split,
    folder: path.join(folder, 'shards'),
    maxRejects: 1,
    progress: false,
  });
  expect(rejects).toMatchObject({count: 1, examples: [{file: source, line: 4, ...reject}]});
});
