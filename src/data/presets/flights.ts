import {checkInteger} from '../../checks';
import {identifier, literal} from '../../sql_literals';
import {categoricalFields, type Preset} from './preset';

export interface FlightsOptions {
  /**
   * flights-3m.parquet of the npm package vega-datasets, or any Parquet file with date, delay, distance, origin,
   * destination.
   */
  file: string;
  /** Size of a seeded sample of the rows. Default: all. */
  rows?: number;
  seed?: number;
}

/** Each field of the flights as SQL. */
export const FLIGHT_FIELDS: Readonly<Record<string, string>> = {
  month: 'month(date)',
  day: 'dayofyear(date)',
  weekday: 'isodow(date)',
  hour: 'hour(date)',
  'ten minutes': 'minute(date) // 10',
  distance: 'distance // 100',
  origin: 'origin',
  destination: 'destination',
};

/**
 * US flights of 2001, as in the demo: label 1 for an arrival more than 15 minutes late, eight fields; every fifth row
 * is test, and of each ten others the last one valid.
 * @throws AutofisError if `rows` or `seed` breaks its rule.
 * @example
 * const file = 'node_modules/vega-datasets/data/flights-3m.parquet';
 * await prepare({...flights({file, rows: 200_000}), folder: 'shards'});
 */
export function flights({file, rows, seed = 1}: FlightsOptions): Preset {
  if (rows !== undefined) checkInteger('flights', 'rows', rows, 10);
  checkInteger('flights', 'seed', seed, 0);
  const select = Object.entries(FLIGHT_FIELDS)
    .map(([name, sql]) => `${sql} AS ${identifier(name)}`)
    .join(', ');
  const sample = rows === undefined ? '' : `ORDER BY hash(file_row_number * 1000003 + ${seed}) LIMIT ${rows}`;
  return {
    source: {
      sql: `
      SELECT CASE WHEN i % 5 = 4 THEN 'test' WHEN (i - i // 5) % 10 = 9 THEN 'valid' ELSE 'train' END AS part,
        * EXCLUDE (i)
      FROM (SELECT row_number() OVER (ORDER BY row) - 1 AS i, * EXCLUDE (row) FROM (
        SELECT file_row_number AS row, (delay > 15)::INTEGER AS late, ${select}
        FROM read_parquet(${literal(file)}, file_row_number = true) ${sample}))
      ORDER BY i`,
    },
    schema: {version: 1, label: {column: 'late'}, fields: categoricalFields(Object.keys(FLIGHT_FIELDS))},
    split: {by: 'column', column: 'part', train: ['train'], valid: ['valid'], test: ['test']},
  };
}
