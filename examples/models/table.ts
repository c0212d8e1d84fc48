/** What the examples share: real tables by SQL, their parts as tensors, and the command line. */
import {parseArgs} from 'node:util';
import {DuckDBInstance} from '@duckdb/node-api';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from 'tfjs-autofis';
import {movieLens1m} from 'tfjs-autofis/data';
import {useBackend} from 'tfjs-autofis/runtime';
import {flightsFile} from '../flights/file';

/** Columns of a table: fields as ids, counted from 0 within each field, and numbers. */
export interface Table {
  rows: number;
  fields: FieldSpec[];
  ids: Record<string, ArrayLike<number>>;
  numbers: Record<string, ArrayLike<number>>;
}

/** Settings of a run; `data` is where MovieLens 1M is: GroupLens' folder ml-1m, or one CSV as for `movieLens1m`. */
export interface Settings {
  rows: number;
  epochs: number;
  seed: number;
  data?: string;
}

/** Reads a query; `fields` and `numbers` are expressions over its columns. */
export async function readTable(
  query: string,
  fields: Record<string, string>,
  numbers: Record<string, string>,
): Promise<Table> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const columns = [
      ...Object.values(fields).map(sql => `(dense_rank() OVER (ORDER BY ${sql}) - 1)::INTEGER`),
      ...Object.values(numbers).map(sql => `(${sql})::FLOAT`),
    ];
    const found = (
      await connection.runAndReadAll(
        `SELECT ${columns.join(', ')} FROM (SELECT *, row_number() OVER () AS place FROM (${query})) ORDER BY place`,
      )
    ).getColumns() as number[][];
    const names = Object.keys(fields);
    const named = (keys: string[], values: number[][]) => Object.fromEntries(keys.map((key, i) => [key, values[i]]));
    return {
      rows: found[0].length,
      fields: names.map((name, f) => ({name, size: found[f].reduce((most, id) => Math.max(most, id), 0) + 1})),
      ids: named(names, found),
      numbers: named(Object.keys(numbers), found.slice(names.length)),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A seeded sample of the 3 million US flights of 2001 in the npm package vega-datasets, in a random order. */
export function flightsQuery({rows, seed}: Settings): string {
  return `SELECT * FROM read_parquet('${flightsFile.replaceAll("'", "''")}', file_row_number = true)
    ORDER BY hash(file_row_number * 1000003 + ${seed}) LIMIT ${rows}`;
}

/** Fields of a flight, as expressions over the columns of `flightsQuery`. */
export const flightFields = {
  weekday: 'isodow(date)',
  hour: 'hour(date)',
  day: 'dayofyear(date)',
  distance: 'distance // 100',
  origin: 'origin',
  destination: 'destination',
};

/** The first ratings of MovieLens 1M by their time, or of one CSV in its order. */
export function ratingsQuery({rows, data}: Settings): string {
  if (data === undefined) throw new Error('Give --data, the folder ml-1m of GroupLens.');
  if (/\.csv(\.gz)?$/.test(data)) return `SELECT * FROM read_csv('${data.replaceAll("'", "''")}') LIMIT ${rows}`;
  const {sql} = movieLens1m({folder: data}).source as {sql: string};
  return `SELECT * FROM (${sql}) ORDER BY time::BIGINT, user_id, movie_id LIMIT ${rows}`;
}

/** The columns of some rows as one tensor [rows, columns]. */
export function tensorOf(
  columns: ReadonlyArray<ArrayLike<number>>,
  rows: readonly number[],
  dtype: 'int32' | 'float32',
): tf.Tensor2D {
  const values = new (dtype === 'int32' ? Int32Array : Float32Array)(rows.length * columns.length);
  rows.forEach((row, i) => columns.forEach((column, c) => (values[i * columns.length + c] = column[row])));
  return tf.tensor2d(values, [rows.length, columns.length], dtype);
}

/** The rows between each two of some shares, such as [0, 0.8, 1], in their order. */
export function spansOf(rows: number, shares: readonly number[]): number[][] {
  return shares.slice(1).map((end, i) => {
    const [first, after] = [shares[i], end].map(share => Math.round(share * rows));
    return Array.from({length: after - first}, (_, row) => first + row);
  });
}

/** Every fifth row is test; of the others every tenth chooses the epoch. */
export function partsOf(rows: number): {train: number[]; validation: number[]; test: number[]} {
  const all = Array.from({length: rows}, (_, row) => row);
  const isValidation = (row: number) => row % 5 !== 4 && (row - Math.floor(row / 5)) % 10 === 9;
  return {
    train: all.filter(row => row % 5 !== 4 && !isValidation(row)),
    validation: all.filter(isValidation),
    test: all.filter(row => row % 5 === 4),
  };
}

/** Frees models with their optimizers, which belong to the code that made them. */
export function free(...models: tfl.LayersModel[]): void {
  for (const model of models) {
    const {optimizer} = model;
    model.dispose();
    optimizer.dispose();
  }
}

/** Runs an example from the command line: --rows, --epochs, --seed, --data. */
export async function main(run: (settings: Settings) => Promise<object>, defaults: Settings): Promise<void> {
  try {
    const settings = settingsOf(defaults);
    const {reason} = await useBackend();
    console.log(reason);
    console.log(await run(settings));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

function settingsOf(defaults: Settings): Settings {
  const {values} = parseArgs({
    options: {rows: {type: 'string'}, epochs: {type: 'string'}, seed: {type: 'string'}, data: {type: 'string'}},
  });
  const numbers = (['rows', 'epochs', 'seed'] as const).map(key => {
    const value = Number(values[key] ?? defaults[key]);
    if (!Number.isInteger(value) || value < 1)
      throw new Error(`--${key} must be an integer >= 1. Received: ${values[key]}.`);
    return [key, value];
  });
  return {...(Object.fromEntries(numbers) as unknown as Settings), data: values.data};
}
