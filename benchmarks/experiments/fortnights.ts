import {createRequire} from 'node:module';
import path from 'node:path';
import type {Schema} from 'tfjs-autofis';
import {FLIGHT_FIELDS, literal} from '../internals';

/** Whole fortnights in the flights of vega-datasets, from Monday, 1 January 2001. */
export const FORTNIGHTS = 13;
/** Rows of the file: what a sample is a share of. */
const ROWS = 3_000_000;
/** The share is counted in parts of this number. */
const PARTS = 1_000_000;

/** Each field as SQL. Days and months of the year are none: those of tomorrow's rows have never been seen. */
const FIELDS = Object.fromEntries(Object.entries(FLIGHT_FIELDS).filter(([name]) => !['month', 'day'].includes(name)));

/** How flights become ids. */
export const flightSchema: Schema = {
  version: 1,
  label: {column: 'late'},
  fields: Object.keys(FIELDS).map(name => ({type: 'categorical', name, column: name})),
};

/**
 * Flights of some fortnights, oldest first, as a query.
 *
 * @param from The first fortnight, counted from 1; a fraction begins within it.
 * @param to The last one.
 * @param rows Flights of a fortnight, about, by a seeded sample; all by default.
 */
export function flightsOf({from, to, rows, seed}: {from: number; to: number; rows?: number; seed: number}): {
  sql: string;
} {
  const file = path.join(
    path.dirname(createRequire(__filename).resolve('vega-datasets')),
    '../data/flights-3m.parquet',
  );
  const values = Object.entries(FIELDS).map(([name, sql]) => `${sql} AS "${name}"`);
  const begin = (fortnight: number) =>
    `TIMESTAMP '2001-01-01' + INTERVAL ${Math.round((fortnight - 1) * 14 * 24)} HOUR`;
  const share = rows === undefined ? PARTS : Math.round((PARTS * rows * FORTNIGHTS) / ROWS);
  return {
    sql:
      `SELECT (delay > 15)::INTEGER AS late, ${values.join(', ')} ` +
      `FROM read_parquet(${literal(file)}, file_row_number = true) ` +
      `WHERE date >= ${begin(from)} AND date < ${begin(to + 1)} ` +
      `AND hash(file_row_number * 1000003 + ${seed}) % ${PARTS} < ${share} ORDER BY date, file_row_number`,
  };
}
