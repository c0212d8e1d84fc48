import type {DuckDBConnection} from '@duckdb/node-api';
import {type ColumnFacts, countedFacts, listFacts, type RowOrder} from '../schema/inference/column_facts';
import {type FoldCounts, FOLD_SEED, FOLDS} from '../schema/inference/compare_readings';
import type {Inferred} from '../schema/inference/infer_fields';
import type {LabelRule} from '../schema/schema';
import {PARTS} from '../schema/split';
import type {RelationColumn} from './sql/columns';
import {rawValue} from './sql/raw_values';
import {labelSql} from './sql/text_sql';
import {countedValues} from './sql/counted_values';
import {chunksOf, readRows, textsOf, whole} from './sql/results';
import {identifier, oneOf} from './sql/literals';
import {hashed, partOfValue, withPart} from './sql/split_sql';
import {SPLIT_TIME} from './sql/staging_plan';
import {datePart} from './staging/date_parts';

/** Look at a column of a table with `rows` rows, of raw values where it is of lists, else of texts. */
export async function sampleFacts(
  connection: DuckDBConnection,
  table: string,
  rows: number,
  {name, isList, isObject}: Pick<RelationColumn, 'name' | 'isList' | 'isObject'>,
): Promise<ColumnFacts> {
  const counted = await countedValues(connection, identifier(name), table);
  const facts = isList
    ? listFacts(
        name,
        rows,
        counted.map(({value, count}) => ({value: rawValue(value)!, count})),
        isObject,
      )
    : countedFacts(name, rows, counted, {isObject});
  return facts.number === undefined ? facts : {...facts, order: await rowOrder(connection, table, facts)};
}

/** Count how often the numbers of a column change and fall from one row of the table to the next. */
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

/** A table with the numbers of the rows, from 0, that choices may see: all but test rows. */
export async function rowsBeforeTest(
  connection: DuckDBConnection,
  table: string,
  split: Inferred['split'],
): Promise<string> {
  const name = 'rows_before_test';
  const parted = await partedRows(connection, table, split);
  await connection.run(`CREATE TABLE ${name} AS SELECT row FROM ${parted} WHERE part < ${PARTS.indexOf('test')}`);
  return name;
}

/** Rows of a table as their numbers and parts. */
async function partedRows(connection: DuckDBConnection, table: string, split: Inferred['split']): Promise<string> {
  const rows = (more = '') => `(SELECT row_number() OVER () - 1 AS row${more} FROM ${table})`;
  if (split.by === 'fraction') return withPart(split, rows(), 'row');
  const value = identifier(split.column);
  if (split.by !== 'time' || split.format === undefined)
    return withPart(split, rows(`, ${partOfValue(split, value)} AS part`), 'row');
  const dated = rows(`, ${value} AS ${SPLIT_TIME}`);
  return `(SELECT row, ${await datePart(connection, split, dated)} AS part FROM ${dated})`;
}

/**
 * Labels of the rows of each value of a column, in the folds of `foldCounts`.
 * @param seen A table with the numbers of the rows that are counted.
 */
export async function sampleFolds(
  connection: DuckDBConnection,
  table: string,
  {name, missing}: ColumnFacts,
  {label, seen}: {label: LabelRule; seen: string},
): Promise<FoldCounts> {
  const column = identifier(name);
  const position = new Map<string, number>();
  const counts: number[] = [];
  // Only these columns pass, so that one of the table may be called h, as the hash is.
  const cells = `(SELECT ${column} AS v, ${labelSql(label, identifier(label.column))} AS y,
    row_number() OVER () - 1 AS row FROM ${table})`;
  const sql = `SELECT ${whole('v')}, (h >> 30)::INTEGER AS fold, y, count(*)::DOUBLE
    FROM ${hashed(cells, 'row', FOLD_SEED)}
    WHERE v IS NOT NULL AND y IN (0, 1) AND row IN (FROM ${seen}) GROUP BY 1, 2, 3`;
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
