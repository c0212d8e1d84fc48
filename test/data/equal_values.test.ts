import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {DuckDBInstance} from '@duckdb/node-api';
import * as arrow from 'apache-arrow';
import * as ort from 'onnxruntime-node';
import {type Bundle, loadBundle, type Row, RowEncoder, saveBundle} from 'tfjs-autofis/bundle';
import {openShards, prepare} from 'tfjs-autofis/data';
import {onnxBytes} from 'tfjs-autofis/export';
import {serveBundle} from '../../examples/serve/app';
import {Serving} from '../../examples/serve/serving';
import {DEFAULTS} from '../../examples/serve/settings';
import {writeSealed} from '../../src/cli/steps/sealed_file';
import type {FieldRule, Schema} from '../../src/schema/schema';
import type {FittedSchema} from '../../src/schema/vocabulary';
import {engineOf, modelFor} from '../helpers/bundles';
import {cli} from '../helpers/cli';
import {sharedFolder} from '../helpers/folders';
import {generator} from '../helpers/random';
import {providedPython, runPython} from '../python/environment';

const ROWS = 10_000;
const NUMBERS = [30301, 30302, 1, 0, -0, 2.5, -7.25, 1e-5, 1.5e-6, 1e-7, 123456.789, 1e15, 0.1, 1 / 3, 2 ** 52, 1e-300];
const TAGS = ['Home, Garden', 'Home', ' Garden', 'say "hi"', 'é👍', '1.0', 'null', '[a]'];
/** An item has the separator of the rule: only types say where it ends. */
const TOPICS = ['War|Peace', 'War', 'Peace', 'x'];

const fields: FieldRule[] = [
  {type: 'categorical', name: 'code', column: 'code', minCount: 5},
  {type: 'hashed', name: 'hash', column: 'code', buckets: 500},
  {type: 'categorical', name: 'single', column: 'single'},
  {type: 'categorical', name: 'amount', column: 'amount', missing: ['-1']},
  {type: 'categorical', name: 'flag', column: 'flag'},
  {type: 'numeric', name: 'price', column: 'price'},
  {type: 'multiValued', name: 'levels', column: 'levels', separator: ';', width: 3},
  {type: 'multiValued', name: 'tags', column: 'tags', separator: '|', width: 3},
  {type: 'multiValued', name: 'topics', column: 'topics', separator: '|', width: 2},
];
const schema: Schema = {version: 1, label: {column: 'y'}, fields};

type Values = Record<string, number | boolean | null | number[] | string[]>;

/** Rows as JavaScript holds them. */
function makeRows(): Values[] {
  const next = generator(1);
  const oneOf = <T>(values: readonly T[]) => values[Math.floor(next() * values.length)];
  const some = <T>(values: readonly T[]) => values.filter(() => next() < 0.3);
  const maybe = <T>(value: T) => (next() < 0.1 ? null : value);
  return Array.from({length: ROWS}, (_, i) => ({
    y: i % 2,
    code: maybe(next() < 0.9 ? oneOf(NUMBERS) : Math.round(1e6 * next()) / 8),
    single: maybe(Math.fround(oneOf(NUMBERS.filter(x => x === 0 || Math.abs(x) > 1e-9)))),
    amount: maybe(Math.round(1000 * next() - 500) / 100),
    flag: maybe(next() < 0.3),
    price: maybe(oneOf(NUMBERS)),
    levels: maybe(some(NUMBERS)),
    tags: maybe(some(TAGS)),
    topics: maybe(some(TOPICS)),
  }));
}

/** A number as some program writes it in JSON: 5, 5.0, 5e+0. */
function spelt(x: number, row: number): string {
  const isPlain = Number.isInteger(x) && Math.abs(x) < 1e15;
  if (Object.is(x, -0)) return ['-0.0', '0', '-0'][row % 3];
  return [JSON.stringify(x), isPlain ? `${x}.0` : JSON.stringify(x), x.toExponential()][row % 3];
}

function json(value: unknown, row: number): string {
  if (typeof value === 'number') return spelt(value, row);
  if (Array.isArray(value)) return `[${value.map(item => json(item, row)).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}: ${json(each, row)}`)
    .join(', ')}}`;
}

const folder = sharedFolder();
const at = (...names: string[]) => path.join(folder, ...names);
const rows = makeRows();
/** The same without types: CSV holds no list whose items have the separator. */
const textRows: Row[] = rows.map(row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (Array.isArray(value)) return [name, value.join(name === 'levels' ? ';' : '|')];
      return [name, value === null ? null : String(value)];
    }),
  ),
);
let fitted: FittedSchema;
let bundle: Bundle;
let expected: Float32Array;

beforeAll(async () => {
  await writeTables();
  ({fitted} = await prepare({source: at('rows.jsonl'), schema, folder: at('shards'), progress: false}));
  const model = modelFor(fitted);
  mkdirSync(at('run/encode'), {recursive: true});
  await saveBundle(at('run/bundle'), {model, fitted});
  await writeSealed(at('run/encode/done.json'), {settings: {}, command: 'encode', result: {}, files: []});
  model.dispose();
  bundle = await loadBundle(at('run/bundle'));
  expected = await bundle.predict(rows);
  expect(new Set(expected).size).toBeGreaterThan(ROWS / 2);
});
afterAll(() => {
  bundle.dispose();
});

/** Writes the rows in each format, with the types that it has. */
async function writeTables(): Promise<void> {
  writeFileSync(at('rows.jsonl'), `${rows.map(json).join('\n')}\n`);
  const quoted = (text: unknown) => (text === null ? '' : `"${String(text).replaceAll('"', '""')}"`);
  const lines = textRows.map(row => Object.values(row).map(quoted).join());
  writeFileSync(at('rows.csv'), `${Object.keys(rows[0]).join()}\n${lines.join('\n')}\n`);
  const types = {
    ...{y: 'INTEGER', code: 'DOUBLE', single: 'FLOAT', amount: 'DECIMAL(10, 2)', flag: 'BOOLEAN', price: 'DOUBLE'},
    ...{levels: 'DOUBLE[]', tags: 'VARCHAR[]', topics: 'VARCHAR[]'},
  };
  // In JSON of one spelling, so that not DuckDB's reading of others is compared.
  writeFileSync(at('plain.jsonl'), rows.map(row => JSON.stringify(row)).join('\n'));
  const columns = Object.entries(types).map(([name, type]) => `${name}: '${type}'`);
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(
    `COPY (FROM read_json('${at('plain.jsonl')}', format = 'newline_delimited', columns = {${columns.join(', ')}})) ` +
      `TO '${at('rows.parquet')}' (FORMAT parquet)`,
  );
  connection.closeSync();
  const of = (name: string, type: arrow.DataType) => arrow.vectorFromArray(rows.map(row => row[name]) as never, type);
  const item = (type: arrow.DataType) => new arrow.List(new arrow.Field('item', type));
  const table = new arrow.Table({
    y: of('y', new arrow.Int32()),
    code: of('code', new arrow.Float64()),
    single: of('single', new arrow.Float32()),
    amount: decimals(rows.map(({amount}) => amount as number | null)),
    flag: of('flag', new arrow.Bool()),
    price: of('price', new arrow.Float64()),
    levels: of('levels', item(new arrow.Float64())),
    tags: of('tags', item(new arrow.Utf8())),
    topics: of('topics', item(new arrow.Utf8())),
  });
  writeFileSync(at('rows.arrow'), arrow.tableToIPC(table, 'file'));
}

/** Numbers with two digits behind the point as decimals of Arrow. */
function decimals(values: ReadonlyArray<number | null>): arrow.Vector {
  const words = values.flatMap(value => {
    const units = Math.round(100 * (value ?? 0));
    const sign = units < 0 ? -1 : 0;
    return [units, sign, sign, sign];
  });
  const nulls = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, i) => {
    if (value !== null) nulls[i >> 3] |= 1 << (i & 7);
  });
  return arrow.makeVector(
    arrow.makeData({
      type: new arrow.Decimal(2, 10),
      length: values.length,
      nullCount: values.filter(value => value === null).length,
      nullBitmap: nulls,
      data: Uint32Array.from(words, word => word >>> 0),
    }),
  );
}

const FORMATS: Array<[string, string, ReadonlyArray<Row>]> = [
  ['JSON lines', 'rows.jsonl', rows],
  ['Parquet', 'rows.parquet', rows],
  ['Arrow', 'rows.arrow', rows],
  ['CSV', 'rows.csv', textRows],
];

it.each(FORMATS)('%s: training reads what loadBundle reads', async (_, file, values) => {
  const found = await prepare({source: at(file), schema, folder: at(`${file}.shards`), progress: false});
  const typed = ({fields}: FittedSchema) => fields.filter(({name}) => values === rows || name !== 'topics');
  expect(typed(found.fitted)).toEqual(typed(fitted));
  const {ids, issues} = new RowEncoder(found.fitted).encode(values);
  expect(issues).toEqual([]);
  for await (const batch of (await openShards(at(`${file}.shards`))).batches({batchSize: ROWS}))
    expect(Buffer.compare(Buffer.from(batch.ids.buffer), Buffer.from(ids.buffer))).toBe(0);
});

it.each(FORMATS)('%s: the command line predicts what loadBundle predicts', async (_, file, values) => {
  const {code, stdout, stderr} = await cli('predict', at(file), '--folder', at('run'));
  expect({code, stderr}).toEqual({code: 0, stderr: expect.not.stringContaining('does not know')});
  const probabilities = stdout.trim().split('\n').slice(1).map(Number);
  expect(probabilities).toEqual([...(values === rows ? expected : await bundle.predict(values))]);
});

it('the server answers what loadBundle predicts, however a client spells numbers', async () => {
  const app = serveBundle(new Serving(engineOf(bundle), DEFAULTS), DEFAULTS);
  const url = await app.listen({port: 0});
  const lines = readFileSync(at('rows.jsonl'), 'utf8').trim().split('\n');
  const answers: number[] = [];
  for (let from = 0; from < ROWS; from += 1000) {
    const answer = await fetch(`${url}/predict`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: `{"rows": [${lines.slice(from, from + 1000).join()}]}`,
    });
    answers.push(...((await answer.json()) as {probabilities: number[]}).probabilities);
  }
  await app.close();
  expect(Math.max(...answers.map((p, i) => Math.abs(p - expected[i])))).toBeLessThan(1e-6);
  expect(answers).toHaveLength(ROWS);
});

it('ONNX gives what loadBundle predicts for the texts of the numbers', async () => {
  const session = await ort.InferenceSession.create(onnxBytes(bundle.model, {fitted}), {logSeverityLevel: 4});
  const {ids} = bundle.encoder.encode(rows);
  const columns = bundle.encoder.columns;
  let first = 0;
  const feeds = Object.fromEntries(
    fields.map(rule => {
      const start = first;
      const width = rule.type === 'multiValued' ? rule.width : 1;
      first += width;
      const texts = rows.map(row => (row[rule.column] === null ? '' : String(row[rule.column])));
      if (rule.type === 'categorical') return [rule.name, new ort.Tensor('string', texts, [ROWS])];
      if (rule.type === 'numeric')
        return [
          rule.name,
          new ort.Tensor(
            'float64',
            Float64Array.from(texts, text => Number(text || NaN)),
            [ROWS],
          ),
        ];
      const own = Int32Array.from({length: ROWS * width}, (_, i) => {
        return ids[Math.floor(i / width) * columns + start + (i % width)];
      });
      return [rule.name, new ort.Tensor('int32', own, width === 1 ? [ROWS] : [ROWS, width])];
    }),
  );
  const [output] = Object.values(await session.run(feeds));
  const differences = Array.from(output.data as Float32Array, (p, i) => Math.abs(p - expected[i]));
  expect(Math.max(...differences)).toBeLessThan(1e-6);
});

it.each<[string, unknown, string]>([
  ['code', {}, '{}'],
  ['code', ['a'], '["a"]'],
  ['price', [5], '["5"]'],
  ['tags', [['a']], '[["a"]]'],
])('no reader takes a list or an object where it does not belong: %s = %j', async (column, value, shown) => {
  const bad = {...rows[0], y: 0, [column]: value};
  const file = at('bad.jsonl');
  writeFileSync(file, [...rows.slice(0, 9), bad].map(row => JSON.stringify(row)).join('\n'));
  const place = `${file}, row 10, column "${column}": ${JSON.stringify(shown)}`;
  const trained = prepare({source: file, schema, folder: at('bad'), progress: false});
  await expect(trained).rejects.toThrow(`${place} is `);
  const {code, stderr} = await cli('predict', file, '--folder', at('run'));
  expect([code, stderr]).toEqual([1, expect.stringContaining(place)]);
  await expect(bundle.predict([bad as Row])).rejects.toThrow(`row 0, column "${column}"`);
});

it('a list without values is missing, as null is', async () => {
  const given = [
    {...rows[0], code: []},
    {...rows[0], code: [null]},
    {...rows[0], code: null},
  ];
  writeFileSync(at('empty.jsonl'), given.map(row => JSON.stringify(row)).join('\n'));
  const {stdout} = await cli('predict', at('empty.jsonl'), '--folder', at('run'));
  const probabilities = [...(await bundle.predict(given as Row[]))];
  expect(stdout.trim().split('\n').slice(1).map(Number)).toEqual(probabilities);
  expect(new Set(probabilities).size).toBe(1);
});

const python = providedPython();
(python === null ? it.skip : it)('Python and a SavedModel give what loadBundle predicts', async () => {
  writeFileSync(
    at('expected.json'),
    JSON.stringify({ids: [...bundle.encoder.encode(rows).ids], probabilities: [...expected]}),
  );
  await runPython(python!, ['tests/data/equal_values.py', folder]);
});
