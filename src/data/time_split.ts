import type {DuckDBConnection} from '@duckdb/node-api';
import {checkKeys, checkNumber} from '../checks';
import {AutofisError} from '../errors';
import type {CountedValue} from '../schema/inference/date_formats';
import type {TimeSplit} from '../schema/split';
import {splitDates} from '../schema/split_times';
import {checkColumns} from './sql/columns';
import {textSql} from './sql/text_sql';
import {countedValues} from './sql/counted_values';
import {openEngine} from './sql/duckdb';
import {readRows} from './sql/results';
import {openRelation} from './sources/open_relation';
import type {Source} from './sources/source';
import {readError} from './staging/read_error';
import {temporaryFolder} from './temporary_folder';

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

const OWN: TimeWords = {where: 'timeSplit', column: '`column`', rows: 'the newer parts', cure: 'Give smaller shares'};

/**
 * Find the cuts of a split by time for given shares: the newest rows are for testing, those before them for validation.
 * Rows with the same time stay together, so a part may have more than its share.
 * @throws AutofisError if the source cannot be read, has no such column, or all of its rows have one time.
 * @example
 * const split = await timeSplit({source: 'clicks.csv', column: 'hour', valid: 0.1, test: 0.1});
 */
export async function timeSplit(options: TimeSplitOptions): Promise<TimeSplit> {
  return timeSplitFor(OWN, options);
}

/** `timeSplit` of a function with options of its own. */
export async function timeSplitFor(words: TimeWords, options: TimeSplitOptions): Promise<TimeSplit> {
  const {where} = words;
  checkKeys(where, options, ['source', 'column', 'format', 'valid', 'test']);
  const {source, column, format, valid = 0, test = 0} = options;
  const readDate = format === undefined ? undefined : splitDates(`${where}: \`format\``, format);
  checkNumber(where, 'valid', valid, '[0, 1)');
  checkNumber(where, 'test', test, '[0, 1)');
  const {path: folder, remove} = await temporaryFolder();
  const engine = await openEngine(folder);
  try {
    const relation = await openRelation(where, source, engine, folder);
    checkColumns(where, [column], relation.columns, 'the source', `Give another ${words.column}.`);
    const text = textSql(column, relation.columns.find(({name}) => name === column)!.type);
    const shares = [test, valid + test];
    const [first, testFrom, validFrom] =
      readDate === undefined
        ? await quantiles(engine.connection, `(SELECT ${text} AS t FROM ${relation.sql})`, shares)
        : datesAt(await countedValues(engine.connection, text, relation.sql), readDate, shares);
    const used = [...(valid > 0 ? [validFrom] : []), ...(test > 0 ? [testFrom] : [])];
    if (used.length === 0 || used.some(each => each === null || each === first)) {
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
    throw readError(where, error as Error, source);
  } finally {
    engine.close();
    await remove();
  }
}

/** The oldest time, and the times from which on rows have these shares. */
type Times = Array<string | number | null>;

async function quantiles(connection: DuckDBConnection, times: string, shares: readonly number[]): Promise<Times> {
  const rows = `(SELECT t, TRY_CAST(t AS DOUBLE) AS x FROM ${times} WHERE t IS NOT NULL)`;
  const [[all, numbers]] = await readRows(connection, `SELECT count(*), count(x) FROM ${rows}`);
  const value = all === numbers ? 'x' : 't';
  const cuts = shares.map(share => `quantile_disc(${value}, ${1 - share})`);
  return (await readRows(connection, `SELECT min(${value}), ${cuts.join(', ')} FROM ${rows}`))[0] as Times;
}

/** The same of dates; those that cannot be read are for `prepare` to name. */
function datesAt(
  values: readonly CountedValue[],
  readDate: (text: string) => number | undefined,
  shares: readonly number[],
): Times {
  const dates = values
    .map(({value, count}) => ({at: readDate(value), count}))
    .filter((date): date is {at: number; count: number} => date.at !== undefined)
    .sort((a, b) => a.at - b.at);
  const rows = dates.reduce((sum, {count}) => sum + count, 0);
  const from = (share: number) => {
    let left = (1 - share) * rows;
    return dates.find(({count}) => (left -= count) <= 0)?.at ?? null;
  };
  const text = (at: number | null) => (at === null ? null : new Date(at).toISOString().slice(0, 19).replace('T', ' '));
  return [dates[0]?.at ?? null, ...shares.map(from)].map(text);
}
