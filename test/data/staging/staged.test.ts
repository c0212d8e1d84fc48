import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import {prepare, type PrepareOptions} from '../../../src/data/prepare';
import type {FileSource, Source} from '../../../src/data/sources/source';
import type {FieldRule, Schema} from '../../../src/schema/schema';
import type {Split} from '../../../src/schema/split';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-staged-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

const fields: FieldRule[] = [
  {type: 'categorical', name: 'text', column: 'text', minCount: 2, missing: ['?']},
  {type: 'categorical', name: 'few', column: 'text', maxSize: 4},
  {type: 'numeric', name: 'quantiles', column: 'number', bucketing: 'quantiles', buckets: 4, missing: ['-1']},
  {type: 'numeric', name: 'spikes', column: 'number', missing: ['-1']},
  {type: 'numeric', name: 'three spikes', column: 'number', bucketing: 'spikes', buckets: 3},
  {type: 'numeric', name: 'edges', column: 'number', bucketing: 'edges', edges: [0, 2.5]},
  {type: 'numeric', name: 'squared', column: 'number', bucketing: 'logSquared', minCount: 2},
  {type: 'categorical', name: 'number as text', column: 'number'},
  {type: 'multiValued', name: 'list', column: 'list', separator: '|', width: 2, missing: ['none']},
  {type: 'hashed', name: 'hash', column: 'text', buckets: 50, missing: ['a']},
  {type: 'dateTime', name: 'short hour', column: 'short', format: '%-m/%-d/%Y %-H:%M', part: 'hour'},
  {type: 'dateTime', name: 'weekday', column: 'day', part: 'weekday', missing: ['never']},
];
const schema: Schema = {version: 1, label: {column: 'y'}, weight: {column: 'w'}, fields};
const row = fc.record({
  text: fc.constantFrom('', '?', 'a', 'b', 'é', '😀', 'a longer text of many bytes', ' a'),
  number: fc.constantFrom('', '-1', '0', '-0', '0.5', '2.50', '1e3', '7', '1234567', '-3.25'),
  list: fc.constantFrom('', 'x', 'x|y', 'y|x|z', 'none', '|', 'w|none|w'),
  day: fc.constantFrom('', 'never', '2014-10-21', '2014-10-22 05:30:00', '2015-01-01T00:00:00Z'),
  short: fc.constantFrom('', '1/2/2014 5:30', '12/31/2014 23:59', '01/02/2014 05:30'),
  y: fc.constantFrom('0', '1', '1.0'),
  w: fc.constantFrom('0', '1', '0.25'),
  time: fc.constantFrom('', '1', '2', '10'),
});
const splits: Array<Split | undefined> = [
  undefined,
  {by: 'fraction', valid: 0.2, test: 0.3, seed: 7},
  {by: 'column', column: 'time', train: ['1', '2'], test: ['10']},
  {by: 'column', column: 'text', train: ['', 'a', 'b', 'é'], valid: ['😀'], validOfTrain: {fraction: 0.3, seed: 2}},
  {by: 'time', column: 'time', validFrom: 2, testFrom: 10},
  {by: 'time', column: 'time', testFrom: '10'},
  {by: 'file', train: ['0.csv'], test: ['1.csv']},
];

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

/** Text that only DuckDB reads. */
const forDuckDb = (text: string) => text.replaceAll('\n', '\r\n');

it('what is read in memory becomes, to the byte, what DuckDB makes of it', async () => {
  const anyRows = fc.array(row, {minLength: 12, maxLength: 40});
  await fc.assert(
    fc.asyncProperty(anyRows, fc.constantFrom(...splits), async (rows, split) => {
      // So that there are training rows of both labels, whatever the split.
      const all = [
        {...rows[0], text: 'a', time: '1', w: '1', y: '0'},
        ...rows,
        {...rows[0], text: 'a', time: '1', w: '1', y: '1'},
        ...Array.from({length: 20}, (_, i) => ({...rows[1], text: 'a', time: '1', w: '1', y: `${(i >> 1) & 1}`})),
      ];
      const lines = all.map(each => `${Object.values(each).join(',')}\n`);
      const texts = [0, 1].map(
        i => `${Object.keys(all[0]).join(',')}\n${lines.filter((_, k) => k % 2 === i).join('')}`,
      );
      const filesOf = (change: (text: string) => string) => texts.map((text, i) => file(`${i}.csv`, change(text)));
      expect(
        await prepared(
          filesOf(text => text),
          schema,
          {split},
        ),
      ).toEqual(await prepared(filesOf(forDuckDb), schema, {split}));
    }),
    {seed: 4, numRuns: 8},
  );
});

it.each<[string, Schema['label'] & object, string[], string]>([
  [
    'words',
    {column: 'y', positive: ['yes', 'ja'], negative: ['no', "doesn't"]},
    ['yes', 'no', "doesn't", 'ja'],
    'labels are "no" and "doesn\'t" and "yes" and "ja"',
  ],
  ['a comparison', {column: 'y', comparison: '>=', threshold: 0.1}, ['0.1', '0.09', '-3', '1e2'], 'labels are numbers'],
])(
  'labels by %s are the same in memory and by DuckDB, and a wrong one is named',
  async (_what, label, values, words) => {
    const schema: Schema = {version: 1, label, fields: two('a')};
    const text = `a,y\n${values.map((value, i) => `p${i},${value}\n`).join('')}`;
    const made = (content: string) => prepared(file('x.csv', content), schema);
    const inMemory = await made(text);
    expect(inMemory).toEqual(await made(forDuckDb(text)));
    expect(JSON.parse(Buffer.from(inMemory['manifest.json'], 'base64').toString())).toMatchObject({
      parts: {train: {rows: 4, positives: 2}},
    });
    await expect(made(`${text}q,maybe\n`)).rejects.toThrow(
      `x.csv, line 6, column "y": "maybe" is not a label: ${words}`,
    );
  },
);

const two = (name: string): FieldRule[] => [
  {type: 'categorical', name: 'a', column: name},
  {type: 'multiValued', name: 'items', column: name, separator: '|', width: 2},
];

it.each<[string, string, (Partial<FileSource> & {field?: string; file?: string; weight?: true})?]>([
  ['a column without a name, as pandas writes its index', ',a,y\n0,p,1\n1,q,0\n'],
  ['two columns without a name', 'a,,y,\np,1,1,\nq,2,0,\n', {field: 'column 2'}],
  ['a column that is called like one of DuckDB', 'filename,y\np,1\nq,0\n', {field: 'filename'}],
  ['a byte order mark within', 'a,y\np,1\n\ufeffp,0\n'],
  ['the separator of Hive', 'a\x01y\np\x011\nq\x010\n', {separator: '\x01'}],
  ['a backslash in the name of a file', 'a,y\np,1\nq,0\n', {file: 'x\\y.csv'}],
  ['weights as large as a 32-bit number can be', 'a,w,y\np,1e-50,1\nq,3.4028235e38,0\nr,1,1\n', {weight: true}],
])(
  '%s: the same in memory and by DuckDB',
  async (_what, text, {field = 'a', file: name = 'x.csv', weight, ...options} = {}) => {
    const schema: Schema = {
      version: 1,
      label: {column: 'y'},
      fields: two(field),
      ...(weight ? {weight: {column: 'w'}} : {}),
    };
    const made = (content: string) =>
      prepared({files: file(name, content), ...options}, schema, {split: {by: 'file', train: [name]}});
    expect(await made(text)).toEqual(await made(forDuckDb(text)));
  },
);

it('rows of weight 0 are as if they were not there, in memory and by DuckDB', async () => {
  const schema: Schema = {version: 1, label: {column: 'y'}, weight: {column: 'w'}, fields: two('a')};
  const text = 'a,w,y\np,1,1\nz,0,1\nq,2,0\nz,0.0,0\n';
  const kept = 'a,w,y\np,1,1\nq,2,0\n';
  const made = (content: string) =>
    prepared({files: file('x.csv', content)}, schema, {split: {by: 'file', train: ['x.csv']}});
  const expected = await made(kept);
  expect(await made(text)).toEqual(expected);
  expect(await made(forDuckDb(text))).toEqual(expected);
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
