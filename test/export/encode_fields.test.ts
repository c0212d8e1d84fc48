import * as tfl from '@tensorflow/tfjs-layers';
import * as ort from 'onnxruntime-node';
import {fieldSpecs} from 'tfjs-autofis';
import {type Row, RowEncoder} from 'tfjs-autofis/bundle';
import {onnxBytes} from 'tfjs-autofis/export';
import {fitColumns, TextColumnBuilder} from 'tfjs-autofis/schema';
import {parseNumber} from '../../src/schema/rules/numeric';
import type {FieldRule} from '../../src/schema/schema';
import type {FittedSchema} from '../../src/schema/vocabulary';
import {modelFor} from '../helpers/bundles';
import {everyRule, fittedSchema} from '../helpers/fitted';
import {describeWith, readShared} from '../helpers/shared_data';
import {categorical, dataSets} from '../python/data_sets';
import {apart, predict} from './models';

/** A model that gives the ids which it reads. */
function idsModel(fitted: FittedSchema): tfl.LayersModel {
  const columns = fieldSpecs(fitted).reduce((sum, {width}) => sum + (width ?? 1), 0);
  const inputs = tfl.input({shape: [columns], dtype: 'int32'});
  const outputs = tfl.layers.reshape({name: 'same', targetShape: [columns]}).apply(inputs) as tfl.SymbolicTensor;
  return tfl.model({inputs, outputs});
}

/** What a user of ONNX Runtime gives for the rows: texts, numbers, and ids of `encoder` where ONNX has no rule. */
function feeds({schema, fields}: FittedSchema, rows: readonly Row[], ids: Int32Array): ort.InferenceSession.FeedsType {
  const columns = ids.length / rows.length;
  let at = 0;
  return Object.fromEntries(
    schema.fields.map((rule, f) => {
      const width = rule.type === 'multiValued' ? rule.width : 1;
      const start = at;
      at += width;
      const texts = rows.map(row => (row[rule.column] == null ? '' : String(row[rule.column])));
      if (rule.type === 'categorical') return [fields[f].name, new ort.Tensor('string', texts, [rows.length])];
      if (rule.type === 'numeric') {
        const numbers = Float64Array.from(texts, text => parseNumber(text) ?? NaN);
        return [fields[f].name, new ort.Tensor('float64', numbers, [rows.length])];
      }
      const own = rows.flatMap((_, i) => [...ids.subarray(i * columns + start, i * columns + start + width)]);
      const dims = width === 1 ? [rows.length] : [rows.length, width];
      return [fields[f].name, new ort.Tensor('int32', Int32Array.from(own), dims)];
    }),
  );
}

async function run(model: tfl.LayersModel, fitted: FittedSchema, given: ort.InferenceSession.FeedsType) {
  const session = await ort.InferenceSession.create(onnxBytes(model, {fitted}), {logSeverityLevel: 3});
  expect(session.inputNames).toEqual(fitted.fields.map(({name}) => name));
  const result = await session.run(given);
  await session.release();
  return result[session.outputNames[0]].data;
}

/** Fits a schema on the training rows of a table, and compares the ids of every row with those of RowEncoder. */
async function check(
  columns: readonly string[],
  values: readonly string[][],
  fields: FieldRule[],
  isTraining: (row: number) => boolean,
): Promise<void> {
  const builders = columns.map(column => new TextColumnBuilder(column));
  for (const row of values) builders.forEach((builder, i) => builder.add(row[i]));
  const table = builders.map(builder => builder.column());
  const fitted = fitColumns({version: 1, label: {column: 'label'}, fields}, table, isTraining);
  const encoder = new RowEncoder(fitted);
  const rows: Row[] = values.map(row => Object.fromEntries(columns.map((column, i) => [column, row[i]])));
  const {ids, counts} = encoder.encode(rows);
  expect(counts.some(({unseen}) => unseen > 0)).toBe(true);
  const found = (await run(idsModel(fitted), fitted, feeds(fitted, rows, ids))) as Int32Array;
  expect(found).toHaveLength(ids.length);
  expect(found.findIndex((id, i) => id !== ids[i])).toBe(-1);
}

describeWith('movielens-1m.csv.gz', 'MovieLens', file => {
  it('has the ids of the TypeScript encoder', async () => {
    const [columns, ...rows] = readShared(file, ',');
    const {fields} = dataSets.find(({title}) => title === 'MovieLens')!.schema;
    // Every twentieth row: users and films that no training row has are among them.
    const some = rows.filter((_, i) => i % 20 === 0);
    await check(columns, some, fields, row => some[row][0] !== '5');
  });
});

describe('with integers', () => {
  const schema = {version: 1 as const, label: {column: 'label'}};
  const fields = ['user', 'code', 'city'].map(name => categorical(name, {missing: ['-1', '?'], minCount: 2}));
  const user = ['12', '-7', '9007199254740991', '0', '3000000000', '1', '-1'];
  const code = ['07', '7', '8', '9', '10', '11', '12'];
  const fittedOn = () => {
    const builders = ['label', 'user', 'code', 'city'].map(name => new TextColumnBuilder(name));
    for (let i = 0; i < 28; i++)
      [String(i % 2), user[i % 7], code[i % 7], `c${i % 3}`].forEach((text, c) => builders[c].add(text));
    return fitColumns(
      {...schema, fields},
      builders.map(builder => builder.column()),
      () => true,
    );
  };

  it('whole numbers are int64 inputs, with the ids of their texts', async () => {
    const fitted = fittedOn();
    const rows: Row[] = [...user, '5'].map((text, i) => ({user: text, code: code[i % 7], city: `c${i}`}));
    const {ids} = new RowEncoder(fitted).encode(rows);
    const texts = feeds(fitted, rows, ids);
    const numbers = BigInt64Array.from([...user, '5'], BigInt);
    const session = await ort.InferenceSession.create(onnxBytes(idsModel(fitted), {fitted, integers: true}));
    const given = {...texts, user: new ort.Tensor('int64', numbers, [rows.length])};
    const result = await session.run(given);
    await session.release();
    expect([...(result[session.outputNames[0]].data as Int32Array)]).toEqual([...ids]);
    // Missing is 0, unseen 1; "07" is not what a number is written as, so that the codes stay texts.
    expect(ids[3 * 6]).toBe(0);
    expect(ids[3 * 7]).toBe(1);
  });

  it('is refused without a schema', () => {
    expect(() => onnxBytes(idsModel(fittedOn()), {integers: true})).toThrow(
      "onnxBytes: `integers` needs `fitted`, whose values become inputs. Received: none. Give the bundle's schema.",
    );
  });
});

test('each rule, with what is missing, unseen or not finite', async () => {
  const fitted = everyRule();
  const model = modelFor(fitted);
  const rows: Row[] = Array.from({length: 60}, (_, i) => ({
    site_id: ['a', '1005', '-', 'new', null, 'true'][i % 6],
    age: [5, 20, 39.999, 40, null, -1e300, 1e300][i % 7],
    count: [1, 5, 0, -7.9, null, 9.5, 1e300, -1e300][i % 8],
    genres: ['Drama|Comedy', 'Noir', null][i % 3],
    time: `141021${String(i % 24).padStart(2, '0')}`,
    device: `d${i}`,
  }));
  const {ids, issues} = new RowEncoder(fitted).encode(rows);
  expect(issues).toEqual([]);
  const given = feeds(fitted, rows, ids);
  expect([...((await run(idsModel(fitted), fitted, given)) as Int32Array)]).toEqual([...ids]);
  const columns = ids.length / rows.length;
  const expected = predict(
    model,
    rows.map((_, i) => [...ids.subarray(i * columns, (i + 1) * columns)]),
  );
  expect(new Set(expected).size).toBeGreaterThan(30);
  expect(apart((await run(model, fitted, given)) as Float32Array, expected)).toBeLessThan(1e-6);

  const notFinite = feeds(fitted, [{age: null, count: null}], new RowEncoder(fitted).encode([{}]).ids);
  for (const value of [Infinity, -Infinity, NaN]) {
    const number = new ort.Tensor('float64', Float64Array.of(value), [1]);
    const found = await run(idsModel(fitted), fitted, {...notFinite, age: number, count: number});
    expect([...(found as Int32Array)]).toEqual([...new RowEncoder(fitted).encode([{}]).ids]);
  }
});

test('a number without edges has one bucket', async () => {
  const fitted = fittedSchema([{rule: {type: 'numeric', name: 'x', column: 'x'}, edges: []}]);
  const given = {x: new ort.Tensor('float64', Float64Array.of(3, NaN), [2])};
  expect([...((await run(idsModel(fitted), fitted, given)) as Int32Array)]).toEqual([1, 0]);
});

describe('errors', () => {
  test('a model of other ids', () => {
    const fitted = fittedSchema([{rule: categorical('a'), values: ['x']}]);
    expect(() => onnxBytes(modelFor(everyRule()), {fitted})).toThrow(
      'onnxBytes: with `fitted` the model must have one input [batch, 1], the ids of its fields. ' +
        'Received: [batch, 8]. Give the schema that the model was trained with.',
    );
  });

  test('a field with the name of the output', () => {
    const fitted = fittedSchema([{rule: categorical('same'), values: ['x']}]);
    expect(() => onnxBytes(idsModel(fitted), {fitted})).toThrow(
      'onnxBytes: the output same has the same name as a field of `fitted`, an input. Rename the field.',
    );
  });

  test('an unknown option', () => {
    expect(() => onnxBytes(modelFor(everyRule()), {vocabulary: true} as object)).toThrow('vocabulary');
  });
});
