import type {DuckDBConnection} from '@duckdb/node-api';
import {checkKeys, checkNumber} from '../checks';
import {AutofisError} from '../errors';
import type {CountedValue} from '../schema/inference/counted_value';
import {orderCuts} from '../schema/part_of_row';
import type {TimeSplit} from '../schema/split';
import {splitDates} from '../schema/split_times';
import {checkColumns} from './sql/columns';
import {textSql} from './sql/raw_values';
import {countedValues, readRows} from './sql/results';
import {openRelation} from './sources/open_relation';
import type {Source} from './sources/source';
import {readError} from './staging/read_error';
import {withEngine} from './with_engine';

export interface TimeSplitOptions {
  source: Source;
  /** The column with the time of a row: numbers, or text that sorts by time, such as "2014-10-30". */
  column: string;
  /** The format of its dates, as a split has it, such as '%d.%m.%Y'. Default: numbers, or text that sorts by time. */
  format?: string;
  /** Shares of the rows, the newest ones for `test`, those before them for `valid`; default 0. */
  valid?: number;
  test?: number;
}

/** Which function was called with which options, for messages. */
export interface TimeWords {
  where: string;
  /** The option of the column. */
  column: string;
  /** The rows that are not for training, and what helps where these are all. */
  rows: string;
  cure: string;
}

type Shares = Required<Pick<TimeSplitOptions, 'valid' | 'test'>>;

const TIME_SPLIT: TimeWords = {
  where: 'timeSplit',
  column: '`column`',
  rows: 'the newer parts',
  cure: 'Give smaller shares',
};

/**
 * Find the cuts of a split by time for given shares: the newest rows are for testing, those before them for validation.
 * Rows with the same time stay together, so a part may have more than its share.
 * @throws AutofisError if the source cannot be read, has no such column, or no row is left for training.
 * @example
 * const split = await timeSplit({source: 'clicks.csv', column: 'hour', valid: 0.1, test: 0.1});
 */
export async function timeSplit(options: TimeSplitOptions): Promise<TimeSplit> {
  return timeSplitFor(TIME_SPLIT, options);
}

/** `timeSplit` of a function with options of its own. */
export async function timeSplitFor(words: TimeWords, options: TimeSplitOptions): Promise<TimeSplit> {
  const {where} = words;
  checkKeys(where, options, ['source', 'column', 'format', 'valid', 'test']);
  const {source, column, format, valid = 0, test = 0} = options;
  const readDate = format === undefined ? undefined : splitDates(`${where}: \`format\``, format);
  checkNumber(where, 'valid', valid, '[0, 1)');
  checkNumber(where, 'test', test, '[0, 1)');
  if (valid + test >= 1)
    throw new AutofisError(
      `${where}: \`valid\` and \`test\` are ${valid + test} together, which leave no row for training. ` +
        `${words.cure}.`,
    );
  return withEngine({progress: false}, async (engine, folder) => {
    try {
      const relation = await openRelation(where, source, engine, folder);
      checkColumns(where, [column], relation.columns, 'the source', `Give another ${words.column}.`);
      const text = textSql(column, relation.columns.find(({name}) => name === column)!.type);
      const [first, testFrom, validFrom] =
        readDate === undefined
          ? await plainTimes(engine.connection, `(SELECT ${text} AS t FROM ${relation.sql})`, {valid, test})
          : datesAt(await countedValues(engine.connection, text, relation.sql), readDate, {valid, test});
      const used = [...(valid > 0 ? [validFrom] : []), ...(test > 0 ? [testFrom] : [])];
      if (used.length === 0 || used.some(time => time === null || time === first)) {
        throw new AutofisError(
          `${where}: the times in ${column} leave no row for training: the oldest is ${first ?? 'missing'}, and ` +
            `${words.rows} would begin at ${used[0] ?? 'no time'}. ${words.cure}, or another ${words.column}.`,
        );
      }
      return {
        by: 'time',
        column,
        ...(format === undefined ? {} : {format}),
        ...(valid > 0 ? {validFrom: validFrom!} : {}),
        ...(test > 0 ? {testFrom: testFrom!} : {}),
      };
    } catch (error) {
      throw await readError(where, error as Error, source);
    }
  });
}

/** The oldest time, and those of the first test row and the first row of validation. */
type Times = Array<string | number | null>;

/** The places of these two rows by time, from 0 on; the newest row is for testing in any case. */
function firstRows(shares: Shares, rows: number): number[] {
  return orderCuts(shares, rows).map(row => Math.min(row, rows - 1));
}

async function plainTimes(connection: DuckDBConnection, times: string, shares: Shares): Promise<Times> {
  const rows = `(SELECT t, TRY_CAST(t AS DOUBLE) AS x FROM ${times} WHERE t IS NOT NULL)`;
  const [[all, numbers]] = await readRows<number[]>(connection, `SELECT count(*), count(x) FROM ${rows}`);
  const value = all === numbers ? 'x' : 't';
  if (all === 0) return [null, null, null];
  // The row at place i is the quantile of each share between i / all and (i + 1) / all.
  const cuts = firstRows(shares, all).map(row => `quantile_disc(${value}, ${(row + 0.5) / all})`);
  return (await readRows(connection, `SELECT min(${value}), ${cuts.join(', ')} FROM ${rows}`))[0] as Times;
}

/** Return the times of `plainTimes` for dates. `prepare` names those that cannot be read. */
function datesAt(
  values: readonly CountedValue[],
  readDate: (text: string) => number | undefined,
  shares: Shares,
): Times {
  const dates = values
    .map(({value, count}) => ({at: readDate(value), count}))
    .filter((date): date is {at: number; count: number} => date.at !== undefined)
    .sort((a, b) => a.at - b.at);
  const rows = dates.reduce((sum, {count}) => sum + count, 0);
  const dateOf = (row: number) => {
    let before = 0;
    return dates.find(({count}) => (before += count) > row)?.at ?? null;
  };
  const text = (at: number | null) => (at === null ? null : new Date(at).toISOString().slice(0, 19).replace('T', ' '));
  return [dates[0]?.at ?? null, ...firstRows(shares, rows).map(dateOf)].map(text);
}
