import {writeFileSync} from 'node:fs';
import path from 'node:path';
import {fitSchema, inferSchema} from 'tfjs-autofis/data';
import {encodeColumns, labelsOf} from '../../../src/schema/columns/encode_columns';
import {fitColumns} from '../../../src/schema/columns/fit_columns';
import {TextColumnBuilder} from '../../../src/schema/columns/text_column';
import {compareText} from '../../../src/schema/compare_text';
import {columnFacts} from '../../../src/schema/inference/column_facts';
import {inferFields} from '../../../src/schema/inference/infer_fields';
import {RowEncoder} from '../../../src/schema/row_encoder';
import type {Schema} from '../../../src/schema/schema';
import {partOfRow} from '../../../src/schema/part_of_row';
import {sharedFolder} from '../../helpers/folders';

const folder = sharedFolder();

/** 900 rows of every kind of column, with missing values, rare ones and ties. */
const table: {[name: string]: (row: number) => string} = {
  clicked: row => (row % 3 === 0 ? '1' : '0'),
  site: row => ['a', 'b', '?', '\u{1f600}', '\uff5e'][row % 5],
  price: row => (row % 11 === 0 ? '' : ((row % 700) * 0.25).toFixed(2)),
  age: row => String(20 + (row % 39)),
  serial: row => `x${row}`,
  user_id: row => String((row * row) % 211),
  when: row => `2024-03-${String(1 + (row % 28)).padStart(2, '0')} ${String(row % 24).padStart(2, '0')}:15`,
  hour: row => `141021${String(row % 24).padStart(2, '0')}`,
  genres: row => ['Comedy', 'Drama|Crime', 'Crime', 'Comedy|Drama|Crime', '', 'Drama', 'Crime|Crime'][row % 7],
  fixed: () => 'same',
  grade: row => (row % 13 === 5 ? 'NA' : String(3 * ((row * 7) % 60) + (row % 3) + 1)),
};
const names = Object.keys(table);
const ROWS = 900;
const rows = Array.from({length: ROWS}, (_, row) => Object.fromEntries(names.map(name => [name, table[name](row)])));
const columns = names.map(name => {
  const builder = new TextColumnBuilder(name);
  rows.forEach(row => builder.add(row[name]));
  return builder.column();
});

function csv(): string {
  const file = path.join(folder, 'table.csv');
  writeFileSync(file, [names.join(','), ...rows.map(row => names.map(name => row[name]).join(','))].join('\n'));
  return file;
}

it('infers in memory what DuckDB infers', async () => {
  const inferred = inferFields('inferSchema', columns.map(columnFacts), {label: 'clicked', seed: 3, complete: true});
  expect(inferred).toEqual(await inferSchema({source: csv(), label: 'clicked', seed: 3}));
  expect(inferred.schema.fields.map(({type}) => type)).toContain('multiValued');
});

it('fits and encodes in memory what DuckDB and RowEncoder do', async () => {
  const {schema, split} = inferFields('test', columns.map(columnFacts), {label: 'clicked', seed: 3});
  const more: Schema = {
    ...schema,
    fields: [
      ...schema.fields,
      {type: 'categorical', name: 'frequent user', column: 'user_id', minCount: 4, maxSize: 40},
      {type: 'numeric', name: 'spikes', column: 'price'},
      {type: 'numeric', name: 'five', column: 'age', buckets: 5},
      {type: 'numeric', name: 'log age', column: 'age', bucketing: 'logSquared'},
      {type: 'hashed', name: 'hashed', column: 'serial', buckets: 13},
    ],
  };
  if (split.by !== 'fraction') throw new Error('the table has no column of parts');
  const fitted = fitColumns(more, columns, row => partOfRow(split, row) === 'train');
  const expected = await fitSchema({source: csv(), schema: more, split});
  expect(fitted.rows).toBe(expected.rows);
  fitted.fields.forEach(({training: {missing, unseen}, ...field}, i) => {
    const {training, ...other} = expected.fields[i];
    expect(field).toEqual(other);
    expect(missing).toBeCloseTo(training.missing, 12);
    expect(unseen).toBeCloseTo(training.unseen, 12);
  });
  const encoded = encodeColumns(fitted, columns);
  const byRows = new RowEncoder(fitted).encode(rows);
  expect(encoded.ids).toEqual(byRows.ids);
  expect(encoded.counts).toEqual(byRows.counts);
  expect(encoded.problems).toEqual([]);
});

it('says which values break a rule, and which labels are none', () => {
  const schema: Schema = {
    version: 1,
    label: {column: 'clicked'},
    fields: [
      {type: 'numeric', name: 'site as number', column: 'site', bucketing: 'edges', edges: [1]},
      {type: 'categorical', name: 'age', column: 'age'},
    ],
  };
  const {problems, counts} = encodeColumns(
    fitColumns(schema, columns, () => true),
    columns,
  );
  expect(problems).toEqual([
    {field: 'site as number', column: 'site', value: 'a', row: 0, problem: 'is not a number', rows: ROWS},
  ]);
  expect(counts[0].missing).toBe(ROWS);
  expect(labelsOf(schema.label!, columns[0]).slice(0, 4)).toEqual(Float32Array.from([1, 0, 0, 1]));
  expect(() => labelsOf(schema.label!, columns[1])).toThrow(
    'the label site must be valid in each row: labels are 0 and 1. In row 1 it is "a".',
  );
  expect(() =>
    fitColumns({...schema, fields: [{type: 'categorical', name: 'x', column: 'x'}]}, columns, () => true),
  ).toThrow('the table has no column "x"');
  expect(() => fitColumns(schema, columns, () => false)).toThrow('the training part has no rows');
});

it('parts rows by words, and validation rows from the training ones', () => {
  const split = {
    by: 'column',
    column: 'part',
    train: ['train'],
    test: ['test'],
    validOfTrain: {fraction: 0.25, seed: 2},
  } as const;
  const parts = Array.from({length: 2000}, (_, row) => partOfRow(split, row, ['train', 'test', 'other'][row % 3]));
  expect(parts.filter((_, row) => row % 3 === 1)).toEqual(Array(667).fill('test'));
  expect(new Set(parts.filter((_, row) => row % 3 === 2))).toEqual(new Set([null]));
  const valid = parts.filter(part => part === 'valid').length;
  expect(valid).toBeGreaterThan(130);
  expect(valid).toBeLessThan(205);
});

it('orders text as its UTF-8 bytes', () => {
  const texts = ['', 'a', 'ab', 'b', 'é', '\uff5e', '\ue000', '\u{1f600}', '\u{1f601}', '\u{10ffff}', 'a\u{1f600}'];
  expect([...texts].sort(compareText)).toEqual(
    [...texts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  );
});
