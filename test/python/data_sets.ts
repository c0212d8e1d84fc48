import {readFileSync, writeFileSync} from 'node:fs';
import {gunzipSync} from 'node:zlib';
import {DuckDBInstance} from '@duckdb/node-api';
import {flightsFile} from '../../examples/flights/file';
import type {FieldRule, Schema} from '../../src/schema/schema';
import type {Split} from '../../src/schema/split';

/** A public data set, and fields of every rule over it. */
export interface DataSet {
  /** Its file, which lies beside the project. */
  file: string;
  title: string;
  separator: string;
  /** Names of the columns of a file without a header. */
  columns?: string[];
  /** Each row whose number this divides is in a quick test. */
  every: number;
  schema: Schema;
  split: Split;
}

export const categorical = (column: string, options = {}): FieldRule => ({
  type: 'categorical',
  name: column,
  column,
  ...options,
});
const range = (prefix: string, count: number) => Array.from({length: count}, (_, i) => `${prefix}${i + 1}`);
const I = range('I', 13);
const C = range('C', 26);
const adultNumbers = ['age', 'fnlwgt', 'education_num', 'capital_gain', 'capital_loss', 'hours_per_week'];
const adultTexts = ['workclass', 'education', 'marital_status', 'occupation', 'relationship', 'race', 'sex'];
const byPart: Split = {by: 'column', column: 'split', train: ['train'], test: ['test']};
const schema = (fields: FieldRule[], options: Partial<Schema> = {}): Schema => ({
  version: 1,
  label: {column: 'label'},
  ...options,
  fields,
});

export const dataSets: DataSet[] = [
  {
    file: 'criteo-sample.tsv.gz',
    title: 'Criteo',
    separator: '\t',
    every: 3,
    columns: ['label', ...I, ...C],
    schema: schema([
      ...I.flatMap((column): FieldRule[] => [
        {type: 'numeric', name: column, column, bucketing: 'logSquared', minCount: 3},
        {type: 'numeric', name: `${column} spikes`, column},
      ]),
      ...I.slice(0, 5).flatMap((column): FieldRule[] => [
        {type: 'numeric', name: `${column} tenths`, column, bucketing: 'quantiles', buckets: 10},
        {type: 'numeric', name: `${column} edges`, column, bucketing: 'edges', edges: [-1, 0, 1.5, 10, 1000]},
      ]),
      ...C.map((column, i) => categorical(column, {minCount: (i % 4) + 1, ...(i % 3 === 0 ? {maxSize: 50} : {})})),
      ...C.slice(0, 6).map((column): FieldRule => ({
        type: 'hashed',
        name: `${column} hash`,
        column,
        buckets: 1000,
        seed: 7,
        missing: ['68fd1e64'],
      })),
      {type: 'numeric', name: 'I2 without -1', column: 'I2', bucketing: 'quantiles', buckets: 4, missing: ['-1', '-2']},
      categorical('I2', {name: 'I2 as text'}),
    ]),
    split: {by: 'fraction', valid: 0.1, test: 0.2, seed: 5},
  },
  {
    file: 'movielens-1m.csv.gz',
    title: 'MovieLens',
    separator: ',',
    every: 50,
    schema: schema([
      categorical('user_id'),
      categorical('movie_id', {minCount: 20}),
      categorical('gender'),
      {type: 'multiValued', name: 'genres', column: 'genres', separator: '|', width: 3, minCount: 600},
      {type: 'numeric', name: 'year', column: 'year', bucketing: 'quantiles', buckets: 16},
      {type: 'hashed', name: 'zip3', column: 'zip3', buckets: 100},
    ]),
    split: {by: 'column', column: 'fold', train: ['1', '2', '3', '4'], test: ['5']},
  },
  {
    file: 'frappe.csv.gz',
    title: 'Frappe',
    separator: ',',
    every: 10,
    schema: schema(
      ['user', 'item', 'daytime', 'weekday', 'isweekend', 'homework', 'cost', 'weather', 'country', 'city'].map(
        column => categorical(column, {minCount: 2}),
      ),
      {weight: {column: 'weekday'}},
    ),
    split: {...byPart, validOfTrain: {fraction: 0.1, seed: 3}},
  },
  {
    file: 'adult.csv.gz',
    title: 'Adult',
    separator: ',',
    every: 6,
    schema: schema([
      ...adultNumbers.map((column): FieldRule => ({type: 'numeric', name: column, column})),
      ...adultTexts.map(column => categorical(column, {missing: ['?'], minCount: 5})),
    ]),
    split: byPart,
  },
];

/** A data set that is one Parquet file. */
export type ParquetData = Pick<DataSet, 'title' | 'schema' | 'split'> & {source: string};

/** Dates, numbers and texts of three million rows. */
export const flights: ParquetData = {
  title: 'Flights',
  source: flightsFile,
  schema: schema(
    [
      ...(['hour', 'weekday', 'day', 'month', 'weekend'] as const).map((part): FieldRule => ({
        type: 'dateTime',
        name: part,
        column: 'date',
        part,
      })),
      {type: 'numeric', name: 'distance', column: 'distance'},
      categorical('origin'),
      categorical('destination', {minCount: 5000, maxSize: 100}),
    ],
    {label: {column: 'delay', comparison: '>', threshold: 15}},
  ),
  split: {by: 'time', column: 'date', format: 'iso', validFrom: '2001-05-01', testFrom: '2001-06-01'},
};

/** The rows of a data set's file as a query of DuckDB, of columns of all types or of text. */
export function queryOf({separator, columns}: DataSet, file: string, isText = false): string {
  const names = columns === undefined ? '' : `, names = [${columns.map(column => `'${column}'`).join(', ')}]`;
  const types = isText ? 'all_varchar = true' : 'sample_size = -1';
  const form = `delim = '${separator}', header = ${columns === undefined}${names}, ${types}`;
  return `SELECT * FROM read_csv('${file}', ${form})`;
}

/** Writes each row of a data set's file whose number `every` divides into a file of text. */
export function writeThinned({columns, every}: DataSet, file: string, thinned: string): void {
  const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
  const head = columns === undefined ? lines.splice(0, 1) : [];
  writeFileSync(thinned, [...head, ...lines.filter((_, i) => (i + 1) % every === 0)].join('\n'));
}

/** Writes the rows of a query as Parquet, in several row groups. */
export async function writeParquet(file: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`SET threads = 1; COPY (${sql}) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE 4096)`);
  connection.closeSync();
  instance.closeSync();
}
