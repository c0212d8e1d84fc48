import type {DuckDBConnection} from '@duckdb/node-api';
import {PARTS, type TimeSplit} from '../../schema/split';
import {partAt} from '../../schema/split_times';
import {SPLIT_TIME} from '../sql/staging_plan';
import {distinctValues, enumeration} from '../sql/field_sql';

/**
 * The part of staged rows by the date that the split reads, as SQL: the reference reads each different value once, and
 * rows look it up. NULL where a row is left out.
 */
export async function datePart(connection: DuckDBConnection, split: TimeSplit, staged: string): Promise<string> {
  const values = await distinctValues(connection, {name: SPLIT_TIME, rows: staged});
  const read = partAt(split);
  const parts = values.map(read);
  const cases: string[] = [];
  for (const part of PARTS.keys()) {
    const own = values.filter((_, i) => parts[i] === part);
    const type = await enumeration(connection, `part_${PARTS[part]}`, own);
    if (type !== undefined) cases.push(`WHEN TRY_CAST(${SPLIT_TIME} AS ${type}) IS NOT NULL THEN ${part}`);
  }
  return cases.length === 0 ? 'NULL::UTINYINT' : `(CASE ${cases.join(' ')} END)::UTINYINT`;
}
