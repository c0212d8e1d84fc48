import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {EncodeResult} from '../../src/cli/steps/encode';
import type {Schema} from '../../src/schema/schema';
import {cli} from '../helpers/cli';
import {sharedFolder} from '../helpers/folders';

const folder = sharedFolder();

const HEAD = 'bought,zip,age,stars,kind';
/** 400 rows: whether something was bought, a code, an age, one to five stars, and words for parts. */
const lines = Array.from({length: 400}, (_, row) => [
  row % 3 === 0 ? 'no' : 'yes',
  10_000 + (row % 200),
  18 + (row % 71),
  1 + (row % 5),
  row % 4 === 0 ? 'te' : 'tr',
]);
const text = (separator = ',', head = true) =>
  [...(head ? [HEAD.replaceAll(',', separator)] : []), ...lines.map(line => line.join(separator))].join('\n');

let files = 0;
function file(content: string): string {
  const full = path.join(folder, `${files++}.csv`);
  writeFileSync(full, content);
  return full;
}

/** Infer schema and split of a table by flags, as `encode --write-schema` writes them. */
async function init(
  ...args: string[]
): Promise<{schema: Schema; split: object; assumptions: unknown[]; stdout: string}> {
  const out = path.join(folder, `${files++}.json`);
  const {code, stdout, stderr} = await cli('encode', ...args, '--write-schema', out, '--quiet');
  expect([code, stderr]).toEqual([0, '']);
  return {...JSON.parse(readFileSync(out, 'utf8')), stdout};
}

it('writes a schema for people, in which each list takes one line', async () => {
  const out = path.join(folder, 'lines.json');
  await cli('encode', file(text()), '--label', 'bought', '--write-schema', out, '--quiet');
  const written = readFileSync(out, 'utf8');
  expect(written).toContain('\n        "missing": ["?", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "null", ');
  expect(written).toContain('\n      "negative": ["no"]\n');
});

it('shows all that is assumed as one table, with the flag that asks for the alternative', async () => {
  const {stdout} = await init(file(text()), '--label', 'bought');
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map(line => line.split(/ {2,}/)),
  ).toEqual([
    ['Assumed:'],
    ['column', 'read as', 'why', 'alternative', 'flag'],
    expect.arrayContaining([expect.stringMatching(/^-+$/)]),
    [
      'bought',
      'label: bought = yes',
      'it was named; yes reads as a yes beside no',
      'label: bought = no',
      "--positive-label 'no'",
    ],
    [
      'kind',
      'parts: test is te, validation is 10 % of the training rows, drawn by seed 1',
      'its values name parts or folds',
      'rows are drawn',
      "--split-column 'none'",
    ],
    ['zip', 'category', 'its name is that of an id', 'number', "--as 'zip=number'"],
    ['age', 'number', 'its values are numbers', 'category', "--as 'age=category'"],
    ['stars', 'number', 'its values are numbers', 'category', "--as 'stars=category'"],
    [''],
    [expect.stringMatching(/^3 fields; written to /)],
  ]);
});

it('names the config file where a flag cannot hold the name of a column, and quotes for a shell', async () => {
  const named = text().replace('zip', '"c,d"').replace('age', 'a=ge').replace('stars', "star's");
  const {stdout} = await init(file(named), '--label', 'bought');
  const flags = stdout.split('\n').map(line => line.split(/ {2,}/).at(-1));
  expect(flags).toEqual(
    expect.arrayContaining([
      'as: {"c,d": category} in the config file',
      expect.stringMatching(/^as: \{"a=ge": \w+\} in the config file$/),
      "--as 'star'\\''s=category'",
    ]),
  );
});

it('shows the keys of JSON lines in their order', async () => {
  const rows = lines.map(([bought, zip, age, stars], i) =>
    JSON.stringify({...(i > 5 ? {late: i % 4} : {}), zip, bought, age, stars}),
  );
  const full = path.join(folder, 'keys.jsonl');
  writeFileSync(full, rows.join('\n'));
  const {schema} = await init(full, '--label', 'bought', '--split-column', 'none');
  expect(schema.fields.map(({column}) => column)).toEqual(['zip', 'age', 'stars', 'late']);
});

it('--positive-label, --as, --split-column and a comparison change what is assumed', async () => {
  const source = file(text());
  expect(
    (await init(source, '--label', 'bought', '--positive-label', 'no', '--as', 'zip=number,kind=drop')).schema,
  ).toMatchObject({
    label: {column: 'bought', positive: ['no'], negative: ['yes']},
    fields: [{type: 'numeric', name: 'zip'}, {name: 'age'}, {name: 'stars'}],
  });
  const {schema, split} = await init(source, '--label', 'stars >= 4', '--split-column', 'none');
  expect(schema.label).toEqual({column: 'stars', comparison: '>=', threshold: 4});
  expect(split).toMatchObject({by: 'fraction'});
});

it('reads files without a header, by any separator, and queries', async () => {
  const expected = (await init(file(text()), '--label', 'bought')).schema;
  expect((await init(file(text('^')), '--separator', '^', '--label', 'bought')).schema).toEqual(expected);
  expect((await init(file(text('\t')), '--separator', '\\t', '--label', 'bought')).schema).toEqual(expected);
  expect((await init(file(text(',', false)), '--columns', HEAD, '--label', 'bought')).schema).toEqual(expected);
  expect(
    (await init('--sql', `SELECT * FROM read_csv('${file(text())}', all_varchar = true)`, '--label', 'bought')).schema,
  ).toEqual(expected);
  const {label, fields} = (await init(file(text(',', false)), '--columns', 'none', '--label', 'column 1')).schema;
  expect([label, fields.map(({column}) => column)]).toEqual([
    {column: 'column 1', positive: ['yes'], negative: ['no']},
    ['column 2', 'column 3', 'column 4'],
  ]);
});

it('encode reads the table as its flags say, and resumes only with the same', async () => {
  const source = file(text(',', false));
  const run = path.join(folder, 'run');
  const as = ['--as', 'bought=drop', '--quiet', '--json'];
  const flags = ['encode', source, '--columns', HEAD, '--label', 'stars >= 4', '--folder', run, ...as];
  const {code, stdout} = await cli(...flags);
  expect(code).toBe(0);
  const {fields, parts, assumptions} = JSON.parse(stdout) as EncodeResult;
  expect(fields.map(({name, type}) => `${name} ${type}`)).toEqual(['zip categorical', 'age numeric']);
  expect(Object.values(parts).reduce((sum, {positives}) => sum + positives, 0)).toBe(160);
  expect(assumptions[0]).toMatchObject({
    column: 'stars',
    reading: 'label: stars >= 4',
    why: 'it was named',
    alternative: null,
  });
  expect((await cli(...flags, '--resume')).stdout).toBe(stdout);
});

it.each<[string, string[], string]>([
  [
    'a file and a query',
    ['x.csv', '--sql', 'SELECT 1'],
    "error: --sql and x.csv both name rows. Give one of them; a query reads a file with FROM 'file.csv'.\n",
  ],
  [
    'a separator of a query',
    ['--sql', 'SELECT 1', '--separator', ';'],
    'error: --separator and --columns apply to text files, not to --sql.\n',
  ],
  [
    'readings that are none',
    ['x.csv', '--as', 'zip'],
    'error: --as must be pairs such as zip=category,age=number. Received: zip.\n',
  ],
  [
    'no table',
    [],
    'error: the table is missing. Give its path, such as `tfjs-autofis run data.csv --label clicked`, or --sql.\n',
  ],
])('%s: an error', async (_what, args, message) => {
  const {code, stderr} = await cli('encode', ...args, '--write-schema', path.join(folder, 'none.json'));
  expect([code, stderr]).toEqual([2, message]);
});

it('errors of the inference name flags', async () => {
  const source = file(text());
  const init = async (...args: string[]) =>
    (await cli('encode', source, ...args, '--write-schema', path.join(folder, 'none.json'), '--quiet')).stderr;
  expect(await init('--label', 'stars')).toBe(
    'error: the label stars must hold two values. It holds "1", "2", "3", "4", "5". ' +
      'Compare it, such as "stars >= 3", set one apart from the others by --positive-label, such as 1, ' +
      'or name another column.\n',
  );
  expect(await init('--label', 'bought', '--positive-label', 'y')).toBe(
    'error: --positive-label must be a value of bought. Received: "y". It holds "yes", "no".\n',
  );
});

it('a first line of values is taken for what it is', async () => {
  const out = path.join(folder, 'none.json');
  const {stderr} = await cli('encode', file('1,2,x\n0,3,y\n'), '--label', 'y', '--write-schema', out, '--quiet');
  expect(stderr).toBe(
    'error: --label must be a column. Received: "y". The columns are: "1", "2", "x". ' +
      'The first line seems to be a row: files without a header need --columns, the names of the columns.\n',
  );
});

it.each<[string, string[], string]>([
  ['a;b\n1;2\n', ['--columns', 'a,b,y'], '--columns has 3 names, but line 1 of FILE has 1 column. It holds ";": '],
  ['a:y\n1:2\n', ['--separator', '/'], '--label must be a column. Received: "y". The columns are: "a:y".\n'],
  [
    'a,y\n1,2\n',
    ['--separator', '/'],
    'The columns are: "a,y". This is one column, whose name holds ",": give the --separator of the columns.\n',
  ],
])('of columns that are not what the flags say, %j names what there is', async (content, args, message) => {
  const source = file(content);
  const out = path.join(folder, 'none.json');
  const {stderr} = await cli('encode', source, '--label', 'y', ...args, '--write-schema', out, '--quiet');
  expect(stderr).toContain(message.replace('FILE', source));
});

it('another label than that of the schema is an error', async () => {
  const source = file(text());
  const out = path.join(folder, 'stars.json');
  const encode = async (label: string) => {
    const run = path.join(folder, `of ${label.length}`);
    return (await cli('encode', source, '--schema', out, '--label', label, '--folder', run, '--quiet')).stderr;
  };
  expect((await cli('encode', source, '--label', 'stars >= 4', '--write-schema', out, '--quiet')).code).toBe(0);
  expect(await encode('stars >= 3')).toBe(
    `error: --label is stars >= 3, but the label of ${out} is stars >= 4. Give one of the two.\n`,
  );
  expect(await encode('stars>=4')).toBe('');
});

it('--as keeps commas within a format, and a schema has no use for it', async () => {
  const days = Array.from(
    {length: 300},
    (_, row) => `${row % 2},${row % 7},"${['Jan', 'Feb'][row % 2]} ${1 + (row % 28)}, 2024",${row % 5}`,
  );
  const source = file(['y,site,day,n', ...days].join('\n'));
  const out = path.join(folder, 'given.json');
  const as = ['--as', 'day=date:%b %-d, %Y,n=drop'];
  const {code, stdout} = await cli('encode', source, ...as, '--write-schema', out, '--json', '--quiet');
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as {schema: Schema}).schema.fields).toMatchObject([
    {name: 'site'},
    {format: '%b %-d, %Y', part: 'weekday'},
    {format: '%b %-d, %Y', part: 'month'},
  ]);
  const run = path.join(folder, 'no run');
  const {stderr} = await cli('encode', source, '--schema', out, '--as', 'n=drop', '--folder', run);
  expect(stderr).toBe(`error: --as does not go with --schema. Write it into ${out}.\n`);
});
