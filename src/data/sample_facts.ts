import type {DuckDBConnection} from '@duckdb/node-api';
import {type ColumnFacts, countedFacts, type RowOrder} from '../schema/inference/column_facts';
import {type FoldCounts, FOLD_SEED, FOLDS} from '../schema/inference/compare_readings';
import type {LabelRule} from '../schema/schema';
import {labelSql} from './sql/text_sql';
import {countedValues} from './sql/counted_values';
import {chunksOf, readRows, textsOf, whole} from './sql/results';
import {identifier, oneOf} from './sql/literals';
import {hashed} from './sql/split_sql';

/** Look at a column of a table of texts with `rows` rows. */
export async function sampleFacts(
  connection: DuckDBConnection,
  table: string,
  rows: number,
  name: string,
): Promise<ColumnFacts> {
  const counted = await countedValues(connection, identifier(name), table);
  const facts = countedFacts(name, rows, counted);
  return facts.number === undefined ? facts : {...facts, order: await rowOrder(connection, table, facts)};
}

/** How the numbers of a column follow each other in the table. */
async function rowOrder(connection: DuckDBConnection, table: string, {name, missing}: ColumnFacts): Promise<RowOrder> {
  const column = identifier(name);
  const isNumber = `${column} IS NOT NULL${missing.length > 0 ? ` AND NOT ${oneOf(column, missing)}` : ''}`;
  const [[changes, falls]] = (await readRows(
    connection,
    `SELECT count(*) FILTER (x <> last), count(*) FILTER (x < last) FROM (
    SELECT x, lag(x) OVER (ORDER BY row) AS last
      FROM (SELECT TRY_CAST(${column} AS DOUBLE) AS x, row_number() OVER () AS row
        FROM ${table} WHERE ${isNumber}))`,
  )) as number[][];
  return {changes, falls};
}

/** Labels of the rows of each value of a column, in the folds of `foldCounts`. */
export async function sampleFolds(
  connection: DuckDBConnection,
  table: string,
  {name, missing}: ColumnFacts,
  label: LabelRule,
): Promise<FoldCounts> {
  const column = identifier(name);
  const position = new Map<string, number>();
  const counts: number[] = [];
  // Only these columns pass, so that one of the table may be called h, as the hash is.
  const cells = `(SELECT ${column} AS v, ${labelSql(label, identifier(label.column))} AS y,
    row_number() OVER () - 1 AS row FROM ${table})`;
  const sql = `SELECT ${whole('v')}, (h >> 30)::INTEGER AS fold, y, count(*)::DOUBLE
    FROM ${hashed(cells, 'row', FOLD_SEED)} WHERE v IS NOT NULL AND y IN (0, 1) GROUP BY 1, 2, 3`;
  for await (const chunk of chunksOf(connection, sql)) {
    const [folds, labels, rows] = [1, 2, 3].map(i => chunk.getColumnValues(i) as number[]);
    textsOf(chunk, 0).forEach((value, i) => {
      if (missing.includes(value!)) return;
      if (!position.has(value!)) {
        position.set(value!, position.size);
        counts.push(...new Array<number>(2 * FOLDS).fill(0));
      }
      counts[(position.get(value!)! * FOLDS + folds[i]) * 2 + labels[i]] = rows[i];
    });
  }
  return {values: [...position.keys()], counts: Float64Array.from(counts)};
}
