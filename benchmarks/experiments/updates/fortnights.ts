import {flightsFile} from '../../../examples/flights/file';
import {FLIGHT_FIELDS, literal} from '../../internals';
import {type Calendar, categoriesOf} from './calendar';

/** Whole fortnights in the flights of vega-datasets, from Monday, 1 January 2001. */
const PERIODS = 13;
/** Rows of the file: what a sample is a share of. */
const ALL_ROWS = 3_000_000;
/** Training rows of a fortnight, about. */
const SAMPLED = 40_000;
/** The share is counted in parts of this number. */
const PARTS = 1_000_000;

/** Each field as SQL. Days and months of the year are none: those of tomorrow's rows have never been seen. */
const FIELDS = Object.fromEntries(Object.entries(FLIGHT_FIELDS).filter(([name]) => !['month', 'day'].includes(name)));

/** The half year of US flights of 2001 that there is, sampled for training. */
export const fortnights: Calendar = {
  name: 'fortnights',
  period: 'fortnight',
  year: 2001,
  periods: PERIODS,
  about:
    `The ${PERIODS} fortnights of US flights of 2001, January to June (vega-datasets), ` +
    `${SAMPLED.toLocaleString('en')} sampled flights each; fields are weekday, hour, ten minutes, distance, origin ` +
    'and destination.',
  schema: categoriesOf(Object.keys(FIELDS)),

  async rowsOf({from, to, seed, whole = false}) {
    const values = Object.entries(FIELDS).map(([name, sql]) => `${sql} AS "${name}"`);
    const begin = (fortnight: number) =>
      `TIMESTAMP '2001-01-01' + INTERVAL ${Math.round((fortnight - 1) * 14 * 24)} HOUR`;
    const share = whole ? PARTS : Math.round((PARTS * SAMPLED * PERIODS) / ALL_ROWS);
    return {
      sql:
        `SELECT (delay > 15)::INTEGER AS late, ${values.join(', ')} ` +
        `FROM read_parquet(${literal(flightsFile)}, file_row_number = true) ` +
        `WHERE date >= ${begin(from)} AND date < ${begin(to + 1)} ` +
        `AND hash(file_row_number * 1000003 + ${seed}) % ${PARTS} < ${share} ORDER BY date, file_row_number`,
    };
  },
};
