import {readFileSync, utimesSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {cli} from '../helpers/cli';
import {writeClicks} from '../helpers/clicks';
import {fileWriter, sharedFolder} from '../helpers/folders';

const base = sharedFolder();
const written = fileWriter(base);
let table: string;

/** Encode a table of clicks into a folder. */
const encode = (file: string, folder: string, ...more: string[]) =>
  cli('encode', file, '--label', 'clicked', '--folder', path.resolve(base, folder), ...more);

beforeAll(() => {
  table = writeClicks(path.join(base, 'clicks.csv'), 4000, 3);
});

it('A table whose column has no word for a part says so, and --split-column none draws the parts', async () => {
  const file = path.join(base, 'parts.csv');
  const inside = path.join(base, 'parts');
  const lines = readFileSync(table, 'utf8').trimEnd().split('\n');
  writeFileSync(file, lines.map((line, i) => `${line},${i === 0 ? 'split' : 'train'}\n`).join(''));
  const {code, stderr} = await encode(file, inside, '--quiet');
  expect([code, stderr]).toEqual([
    2,
    `error: ${file}: there are no rows for test. Give a --split-column that names the parts, ` +
      '--split-column none to draw them, ' +
      'or a --schema with another split.\n',
  ]);
  const drawn = await encode(file, inside, '--split-column', 'none', '--resume', '--json', '--quiet');
  expect(drawn.code).toBe(0);
  const {fields, parts} = JSON.parse(drawn.stdout) as {fields: Array<{name: string}>; parts: {test: {rows: number}}};
  expect(fields.map(({name}) => name)).toEqual(['site', 'hour', 'device']);
  expect(parts.test.rows).toBeGreaterThan(100);
});

it('A part that a draw leaves without a label asks for another draw', async () => {
  const file = path.join(base, 'rare.csv');
  const rows = Array.from({length: 400}, (_, row) => `${row % 100 === 7 ? 1 : 0},${row % 3},${row % 5}\n`);
  writeFileSync(file, `y,a,b\n${rows.join('')}`);
  const {code, stderr} = await cli('encode', file, '--folder', path.join(base, 'rare'), '--quiet');
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(
      /rows for (valid|test) have the label 0, so AUC is undefined\. Rows are drawn for the parts, and there are too few of them, or of the rarer label\. Give more rows, another --seed, or a --split-column that names the parts\.\n$/,
    ),
  ]);
});

it('A part with few rows of a label is warned of', async () => {
  const {code, stderr} = await encode(writeClicks(path.join(base, 'small.csv'), 300, 5), 'small');
  expect(code).toBe(0);
  expect(stderr).toMatch(/^warning: test has only \d\d? positive rows, so its metrics are unreliable$/m);
  expect(stderr).not.toMatch(/warning: train/);
});

it('A part with one row of a label is warned of in the singular', async () => {
  const file = path.join(base, 'single.csv');
  const rows = Array.from({length: 90}, (_, i) => {
    const part = ['train', 'valid', 'test'][i % 3];
    return `${part === 'test' ? Number(i === 2) : Number(i % 2)},${i % 4},${i % 5},${part}\n`;
  });
  writeFileSync(file, `y,a,b,split\n${rows.join('')}`);
  const {stderr} = await cli('encode', file, '--label', 'y', '--folder', path.join(base, 'single'));
  expect(stderr).toMatch(/^warning: test has only 1 positive row, so its metrics are unreliable$/m);
});

it('A part whose rows have one label is refused, as no AUC can be computed on it', async () => {
  const lines = readFileSync(table, 'utf8').trimEnd().split('\n');
  const partOf = (line: string, i: number) => {
    if (i === 0) return 'split';
    return i % 20 === 0 && line.startsWith('1') ? 'test' : 'train';
  };
  const file = written('one_label.csv', lines.map((line, i) => `${line},${partOf(line, i)}\n`).join(''));
  const {code, stderr} = await encode(file, 'one-label', '--quiet');
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/: all \d+ rows for test have the label 1, so AUC is undefined\. Give a --split-column /),
  ]);
});

it('A place that cannot be written is reported with the cure', async () => {
  const inside = path.join(table, 'inside');
  const {code, stderr} = await encode(table, inside, '--quiet');
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^error: E\w+: .*inside.*\. Give a writable place with --folder or --out\.\n$/),
  ]);
});

it('--resume where there is nothing says so, and begins', async () => {
  const inside = path.join(base, 'fresh');
  const {code, stderr} = await encode(table, inside, '--resume');
  expect([code, stderr]).toEqual([
    0,
    expect.stringContaining(`there is nothing to resume in ${inside}: this is a new run\n`),
  ]);
});

it('--resume warns of a table that has changed since it was encoded', async () => {
  const file = written('edited.csv', readFileSync(table, 'utf8'));
  const inside = path.join(base, 'edited');
  const again = async (...more: string[]) => (await encode(file, inside, ...more)).stderr;
  await again();
  expect(await again('--resume')).not.toContain('has changed');
  const later = new Date(Date.now() + 5000);
  utimesSync(file, later, later);
  expect(await again('--resume')).toContain(
    `warning: ${file} has changed since it was encoded, and its old rows are used. For the new ones give another ` +
      `--folder, or remove ${inside}.\n`,
  );
});

it('rows that cannot be used are named with the flag that lets them be left out', async () => {
  const file = written('broken.csv', readFileSync(table, 'utf8').replace('\n1,', '\nyes and no,'));
  const out = path.join(base, 'broken');
  const {code, stderr} = await encode(file, out, '--quiet');
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^error: \S+broken\.csv: 1 row cannot be used, and --max-rejects is 0\.\n {2}\S+broken\.csv, line \d+, column "clicked": "yes and no" is not a label: labels are 0 and 1\nCorrect the source, or raise --max-rejects to leave such rows out\.\n$/,
  );
  expect((await encode(file, out, '--max-rejects', '1', '--quiet')).code).toBe(0);
});

describe('rows in no part are counted, by why they are left out', () => {
  /** Rows with a weight and a part; the first has neither label nor part. */
  const lines = () =>
    Array.from({length: 400}, (_, i) => {
      const part = ['ignore', 'train', 'train', 'valid', 'test', 'other', 'train'][i % 7];
      return `${i === 0 ? 'maybe' : i % 2},s${i % 5},${i % 3},${i % 9 === 1 ? 0 : 1},${part}`;
    });

  it('of text', async () => {
    const rows = lines();
    const sound = written('sound.csv', `clicked,site,hour,w,usage\n${rows.slice(1).join('\n')}\n`);
    const broken = written('unsound.csv', `clicked,site,hour,w,usage\n${rows.join('\n')}\n`);
    const flags = ['--label', 'clicked', '--weight', 'w', '--split-column', 'usage'];
    const counts = 'left out: 101 rows whose usage is not train, valid or test; ';
    const encode = (file: string, ...more: string[]) =>
      cli('encode', file, ...flags, '--folder', path.join(base, `left out ${more.length}`), ...more);
    const plain = await encode(sound);
    expect(plain.stdout).toContain(`\n${counts}45 rows of weight 0\n`);
    const {stdout, stderr} = await encode(broken, '--max-rejects', '5');
    expect(stdout).toContain(`${counts}45 rows of weight 0; 1 row that cannot be used\n`);
    expect(stderr).toMatch(/^left out: \S+unsound\.csv, line 2, column "clicked": "maybe" is not a label/m);
  });
});

it('--resume with another seed names the seed', async () => {
  const inside = path.join(base, 'seeds');
  expect((await encode(table, inside, '--quiet')).code).toBe(0);
  const {code, stderr} = await encode(table, inside, '--quiet', '--seed', '2', '--resume');
  expect([code, stderr]).toEqual([
    2,
    `error: ${inside}/encode was made with split.seed 1, now it is 2. Use the same settings, give another --folder, ` +
      'or remove it.\n',
  ]);
});

it('A part of one row is said to have one', async () => {
  const rows = ['split,clicked,site,hour', ...Array.from({length: 90}, (_, i) => `train,${i % 2},s${i % 5},${i % 3}`)];
  const file = written('one_row.csv', `${rows.join('\n')}\ntest,1,s1,2\n`);
  const {stderr} = await encode(file, 'one', '--quiet');
  expect(stderr).toContain(': the only row for test has the label 1, so AUC is undefined.');
});

it('A folder that is a file is said to be one', async () => {
  for (const args of [
    ['encode', table, '--label', 'clicked'],
    ['predict', table],
  ]) {
    const {code, stderr} = await cli(...args, '--folder', table, '--quiet');
    expect([code, stderr]).toEqual([
      2,
      `error: --folder: ${table} is a file. Give a folder, which may be a new one.\n`,
    ]);
  }
});
