import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import type {EncodeResult} from '../../src/cli/steps/encode';
import {cli} from '../helpers/cli';
import {datedClicks} from '../helpers/dated_clicks';
import {fileWriter, sharedFolder} from '../helpers/folders';
import {captureWarnings} from '../helpers/search';

captureWarnings();
const base = sharedFolder();
const written = fileWriter(base);
let clicks: string;
beforeAll(() => {
  clicks = table('clicks.csv');
});

const table = (name: string, ...dayOf: Parameters<typeof datedClicks>) => written(name, datedClicks(...dayOf));

it('takes the only column of dates, says so with its flags, and keeps its month out of the fields', async () => {
  const out = path.join(base, 'schema.json');
  const flags = ['--label', 'clicked', '--split', 'time', '--write-schema', out];
  const {code, stdout, stderr} = await cli('encode', clicks, ...flags);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  expect(stdout).toMatch(
    /^day +time of the rows +it is the only column of dates +time by another column +--time-column 'COLUMN'$/m,
  );
  expect(stdout).toMatch(
    /^\(rows\) +the last day is test \(from 2014-10-05, 1000 rows\), the 1 day before it validation \(from 2014-10-04\) +it is the shortest of day, week, month and year with 1,000 rows in each test +parts by weeks +--period 'week'$/m,
  );
  expect(stdout).toMatch(/^day +date %-d\.%-m\.%Y: weekday /m);
  const {schema, split} = JSON.parse(readFileSync(out, 'utf8')) as {
    schema: {fields: Array<{name: string}>};
    split: object;
  };
  expect(schema.fields.map(({name}) => name)).toEqual(['site', 'hour', 'device', 'day']);
  expect(split).toEqual({
    by: 'time',
    column: 'day',
    format: '%-d.%-m.%Y',
    validFrom: '2014-10-04',
    testFrom: '2014-10-05',
  });
});

it('splits by numbers that are named, which are then no field, and a schema that has another split', async () => {
  const numbered = table('numbered.csv', day => String(100 - day));
  const inside = ['--split', 'time', '--time-column', 'day', '--quiet', '--json'];
  const encode = async (name: string, ...args: string[]) => {
    const {stdout, stderr} = await cli('encode', ...args, '--folder', path.join(base, name), ...inside);
    expect(stderr).toBe('');
    return JSON.parse(stdout) as EncodeResult;
  };
  const {parts, fields, assumptions} = await encode('numbers', numbered, '--label', 'clicked');
  expect(Object.values(parts).map(({rows}) => rows)).toEqual([6000, 1000, 1000]);
  expect(fields.map(({name}) => name)).toEqual(['site', 'hour', 'device']);
  expect(assumptions).toContainEqual(
    expect.objectContaining({column: 'day', reading: 'left out', why: 'rows are split by it'}),
  );
  const schema = path.join(base, 'drawn.json');
  expect((await cli('encode', clicks, '--label', 'clicked', '--write-schema', schema)).code).toBe(0);
  const again = await encode('given', clicks, '--schema', schema);
  expect(Object.values(again.parts).map(({rows}) => rows)).toEqual([6000, 1000, 1000]);
  expect(again.assumptions.map(({alternative}) => alternative?.option)).toEqual(['timeColumn', 'period']);
});

describe('run --split time --rolling', () => {
  it('finds a day without clicks before it trains', async () => {
    const folder = path.join(base, 'quiet');
    const lines = readFileSync(clicks, 'utf8').split('\n');
    const quiet = written('quiet.csv', lines.map(line => line.replace(/^1(.*03\.10\.2014)$/, '0$1')).join('\n'));
    const args = ['--label', 'clicked', '--split', 'time', '--rolling', '3', '--effort', 'quick', '--quiet'];
    const {code, stderr} = await cli('run', quiet, ...args, '--folder', folder);
    expect([code, stderr]).toEqual([
      2,
      `error: ${quiet}: all 1000 rows for test (from 2014-10-03) have the label 0, so AUC is undefined. Give fewer ` +
        'steps of --rolling, a longer --period, or another --time-column.\n',
    ]);
    expect(readdirSync(folder).sort()).toEqual(['data', 'encode', 'rolling']);
  });
});

it.each<[string, () => string[], string]>([
  [
    'a table without dates',
    () => [table('undated.csv', day => `d${day}`), '--split', 'time'],
    'no column holds dates to split rows by. Name a column of dates or of numbers with --time-column.',
  ],
  [
    'two columns of dates',
    () => [
      written(
        'two.csv',
        `clicked,made,shown,x\n${Array.from({length: 9}, (_, i) => `${i % 2},2014-10-0${i + 1},2014-11-0${i + 1},${i % 4}\n`).join('')}`,
      ),
      '--split',
      'time',
    ],
    'made, shown hold dates. Name the one that rows are split by as --time-column.',
  ],
  [
    'a column of times that are not all dates',
    () => [
      table('mixed.csv', day => (day === 1 ? 'soon' : `2014-10-0${day + 1}`)),
      '--split',
      'time',
      '--time-column',
      'day',
    ],
    '--time-column must hold dates of one form, or numbers. day does not: 1000 of its 8000 values, ' +
      'such as "soon", are not dates of the form ISO 8601. Name the form, ' +
      'as in --as day=date:%d.%m.%Y; rows of other values can then be left out as rejects.',
  ],
  [
    'a flag without the split',
    () => [clicks, '--period', 'day'],
    '--period is for --split time. Give both, or leave it out.',
  ],
  [
    'two kinds of split',
    () => [clicks, '--split', 'time', '--split-column', 'none'],
    'rows are split by --split time or by --split-column. Give one of them.',
  ],
])('%s: an error', async (_, args, message) => {
  const flags = ['--label', 'clicked', '--write-schema', path.join(base, 'none.json'), '--quiet'];
  const {code, stderr} = await cli('encode', ...args(), ...flags);
  expect([code, stderr]).toEqual([2, `error: ${message}\n`]);
});

it('names the rows whose date cannot be read, and leaves them out where that is allowed', async () => {
  const mixed = written('late.csv', `${readFileSync(clicks, 'utf8')}1,s1,2,d1,31.02.2014\n`);
  const args = [mixed, '--label', 'clicked', '--split', 'time', '--time-column', 'day', '--as', 'day=date:%d.%m.%Y'];
  const encode = (...more: string[]) => cli('encode', ...args, '--folder', path.join(base, 'late'), '--quiet', ...more);
  const {code, stderr} = await encode();
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining('late.csv, line 8002, column "day": "31.02.2014" is not a date of the form "%d.%m.%Y"'),
  ]);
  const left = await encode('--max-rejects', '1', '--json');
  expect(JSON.parse(left.stdout)).toMatchObject({rejects: 1, parts: {test: {rows: 1000}}});
});
