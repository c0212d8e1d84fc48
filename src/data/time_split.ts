import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {checkKeys, checkNumber} from '../checks';
import {AutofisError} from '../errors';
import type {Split} from '../schema/split';
import {checkColumns, textSql} from './sql/columns';
import {openEngine, readRows} from './sql/duckdb';
import {openRelation} from './sources/relation';
import type {Source} from './sources/source';
import {readError} from './staging/staged';

export interface TimeSplitOptions {
  source: Source;
  /** The column with the time of a row: numbers, or text that sorts by time, such as "2014-10-30". */
  column: string;
  /** Shares of the rows, the newest ones for `test`, those before them for `valid`; default 0. */
  valid?: number;
  test?: number;
}

/**
 * A split by time with shares instead of moments: looks for the moments from which on the newest rows have these
 * shares. Rows of the same moment stay together, so the shares are those at least.
 * @throws AutofisError if the source cannot be read, has no such column, or all of its rows have one time.
 * @example
 * const split = await timeSplit({source: 'clicks.csv', column: 'hour', valid: 0.1, test: 0.1});
 */
export async function timeSplit(options: TimeSplitOptions): Promise<Split & {by: 'time'}> {
  const where = 'timeSplit';
  checkKeys(where, options, ['source', 'column', 'valid', 'test']);
  const {source, column, valid = 0, test = 0} = options;
  checkNumber(where, 'valid', valid, '[0, 1)');
  checkNumber(where, 'test', test, '[0, 1)');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'autofis-'));
  const engine = await openEngine(folder);
  try {
    const relation = await openRelation(where, source, engine, folder);
    checkColumns(where, [column], relation.columns, 'the source');
    const text = textSql(column, relation.columns.find(({name}) => name === column)!.type);
    const times = `(SELECT ${text} AS t FROM ${relation.sql})`;
    const rows = `(SELECT t, TRY_CAST(t AS DOUBLE) AS x FROM ${times} WHERE t IS NOT NULL)`;
    const [[all, numbers]] = await readRows(engine.connection, `SELECT count(*), count(x) FROM ${rows}`);
    const value = all === numbers ? 'x' : 't';
    const cut = (share: number) => `quantile_disc(${value}, ${1 - share})`;
    const [[testFrom, validFrom, first]] = (await readRows(
      engine.connection,
      `SELECT ${cut(test)}, ${cut(valid + test)}, min(${value}) FROM ${rows}`,
    )) as Array<Array<string | number | null>>;
    const used = [...(valid > 0 ? [validFrom] : []), ...(test > 0 ? [testFrom] : [])];
    if (used.length === 0 || used.some(each => each === null || each === first)) {
      throw new AutofisError(
        `${where}: the times in ${column} leave no row for training: the oldest is ${first ?? 'missing'}, and ` +
          `${valid > 0 ? 'valid' : 'test'} would begin at ${used[0] ?? 'no time'}. ` +
          'Give smaller shares, or another column.',
      );
    }
    return {
      by: 'time',
      column,
      ...(valid > 0 ? {validFrom: validFrom!} : {}),
      ...(test > 0 ? {testFrom: testFrom!} : {}),
    };
  } catch (error) {
    throw error instanceof AutofisError ? error : readError(where, error as Error, source);
  } finally {
    engine.close();
    await rm(folder, {recursive: true, force: true});
  }
}
