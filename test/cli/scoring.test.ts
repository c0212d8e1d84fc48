import {execFileSync} from 'node:child_process';
import {existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {saveBundle} from 'tfjs-autofis/bundle';
import {fitSchema} from 'tfjs-autofis/data';
import {useBackend} from 'tfjs-autofis/runtime';
import {writeSealed} from '../../src/cli/steps/sealed_file';
import {modelFor} from '../helpers/bundles';
import {cli} from '../helpers/cli';
import {fileWriter, sharedFolder} from '../helpers/folders';

const base = sharedFolder();
const written = fileWriter(base);
let table: string;
beforeAll(() => {
  table = written(
    'table.csv',
    csv(i => ['yes', 'no', 'maybe'][i % 3]),
  );
});

/** 60 rows with a weight, of which a quarter is 0; `member` says what the fields are. */
function csv(member: (row: number) => string, age = (row: number) => String(20 + row)): string {
  const lines = Array.from({length: 60}, (_, i) => `${i % 2},${i % 4},${member(i)},${age(i)}\n`);
  return `clicked,w,member,age\n${lines.join('')}`;
}

/** A run whose bundle knows the values of the table, which it read from `source`. */
async function runOn(source: string): Promise<string> {
  const folder = mkdtempSync(path.join(base, 'run-'));
  const fitted = await fitSchema({
    source: table,
    schema: {
      version: 1,
      label: {column: 'clicked'},
      weight: {column: 'w'},
      fields: [
        {type: 'categorical', name: 'member', column: 'member'},
        {type: 'numeric', name: 'age', column: 'age', bucketing: 'quantiles', buckets: 4},
      ],
    },
  });
  const model = modelFor(fitted);
  await saveBundle(path.join(folder, 'bundle'), {model, fitted});
  model.dispose();
  mkdirSync(path.join(folder, 'encode'));
  await writeSealed(path.join(folder, 'encode/done.json'), {
    settings: {data: source},
    command: 'encode',
    result: {},
    files: [],
  });
  return folder;
}

describe('warns where a model does not know the values', () => {
  const unknown =
    'warning: the model does not know 100.0 % of the values of member (in training 0.0 %), so its predictions are ' +
    'unreliable\n';
  const warnings = ({stderr}: {stderr: string}) =>
    stderr
      .split('\n')
      .filter(line => /^(warning|The model)/.test(line))
      .map(line => `${line}\n`)
      .join('');

  it('and names a query or a file as the likely cause', async () => {
    const [byFile, byQuery] = [await runOn(table), await runOn('{"sql":"SELECT 1"}')];
    const other = written(
      'other.csv',
      csv(i => (i % 2 === 0 ? 'true' : 'false')),
    );
    const text = ['--sql', `SELECT * FROM read_csv('${other}', all_varchar = true)`];
    const types =
      'DuckDB gives the columns of a query types, so that yes may become true, and 1.0 may become 1. Give the ';
    expect(warnings(await cli('evaluate', other, '--folder', byFile))).toBe(unknown);
    expect(warnings(await cli('predict', other, '--folder', byQuery))).toBe(
      `${unknown}The model was trained on rows of --sql, but these are those of a file: ${types}rows by --sql.\n`,
    );
    expect(warnings(await cli('evaluate', ...text, '--folder', byFile))).toBe(
      `${unknown}The model was trained on rows of a file, but these are those of --sql: ${types}file itself, or ` +
        "keep its text by read_csv('FILE', all_varchar = true).\n",
    );
    expect(warnings(await cli('evaluate', ...text, '--folder', byQuery))).toBe(unknown);
  });

  it('but not of few rows, or where it knows about half', async () => {
    const folder = await runOn(table);
    const few = written(
      'few.csv',
      csv(() => 'new')
        .split('\n')
        .slice(0, 9)
        .join('\n'),
    );
    const some = written(
      'some.csv',
      csv(i => (i % 9 < 5 ? 'yes' : 'new')),
    );
    for (const rows of [table, few, some]) expect(warnings(await cli('predict', rows, '--folder', folder))).toBe('');
  });
});

describe('a row that does not fit is named by', () => {
  const bad = () =>
    csv(
      () => 'yes',
      i => (i === 2 ? 'NA' : '30'),
    );
  const cure =
    'Leave an unknown value empty; a word for it is missing if the schema lists it in `missing` of its field, as ' +
    'words in the training table are.\n';

  it.each([
    ['line in text', () => [written('bad.csv', bad())], 'BASE/bad.csv, line 4, '],
    [
      'number in a query',
      () => ['--sql', `SELECT * FROM read_csv('${written('bad.csv', bad())}', all_varchar = true)`],
      '--sql, row 3, ',
    ],
  ])('its %s', async (_, args, place) => {
    const {code, stderr} = await cli('predict', ...args(), '--folder', await runOn(table), '--quiet');
    expect([code, stderr.replace(base, 'BASE')]).toEqual([
      1,
      `error: ${place}column "age": "NA" is not a number. ${cure}`,
    ]);
  });

  it('its line where its label or weight is wrong', async () => {
    const folder = await runOn(table);
    const evaluate = async (line: string) => {
      const file = written('wrong.csv', csv(() => 'yes').replace('\n1,3,', `\n${line},`));
      return (await cli('evaluate', file, '--folder', folder, '--quiet')).stderr;
    };
    expect(await evaluate('2,3')).toMatch(
      /wrong\.csv, line 5, column "clicked": "2" is not a label: labels are 0 and 1\.\n$/,
    );
    expect(await evaluate('1,-3')).toMatch(
      /wrong\.csv, line 5, column "w": "-3" is not a weight: weights are numbers >= 0\.\n$/,
    );
  });
});

it('a backend that is not available is named, with the flag to omit', async () => {
  if ((await useBackend()).backend === 'tfjs-node-gpu') return;
  const {code, stderr} = await cli('predict', table, '--folder', await runOn(table), '--backend', 'tfjs-node-gpu');
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(
      /^error: the backend is not available\. tfjs-node-gpu: .*\. Omit --backend to take the fastest backend that is available\.\n$/,
    ),
  ]);
});

it('evaluate warns of the table that the model was trained on, by whatever path, and of no other', async () => {
  const folder = await runOn(table);
  const other = written('other.csv', readFileSync(table, 'utf8'));
  const warning =
    'warning: the model was trained on rows of this table, so its scores are too good; `evaluate` without a table ' +
    'gives those of the test rows\n';
  const evaluate = async (name: string) => (await cli('evaluate', name, '--folder', folder)).stderr;
  expect(await evaluate(path.relative('.', table))).toContain(warning);
  expect(await evaluate(other)).not.toContain('too good');
});

it('evaluate needs a bundle whose schema has a label', async () => {
  const fitted = await fitSchema({
    source: table,
    schema: {version: 1, fields: ['member', 'age'].map(column => ({type: 'categorical', name: column, column}))},
  });
  const folder = mkdtempSync(path.join(base, 'without-label-'));
  const model = modelFor(fitted);
  await saveBundle(path.join(folder, 'bundle'), {model, fitted});
  model.dispose();
  const {code, stderr} = await cli('evaluate', table, '--folder', folder, '--quiet');
  expect({code, stderr}).toEqual({
    code: 1,
    stderr:
      `error: ${table} cannot be scored: the bundle's schema has no label. Save the bundle with a schema that has ` +
      'one, or use `predict`.\n',
  });
});

it('evaluate tells rows of weight 0 from those that count', async () => {
  const {stdout} = await cli('evaluate', table, '--folder', await runOn(table), '--quiet');
  expect(stdout).toMatch(/^45 rows \(and 15 of weight 0\): AUC /);
});

it.each([
  ['no rows', (_line: string, i: number) => i === 0, 0, 0],
  ['a click in rows of weight 0 alone', (line: string) => !/^1,[1-3]/.test(line), 15, 0],
  ['clicks alone', (line: string) => !line.startsWith('0,'), 29, 29],
])('evaluate needs both labels, and says so of %s', async (_, isKept, rows, positives) => {
  const lines = readFileSync(table, 'utf8').replace('1,1,no', '1,0,no').split('\n');
  const days = written('one-label.csv', `${lines.filter(isKept).join('\n').trimEnd()}\n`);
  const {code, stderr} = await cli('evaluate', days, '--folder', await runOn(table), '--quiet');
  expect([code, stderr]).toEqual([
    1,
    `error: ${days}: of the ${rows} rows that count, ${positives} have the label 1, and ${rows - positives} the ` +
      'label 0. AUC needs 1 or more of each. Give more rows, such as those of several days.\n',
  ]);
});

it('predict counts one row as one, and does not replace its table', async () => {
  const one = written('one.csv', 'member,age\nyes,30\n');
  const out = path.join(base, 'out.csv');
  const {stdout} = await cli('predict', one, '--folder', await runOn(table), '--out', out, '--quiet');
  expect(stdout).toBe(`1 row, written to ${out}\n`);
  const run = await runOn(table);
  const predict = (from: string, to: string) => cli('predict', from, '--out', to, '--folder', run, '--quiet');
  const refused = (to: string) => ({
    code: 2,
    stdout: '',
    stderr: `error: --out is a file of the table: ${to}. Give another --out.\n`,
  });
  expect(await predict(one, one)).toEqual(refused(one));
  expect(await predict(path.join(base, 'one.cs?'), one)).toEqual(refused(one));
  expect(readFileSync(one, 'utf8')).toBe('member,age\nyes,30\n');
  const link = path.join(base, 'link.csv');
  symlinkSync('one.csv', link);
  expect(await predict(one, link)).toEqual(refused(link));
  expect(await predict(link, one)).toEqual(refused(one));
  const folder = path.join(base, 'linked');
  symlinkSync('.', folder);
  const inside = path.join(folder, 'one.csv');
  expect(await predict(inside, inside)).toEqual(refused(inside));
});

it('predict wants a file, not a folder', async () => {
  expect(await cli('predict', table, '--out', base)).toEqual({
    code: 2,
    stdout: '',
    stderr: `error: --out: ${base} is a folder. Give a file, such as ${path.join(base, 'probabilities.csv')}.\n`,
  });
});

it('predict writes through a link and into a pipe, whose output has no other words', async () => {
  const folder = await runOn(table);
  const predict = (out: string) => cli('predict', table, '--folder', folder, '--out', path.join(base, out));
  symlinkSync('target.csv', path.join(base, 'alias.csv'));
  const {stdout} = await predict('alias.csv');
  expect(stdout).toBe(`60 rows, written to ${path.join(base, 'alias.csv')}\n`);
  expect(lstatSync(path.join(base, 'alias.csv')).isSymbolicLink()).toBe(true);
  const lines = readFileSync(path.join(base, 'target.csv'), 'utf8');
  expect(lines.split('\n')).toHaveLength(62);

  execFileSync('mkfifo', [path.join(base, 'pipe')]);
  const read = readFile(path.join(base, 'pipe'), 'utf8');
  const piped = await predict('pipe');
  expect(await read).toBe(lines);
  expect(piped).toMatchObject({code: 0, stdout: ''});
  expect(piped.stderr).toContain('60 rows, written to');
  expect(lstatSync(path.join(base, 'pipe')).isFIFO()).toBe(true);
});

it('the folder of predict may be a bundle itself', async () => {
  const folder = await runOn(table);
  const predict = async (of: string) => (await cli('predict', table, '--folder', of, '--quiet')).stdout;
  expect(await predict(path.join(folder, 'bundle'))).toBe(await predict(folder));
});

it('a folder without a bundle is named, with both ways to one', async () => {
  const {code, stderr} = await cli('predict', table, '--folder', path.join(base, 'none'));
  expect(code).toBe(2);
  expect(stderr).toContain(
    `error: ${path.join(base, 'none')} has no bundle. Give the --folder of a finished run, or finish this one by ` +
      '`tfjs-autofis run`, or by `select` on rows that `encode` wrote.\n',
  );
});

describe('a cure for a table is one of flags', () => {
  it.each<[string, () => string[], string]>([
    [
      'a quote without an end',
      () => [written('quote.csv', 'member,age\n"yes,1\nno,2\nno,3\n')],
      "so the rows after it are lost. Correct the line, or read it by --sql \"SELECT * FROM read_csv('FILE', " +
        "quote = '', all_varchar = true)\" if quotes have no meaning in this file.\n",
    ],
    [
      'a format that is not read',
      () => [written('table.xlsx', 'PK')],
      'table.xlsx does not say its format. Its name must end in .csv, .tsv, .txt, .parquet, .jsonl or .arrow, or ' +
        'such an ending and .gz or .zst; other formats that DuckDB knows are read by --sql.\n',
    ],
    [
      'a query that fails',
      () => ['--sql', 'SELECT nothing'],
      '--sql fails: Binder Error: Referenced column "nothing" was not found because the FROM clause is missing\n',
    ],
  ])('%s', async (_, args, message) => {
    for (const command of ['predict', 'encode']) {
      const folder = command === 'predict' ? await runOn(table) : path.join(base, 'encoded');
      const label = command === 'encode' ? ['--label', 'age'] : [];
      const {code, stderr} = await cli(command, ...args(), '--folder', folder, ...label, '--quiet');
      expect(code).toBeGreaterThan(0);
      expect(stderr.slice(-message.length)).toBe(message);
    }
  });
});

(existsSync('/dev/full') ? it : it.skip)('A full disk has a cure (skipped without /dev/full)', async () => {
  const {code, stderr} = await cli('predict', table, '--folder', await runOn(table), '--out', '/dev/full', '--quiet');
  expect([code, stderr]).toEqual([
    1,
    'error: the disk is full: ENOSPC: no space left on device, write. Free some space, and give the same command ' +
      'again, for the stages of a run with --resume.\n',
  ]);
});
