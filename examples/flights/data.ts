import {DuckDBInstance} from '@duckdb/node-api';
import {flightsFile} from './file';

/** Flights as ids: one row a flight, one column a field, ids counted from 0 within each field. */
export interface Table {
  rows: number;
  /** Row-major, [rows, fields]. */
  ids: Int32Array;
  /** 1 where the flight arrived more than 15 minutes late. */
  labels: Float32Array;
}

export interface Flights {
  fields: Array<{name: string; size: number}>;
  /** What people call the values of each field, by id. */
  valueNames: string[][];
  train: Table;
  /** A tenth of what are not test rows: gates learn from half of them, and the other half chooses. */
  validation: Table;
  test: Table;
}

/** Each field as SQL over the columns date, distance, origin and destination. */
const FIELDS: Record<string, string> = {
  month: 'month(date)',
  day: 'dayofyear(date)',
  weekday: 'isodow(date)',
  hour: 'hour(date)',
  'ten minutes': 'minute(date) // 10',
  distance: 'distance // 100',
  origin: 'origin',
  destination: 'destination',
};

/** The name of a date's month or weekday. */
const nameOf = (date: Date, part: 'month' | 'weekday') =>
  new Intl.DateTimeFormat('en', {[part]: 'long', timeZone: 'UTC'}).format(date);

/** What people call a value of a field. */
const NAMES: Record<string, (value: number | string) => string> = {
  month: value => nameOf(new Date(Date.UTC(2000, Number(value) - 1)), 'month'),
  day: value => {
    const date = new Date(Date.UTC(2001, 0, Number(value)));
    return `${date.getUTCDate()} ${nameOf(date, 'month')}`;
  },
  weekday: value => nameOf(new Date(Date.UTC(2000, 0, 2 + (Number(value) % 7))), 'weekday'),
  hour: value => `${value}:00`,
  'ten minutes': value => `:${value}0`,
  distance: value => (value === 0 ? 'below 100 miles' : `${value}00 to ${value}99 miles`),
};

/**
 * Reads a seeded sample of the 3 million US flights of 2001 that the npm package vega-datasets carries.
 * Every fifth row is test.
 */
export async function readFlights({rows, seed}: {rows: number; seed: number}): Promise<Flights> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const names = Object.keys(FIELDS);
    const values = names.map(name => `${FIELDS[name]} AS "${name}"`).join(', ');
    const ids = names.map(name => `(dense_rank() OVER (ORDER BY "${name}") - 1)::INTEGER AS "${name}"`).join(', ');
    const labels = names.map(name => `"${name}" AS "${name} value"`).join(', ');
    const source = `read_parquet('${flightsFile.replaceAll("'", "''")}', file_row_number = true)`;
    const count = Number((await connection.runAndReadAll(`SELECT count(*) FROM ${source}`)).getRows()[0][0]);
    if (rows > count)
      throw new Error(`--rows must be at most ${count}, the number of flights in the file. Received: ${rows}.`);
    const reader = await connection.runAndReadAll(`
      WITH sample AS (
        SELECT file_row_number AS row, (delay > 15)::INTEGER AS late, ${values}
        FROM ${source}
        ORDER BY hash(file_row_number * 1000003 + ${seed}) LIMIT ${rows})
      SELECT late, ${ids}, ${labels} FROM sample ORDER BY row`);
    const [late, ...rest] = reader.getColumns() as number[][];
    const columns = rest.slice(0, names.length);
    const texts = rest.slice(names.length) as Array<Array<number | bigint | string>>;
    const fields = names.map((name, f) => ({name, size: columns[f].reduce((max, id) => Math.max(max, id), 0) + 1}));
    const valueNames = names.map((name, f) => {
      const own: string[] = [];
      columns[f].forEach((id, row) => {
        const text = texts[f][row];
        own[id] ??= (NAMES[name] ?? String)(typeof text === 'bigint' ? Number(text) : text);
      });
      return own;
    });
    const part = (keep: (row: number) => boolean) => table(late, columns, keep);
    const isTest = (row: number) => row % 5 === 4;
    // Of each 10 other rows, which are numbered by themselves, the last.
    const isValidation = (row: number) => (row - Math.floor(row / 5)) % 10 === 9;
    return {
      fields,
      valueNames,
      train: part(row => !isTest(row) && !isValidation(row)),
      validation: part(row => !isTest(row) && isValidation(row)),
      test: part(isTest),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function table(labels: number[], columns: number[][], keep: (row: number) => boolean): Table {
  const kept = labels.map((_, row) => row).filter(keep);
  const ids = new Int32Array(kept.length * columns.length);
  kept.forEach((row, i) =>
    columns.forEach((column, f) => {
      ids[i * columns.length + f] = column[row];
    }),
  );
  return {rows: kept.length, ids, labels: Float32Array.from(kept, row => labels[row])};
}
