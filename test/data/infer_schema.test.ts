import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {DuckDBInstance} from '@duckdb/node-api';
import {RowEncoder} from 'tfjs-autofis';
import {fitSchema, inferSchema, prepare} from 'tfjs-autofis/data';
import {sharedFolder} from '../helpers/folders';
import {messageOf} from '../helpers/tensors';
import {describeWith} from '../helpers/shared_data';
import {MISSING_WORDS} from '../../src/schema/inference/column_facts';
import type {Progress} from '../../src/data/staging/progress';

const folder = sharedFolder();

/** A table of 400 rows, each column from the row's number. */
function table(name: string, columns: {[name: string]: (row: number) => string | number}): string {
  const lines = Array.from({length: 400}, (_, row) =>
    Object.values(columns)
      .map(value => value(row))
      .join(','),
  );
  const file = path.join(folder, name);
  writeFileSync(file, [Object.keys(columns).join(','), ...lines].join('\n'));
  return file;
}

/** Rows as JSON lines, as one JSON array, or as Parquet. */
async function writeRows(file: string, rows: readonly object[]): Promise<void> {
  const lines = rows.map(row => JSON.stringify(row)).join('\n');
  writeFileSync(file, file.endsWith('.jsonl') ? lines : JSON.stringify(rows));
  if (!file.endsWith('.parquet')) return;
  writeFileSync(`${file}.jsonl`, lines);
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (FROM '${file}.jsonl') TO '${file}' (FORMAT parquet)`);
  connection.closeSync();
}

const columns = {
  clicked: (row: number) => (row % 3 === 0 ? 1 : 0),
  site: (row: number) => ['a', 'b', '?'][row % 3],
  price: (row: number) => (row * 0.25).toFixed(2),
  age: (row: number) => 20 + (row % 40),
  serial: (row: number) => `x${row}`,
  user_id: (row: number) => row % 200,
  amount: (row: number) => row * 7,
  when: (row: number) => `2024-03-${String(1 + (row % 28)).padStart(2, '0')} ${String(row % 24).padStart(2, '0')}:15`,
  hour: (row: number) => `141021${String(row % 24).padStart(2, '0')}`,
  genres: (row: number) => ['Comedy', 'Drama|Crime', 'Crime', 'Comedy|Drama|Crime', 'Drama'][row % 5],
  fixed: () => 'same',
};

it('a word for a missing number or date is missing in newer rows, though no row had one before', async () => {
  const source = table('no_words.csv', {
    clicked: row => row % 2,
    age: row => row / 8,
    day: row => `2024-0${1 + (row % 9)}-11`,
  });
  const {schema} = await inferSchema({source, label: 'clicked'});
  const encoder = new RowEncoder(await fitSchema({source, schema}));
  const words = ['NA', 'null', 'NaN', 'None', '?', '-', '#N/A'];
  const {ids, issues} = encoder.encode(words.map(word => ({age: word, day: word})));
  expect([Array.from(ids), issues]).toEqual([Array(words.length * schema.fields.length).fill(0), []]);
  expect(encoder.encode([{age: 'free', day: '2024-01-11'}]).issues).toMatchObject([{column: 'age', value: 'free'}]);
});

it('lists of JSON are lists, whether their items are numbers or do not repeat', async () => {
  const source = path.join(folder, 'lists.jsonl');
  const rows = Array.from({length: 400}, (_, i) => ({y: i % 2, a: [1 + (i % 3), 2], u: [i], b: 'xyz'[i % 3]}));
  writeFileSync(source, rows.map(row => JSON.stringify(row)).join('\n'));
  const {schema, assumptions} = await inferSchema({source});
  expect(schema.fields).toMatchObject([
    {type: 'multiValued', column: 'a', separator: ',', width: 2},
    {type: 'multiValued', column: 'u', separator: ',', width: 1},
    {type: 'categorical', column: 'b'},
  ]);
  expect(assumptions.find(({column}) => column === 'a')!.why).toBe('its values are lists');
});

const UNNEST = 'its values are objects; a query makes columns of their keys: SELECT * EXCLUDE ("user"), ';
const PICK = 'its values are lists of objects; a query makes lists of the values of one key: SELECT * REPLACE (';

it.each(['objects.jsonl', 'objects.json', 'objects.parquet'])(
  '%s: objects are left out, and the queries that make columns and lists of them hold',
  async name => {
    const source = path.join(folder, name);
    const rows = Array.from({length: 400}, (_, i) => ({
      y: i % 2,
      user: i % 9 === 0 ? null : {plan: 'abc'[i % 3], geo: {land: 'xy'[i % 2]}},
      cart: Array.from({length: i % 3}, (_, k) => ({sku: 'pqr'[(i + k) % 3], n: k})),
      site: 'uvw'[i % 3],
      os: 'gh'[i % 2],
    }));
    await writeRows(source, rows);
    const {schema, assumptions} = await inferSchema({source});
    expect(schema.fields.map(({name}) => name)).toEqual(['site', 'os']);
    const why = (name: string) => assumptions.find(({column}) => column === name)!.why;
    expect(why('user')).toBe(`${UNNEST}unnest("user", recursive := true) FROM 'FILE'`);
    expect(why('cart')).toBe(`${PICK}[x.KEY FOR x IN "cart"] AS "cart") FROM 'FILE'`);

    const query = (text: string, more = '') => text.replace(/^.*: /, '').replace("'FILE'", `(${more})`);
    const file = `FROM '${source.replaceAll("'", "''")}'`;
    const sql = query(why('cart'), query(why('user'), file)).replace('KEY', 'sku');
    const {schema: asked} = await inferSchema({source: {sql}});
    expect(asked.fields).toMatchObject([
      {column: 'cart', type: 'multiValued'},
      {column: 'site', type: 'categorical'},
      {column: 'os', type: 'categorical'},
      {column: 'plan', type: 'categorical'},
      {column: 'land', type: 'categorical'},
    ]);
  },
);

it('infers fields, parts and notes', async () => {
  const {schema, split, assumptions} = await inferSchema({
    source: table('all.csv', columns),
    label: 'clicked',
    seed: 4,
  });
  expect(schema).toEqual({
    version: 1,
    label: {column: 'clicked'},
    fields: [
      {type: 'categorical', name: 'site', column: 'site', missing: ['?']},
      {type: 'numeric', name: 'price', column: 'price', missing: MISSING_WORDS},
      {type: 'numeric', name: 'age', column: 'age', missing: MISSING_WORDS},
      {type: 'categorical', name: 'user_id', column: 'user_id'},
      {type: 'numeric', name: 'amount', column: 'amount', missing: MISSING_WORDS},
      {type: 'dateTime', name: 'when hour', column: 'when', part: 'hour', missing: MISSING_WORDS},
      {type: 'dateTime', name: 'when weekday', column: 'when', part: 'weekday', missing: MISSING_WORDS},
      {type: 'dateTime', name: 'hour', column: 'hour', part: 'hour', format: '%y%m%d%H', missing: MISSING_WORDS},
      {type: 'multiValued', name: 'genres', column: 'genres', separator: '|', width: 3},
    ],
  });
  expect(split).toEqual({by: 'fraction', valid: 0.1, test: 0.1, seed: 4});
  expect(assumptions.map(({column}) => column)).toEqual(['clicked', null, ...Object.keys(columns).slice(1)]);
});

it('a column of parts is not a field; where no word is for test, later rows may have any such word', async () => {
  const {clicked, site, age} = columns;
  const {schema, split} = await inferSchema({
    source: table('parts.csv', {y: clicked, split: () => 'train', site, age}),
  });
  expect(split).toEqual({
    by: 'column',
    column: 'split',
    train: ['train'],
    valid: [],
    test: expect.arrayContaining(['test', 'te']) as string[],
    validOfTrain: {fraction: 0.1, seed: 1},
  });
  expect(schema.fields.map(({name}) => name)).toEqual(['site', 'age']);
});

it('infinity is not a number, as for the encoder', async () => {
  const {clicked, site} = columns;
  const {schema} = await inferSchema({
    source: table('infinite.csv', {clicked, site, price: row => (row === 7 ? 'inf' : row % 50)}),
    label: 'clicked',
  });
  expect(schema.fields[1]).toMatchObject({type: 'numeric', missing: [...MISSING_WORDS, 'inf']});
});

it('text in another encoding is refused, whatever column its letters are in', async () => {
  const {clicked, site, age} = columns;
  const source = table('latin.csv', {clicked, site, age, town: row => (row % 2 === 0 ? 'Berlin' : 'Köln')});
  writeFileSync(source, readFileSync(source, 'utf8'), 'latin1');
  const message = `inferSchema: ${source}, line 3, is not UTF-8. Save the file as UTF-8.`;
  expect(await messageOf(() => inferSchema({source}))).toBe(message);
  writeFileSync(source, readFileSync(source, 'latin1').replaceAll('clicked', '"clicked\n"'), 'latin1');
  expect(await messageOf(() => inferSchema({source}))).toBe(message.replace('line 3', 'line 4'));
});

it('JSON lines that break off are named by file and line', async () => {
  const file = path.join(folder, 'broken.jsonl');
  writeFileSync(file, `${'{"y": 1, "a": 1}\n'.repeat(30)}{"y": 0, "a\n{"y": 0, "a": 2}\n`);
  await expect(inferSchema({source: file})).rejects.toThrow(
    /^inferSchema: the source cannot be read: .*Malformed JSON in file ".*broken\.jsonl", at byte \d+ in line 31/,
  );
});

it('a broken line behind the rows that are looked at, which has the times of the last period', async () => {
  const source = path.join(folder, 'late.jsonl');
  const row = (i: number) => `{"y": ${i % 2}, "a": "v${i % 7}", "b": "w${i % 3}", "day": "2014-10-${10 + (i % 9)}"}\n`;
  writeFileSync(source, `${Array.from({length: 301_000}, (_, i) => row(i)).join('')}{"y": 1, "a`);
  await expect(inferSchema({source, label: 'y', split: 'time'})).rejects.toThrow(
    /^inferSchema: the source cannot be read: .*Malformed JSON in file ".*late\.jsonl", at byte \d+ in line 301001/,
  );
});

it('reports its progress to a function', async () => {
  const reports: Progress[] = [];
  const {clicked, site, age} = columns;
  await inferSchema({source: table('x.csv', {clicked, site, age}), progress: each => reports.push(each)});
  expect(reports.at(-1)).toMatchObject({stage: 'inferring', done: 1, rows: 400});
});

describe('errors', () => {
  const {clicked, site, age} = columns;
  it.each<[string, () => string, object, string]>([
    [
      'no label',
      () => table('b.csv', {bought: clicked, site, age}),
      {},
      'inferSchema: no column is called label, click, clicked, target, y. Name the `label`. The columns are: ' +
        '"bought", "site", "age".',
    ],
    [
      'a label that is mostly missing',
      () => table('e.csv', {clicked: row => (row === 5 ? '1' : ''), site, age}),
      {},
      'inferSchema: the label clicked is 1 or missing, the latter in 399 of the first 400 rows. ' +
        'A model needs 0 and 1. If no value means 0, say so in a query: ' +
        `SELECT * REPLACE (coalesce("clicked"::VARCHAR, '0') AS "clicked") FROM 'FILE'.`,
    ],
  ])('%s', async (_, source, options, message) => {
    expect(await messageOf(() => inferSchema({source: source(), ...options}))).toBe(message);
  });
});

it('takes columns that are called as the columns of its own queries', async () => {
  const own = ['h', 'h0', 'h1', 'h2', 'part', 'n', 'first', 'row', 'rowid', 'v', 'y', 'x', 'fold', 'last', 'value'];
  // Whole numbers with many values are read by what held-out rows say of them, the longest way through the queries.
  const values = own.map((_, i) => (row: number) => (row * (2 * i + 3)) % 97);
  const named = (names: string[]) => Object.fromEntries(names.map((name, i) => [name, values[i]]));
  const prepared = async (file: string, names: string[]) => {
    const source = table(`${file}.csv`, {clicked: columns.clicked, ...named(names)});
    const {schema, split} = await inferSchema({source, label: 'clicked', splitColumn: null});
    const {fitted} = await prepare({source, schema, split, folder: path.join(folder, file)});
    return {kinds: schema.fields.map(({type}) => type), sizes: fitted.fields.map(({size}) => size)};
  };
  expect(await prepared('own', own)).toEqual(
    await prepared(
      'other',
      own.map(name => `${name}_`),
    ),
  );
});

it.each([
  ['2', 'line 7'],
  ['', 'line 7'],
])('a wrong label %j among right ones is named by `prepare`, with its place', async (wrong, place) => {
  const {clicked, site, age} = columns;
  const source = table('wrong.csv', {clicked: row => (row === 5 ? wrong : clicked(row)), site, age});
  const shards = path.join(folder, 'shards');
  const {schema, split} = await inferSchema({source});
  await expect(prepare({source, schema, split, folder: shards})).rejects.toThrow(
    `${source}, ${place}, column "clicked": "${wrong}" is not a label: labels are 0 and 1`,
  );
});

describeWith('adult.csv.gz', 'Adult', file => {
  it('has six columns of numbers, of which gains and losses repeat and lie far apart, as codes do', async () => {
    const {schema, assumptions} = await inferSchema({source: file, label: 'label'});
    const read = (type: string) => schema.fields.filter(field => field.type === type).map(({name}) => name);
    expect(read('numeric')).toEqual(['age', 'fnlwgt', 'education_num', 'hours_per_week']);
    expect(assumptions.filter(({isDoubtful}) => isDoubtful).map(({column}) => column)).toEqual([
      'capital_gain',
      'capital_loss',
    ]);
  });
});

describeWith('frappe.csv.gz', 'Frappe', file => {
  it('has ten fields, of which codes in few numbers are quantities, parted by its column', async () => {
    const {schema, split} = await inferSchema({source: file, label: 'label'});
    const quantities = ['daytime', 'weekday', 'weather'];
    expect(schema.fields.map(({name, type}) => `${name} ${type}`)).toEqual(
      ['user', 'item', 'daytime', 'weekday', 'isweekend', 'homework', 'cost', 'weather', 'country', 'city'].map(
        name => `${name} ${quantities.includes(name) ? 'numeric' : 'categorical'}`,
      ),
    );
    expect(split).toMatchObject({by: 'column', column: 'split', test: ['test']});
  });
});
