import {existsSync} from 'node:fs';
import path from 'node:path';
import {DuckDBInstance} from '@duckdb/node-api';
import type {FieldSpec} from 'tfjs-autofis';
import {readFlights} from '../../examples/flights/data';
import {Bins, encode, FieldRule, PartName, Table} from './encode';
import {isStreamed, streamedFile, StreamedName, streamedNames} from './streamed';

export const dataNames = ['frappe', 'adult', 'movielens', 'flights', 'flights3m', ...streamedNames] as const;
export type DataName = (typeof dataNames)[number];

/** A data set in three parts, in memory; a tenth of its training rows, drawn by the seed, is validation. */
export interface DataSet {
  fields: FieldSpec[];
  parts: Record<PartName, Table>;
}

interface Source {
  file: string;
  /** SQL that is true for test rows. */
  test: string;
  label: string;
  fields: FieldRule[];
}

/** Rows of the samples of flights. */
const flightRows = {flights: 600_000, flights3m: 3_000_000};
type FlightsName = keyof typeof flightRows;
const isFlights = (name: DataName): name is FlightsName => name in flightRows;

const categories = (...names: string[]): FieldRule[] => names.map(name => ({name}));
const numbers = (...names: string[]): FieldRule[] => names.map(name => ({name, kind: 'number'}));

const sources: Record<Exclude<DataName, FlightsName | StreamedName>, Source> = {
  frappe: {
    file: 'frappe.csv.gz',
    test: "split = 'test'",
    label: 'label',
    fields: categories(
      'user',
      'item',
      'daytime',
      'weekday',
      'isweekend',
      'homework',
      'cost',
      'weather',
      'country',
      'city',
    ),
  },
  adult: {
    file: 'adult.csv.gz',
    test: "split = 'test'",
    label: 'label',
    fields: [
      ...numbers('age', 'fnlwgt', 'education_num', 'capital_gain', 'capital_loss', 'hours_per_week'),
      ...categories(
        'workclass',
        'education',
        'marital_status',
        'occupation',
        'relationship',
        'race',
        'sex',
        'native_country',
      ),
    ],
  },
  movielens: {
    file: 'movielens-1m.csv.gz',
    test: "fold = '5'",
    label: 'label',
    fields: [
      ...categories('user_id', 'movie_id', 'gender', 'age', 'occupation', 'zip3', 'year'),
      {name: 'genres', kind: 'list', width: 6},
    ],
  },
};

/** The fields whose ids stand in the order of what they mean. */
export function orderedFields(name: DataName): string[] {
  if (isFlights(name)) return ['month', 'day', 'weekday', 'hour', 'ten minutes', 'distance'];
  return isStreamed(name) ? [] : sources[name].fields.filter(({kind}) => kind === 'number').map(field => field.name);
}

/** Where the data files are, unless the command says otherwise. */
export const defaultFolder = path.join('..', 'shared', 'data');

/** The file of a data set, or null where it needs none or is not there. */
export function missingFile(name: DataName, folder: string): string | null {
  if (isFlights(name)) return null;
  const file = isStreamed(name) ? streamedFile(name, folder) : path.join(folder, sources[name].file);
  return existsSync(file) ? null : file;
}

/** How rows are read. */
export interface Reading {
  bins?: Bins;
  /** Whether the seed draws as many test rows as the source gives, instead of those. Default: false. */
  drawn?: boolean;
}

/** Reads and encodes a data set. */
export async function readData(
  name: Exclude<DataName, StreamedName>,
  {folder, seed, bins, drawn = false}: {folder: string; seed: number} & Reading,
): Promise<DataSet> {
  if (isFlights(name)) {
    // Test rows follow from the sample: one for all seeds, or another for each.
    const {fields, train, validation, test} = await readFlights({rows: flightRows[name], seed: drawn ? seed + 1 : 1});
    return {fields, parts: {train, validation, test}};
  }
  const {file, test, label, fields} = sources[name];
  const instance = await DuckDBInstance.create(':memory:', {threads: '2'});
  const connection = await instance.connect();
  try {
    const text = path.join(folder, file).replaceAll("'", "''");
    await connection.run(`CREATE TABLE source AS
      SELECT * REPLACE (${label}::INTEGER AS label), row_number() OVER () AS n
      FROM read_csv('${text}', header = true, all_varchar = true, nullstr = ['', '?'])`);
    await connection.run(`CREATE TABLE rows AS
      SELECT *, CASE WHEN ${drawn ? drawnTest(test, seed) : test} THEN 'test' WHEN hash(n * 1000003 + ${seed}) % 10 = 0 THEN 'validation' ELSE 'train' END AS part
      FROM source`);
    return await encode(connection, fields, bins);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** SQL that is true for as many rows as `test` is, drawn by a seed. */
function drawnTest(test: string, seed: number): string {
  return `row_number() OVER (ORDER BY hash(n * 7368787 + ${seed}), n) <= (SELECT count(*) FROM source WHERE ${test})`;
}
