import type {DuckDBConnection} from '@duckdb/node-api';
import {LARGEST_CODE} from '../schema/rules/numeric';
import {FIRST, MISSING, type Outcome, UNSEEN} from '../schema/rules/rule';
import {ruleEncoder} from '../schema/rule_encoder';
import type {FieldRule} from '../schema/schema';
import {type FittedField, hasVocabulary} from '../schema/vocabulary';
import {chunksOf, identifier, literal} from './duckdb';

/**
 * An expression over one column. DuckDB computes a function of a column once for each value of Parquet's dictionary, but a cast
 * or a CASE for each row: so where values repeat, the expression becomes the lambda of a function. It must stand values of
 * rows that were left out, too, since they may be in the dictionary.
 */
export function overValues(column: string, repeating: boolean, expression: (value: string) => string): string {
  return repeating ? `list_transform([${column}], lambda v: ${expression('v')})[1]` : expression(column);
}

/** The value of a field as SQL over its staged column, NULL where it is missing: text, a number, or the code of a number as text. */
export function valueSql(rule: FieldRule, column: string): string {
  if (rule.type === 'numeric') {
    if (rule.bucketing !== 'logSquared') return column;
    return `TRY_CAST(CASE WHEN ${column} > 2 THEN floor(ln(${column}) * ln(${column})) ` +
      `WHEN ${column} IS NOT NULL THEN greatest(trunc(${column}), ${-LARGEST_CODE}) END AS BIGINT)::VARCHAR`;
  }
  if (!rule.missing?.length || rule.type === 'multiValued') return column;
  return `CASE WHEN ${column} NOT IN (${rule.missing.map(literal).join(', ')}) THEN ${column} END`;
}

/** How DuckDB encodes a field. */
export interface FieldSql {
  width: number;
  /** An integer expression: the id itself, or a row of `table`. */
  sql: string;
  /** The ids of each code, `width` a code, and what became of the value. Absent where the code is the id. */
  table?: {ids: Int32Array, outcomes: Uint8Array};
  /** Whether the id UNSEEN stands for an unseen value. */
  hasUnseen: boolean;
}

/** Outcomes as they stand in `FieldSql.table`. */
export const OUTCOME: Record<Outcome, number> = {known: 0, missing: 1, invalid: 1, unseen: 2};

/** Where the values of a field are. */
export interface Column {
  name: string;
  /** As in `Staged`. */
  repeating: boolean;
  /** Relation of all rows to be encoded. */
  rows: string;
}

/**
 * Prepares the encoding of a field. Vocabularies become enumerations, whose casts are hash look-ups in a plain projection:
 * no joins, so rows keep their order and memory stays small. Fields whose rule is more than a look-up (dates, hashes,
 * lists) are looked up as whole values, each of which the reference encoder has encoded once.
 */
export async function fieldSql(
    connection: DuckDBConnection, rule: FieldRule, field: FittedField, column: Column, index: number): Promise<FieldSql> {
  const over = (expression: (value: string) => string) => overValues(column.name, column.repeating, expression);
  if (rule.type === 'numeric' && !hasVocabulary(rule)) {
    return {width: 1, hasUnseen: false, sql: over(x => `CASE WHEN ${x} IS NULL THEN ${MISSING} ELSE 1 + ${bucketSql(x, field.edges!, 0, field.edges!.length)} END`)};
  }
  const name = `codes_${index}`;
  if (rule.type === 'categorical' || rule.type === 'numeric') {
    const known = await enumeration(connection, name, field.values!);
    const id = (value: string) => known === undefined ? `${UNSEEN}` : `coalesce(${codeSql(value, known)} + ${FIRST}, ${UNSEEN})`;
    return {width: 1, hasUnseen: true, sql: over(v => `CASE WHEN ${valueSql(rule, v)} IS NULL THEN ${MISSING} ELSE ${id(valueSql(rule, v))} END`)};
  }
  const values = await distinctValues(connection, column);
  const encoder = ruleEncoder(rule, field), {width} = encoder;
  const table = {ids: new Int32Array((values.length + 1) * width), outcomes: new Uint8Array(values.length + 1)};
  [null, ...values].forEach((each, code) => { table.outcomes[code] = OUTCOME[encoder.encode(each, table.ids, code * width)]; });
  const all = await enumeration(connection, name, values);
  return {width, table, hasUnseen: rule.type === 'multiValued', sql: all === undefined ? '0' : over(v => `coalesce(${codeSql(v, all)} + 1, 0)`)};
}

/** The position of a value in an enumeration, NULL if it is not in it. */
const codeSql = (value: string, enumeration: string) => `enum_code(TRY_CAST(${value} AS ${enumeration}))::INTEGER`;

/** The number of edges <= x as a tree of comparisons. */
function bucketSql(x: string, edges: readonly number[], low: number, high: number): string {
  if (low === high) return String(low);
  const middle = (low + high) >>> 1;
  // Written as text and cast: a literal such as 0.1 would be a decimal.
  return `CASE WHEN ${x} >= '${edges[middle]}'::DOUBLE THEN ${bucketSql(x, edges, middle + 1, high)} ELSE ${bucketSql(x, edges, low, middle)} END`;
}

async function distinctValues(connection: DuckDBConnection, {name, rows}: Column): Promise<string[]> {
  const values: string[] = [];
  for await (const chunk of chunksOf(connection, `SELECT DISTINCT ${name} FROM ${rows} WHERE ${name} IS NOT NULL`)) {
    for (const value of chunk.getColumnValues(0)) values.push(value as string);
  }
  return values;
}

/** An enumeration of the values in their order; undefined for none at all, which DuckDB does not have. */
async function enumeration(connection: DuckDBConnection, name: string, values: readonly string[]): Promise<string | undefined> {
  if (values.length === 0) return undefined;
  const type = identifier(name), table = identifier(`${name}_values`);
  await connection.run(`CREATE TABLE ${table} (value VARCHAR)`);
  const appender = await connection.createAppender(`${name}_values`);
  for (const value of values) {
    appender.appendVarchar(value);
    appender.endRow();
  }
  appender.closeSync();
  await connection.run(`CREATE TYPE ${type} AS ENUM (SELECT value FROM ${table}); DROP TABLE ${table}`);
  return type;
}
