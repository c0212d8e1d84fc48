import type {DuckDBConnection} from '@duckdb/node-api';
import {type FieldValue, FIRST, MISSING, UNSEEN} from '../../schema/rules/rule';
import type {FieldRule} from '../../schema/schema';
import {type FittedField, hasVocabulary} from '../../schema/vocabulary';
import {chunksOf, textsOf, lossless} from './results';
import {identifier, presentSql} from '../../sql_literals';
import {encodedValues, type FieldCodes} from './field_codes';
import {ShortTexts} from './short_texts';

/**
 * An expression over one column. DuckDB computes a function of a column once for each value of Parquet's dictionary,
 * but a cast or a CASE for each row: so where values repeat, the expression becomes the lambda of a function. It must
 * stand values of rows that were left out, too, since they may be in the dictionary.
 */
export function overValues(column: string, repeating: boolean, expression: (value: string) => string): string {
  return repeating ? `list_transform([${column}], lambda v: ${expression('v')})[1]` : expression(column);
}

/**
 * The value of a field as SQL over its staged column, NULL where it is missing: text, a number, or the code of a number
 * as text.
 */
export function valueSql(rule: FieldRule, column: string): string {
  if (rule.type === 'numeric') {
    if (rule.bucketing !== 'logSquared') return column;
    return `autofis_log_squared(${column})`;
  }
  return rule.type === 'multiValued' ? column : presentSql(column, rule.missing);
}

/** SQL that encodes a field, and the translation of its codes into ids. */
export interface FieldSql extends FieldCodes {
  /**
   * An expression of its codes, which are integers; with `texts`, of text that is looked up there, empty where a value
   * is missing.
   */
  sql: string;
  texts?: ShortTexts;
}

/** Where the values of a field are. */
export interface FieldColumn {
  name: string;
  /** True if most values lie in dictionaries, so that an expression of a value is computed once for each. */
  repeating: boolean;
  /** Relation of the rows. */
  rows: string;
  /** Reads a text of the column as the encoder takes it. */
  read(text: string): FieldValue;
}

/**
 * Prepare the encoding of a field. Vocabularies become enumerations, whose casts are look-ups in a plain projection:
 * no joins, so rows keep their order and memory stays small. A cast takes half a microsecond, which is nothing where it
 * is made for each value of a dictionary; for each row, texts are looked up here, unless they are long. Fields whose
 * rule is more than a look-up (dates, hashes, lists) are looked up as whole values, each of which the reference encoder
 * has encoded once.
 */
export async function fieldSql(
  connection: DuckDBConnection,
  rule: FieldRule,
  field: FittedField,
  column: FieldColumn,
  index: number,
): Promise<FieldSql> {
  const over = (expression: (value: string) => string) => overValues(column.name, column.repeating, expression);
  if (rule.type === 'numeric' && !hasVocabulary(rule)) {
    return {
      width: 1,
      hasUnseen: false,
      sql: over(
        x =>
          `CASE WHEN ${x} IS NULL THEN ${MISSING} ELSE 1 + ${bucketSql(x, field.edges!, 0, field.edges!.length)} END`,
      ),
    };
  }
  const coded = async (
    values: readonly string[],
    first: number,
    absent: number,
  ): Promise<Pick<FieldSql, 'sql' | 'texts'>> => {
    const texts = column.repeating ? undefined : ShortTexts.of(values, first, absent);
    if (texts !== undefined) return {texts, sql: `coalesce(${valueSql(rule, column.name)}, '')`};
    const type = await enumeration(connection, `codes_${index}`, values);
    return {
      sql: over(v => {
        const value = valueSql(rule, v);
        const code =
          type === undefined
            ? absent
            : `coalesce(enum_code(TRY_CAST(${value} AS ${type}))::INTEGER + ${first}, ${absent})`;
        return `CASE WHEN ${value} IS NULL THEN ${MISSING} ELSE ${code} END`;
      }),
    };
  };
  if (rule.type === 'categorical' || rule.type === 'numeric')
    return {width: 1, hasUnseen: true, ...(await coded(field.values!, FIRST, UNSEEN))};
  const values = await distinctValues(connection, column);
  return {...encodedValues(rule, field, values.map(column.read)), ...(await coded(values, 1, 0))};
}

/** The number of edges <= x as a tree of comparisons. */
function bucketSql(x: string, edges: readonly number[], low: number, high: number): string {
  if (low === high) return String(low);
  const middle = (low + high) >>> 1;
  // Written as text and cast: a literal such as 0.1 would be a decimal.
  return (
    `CASE WHEN ${x} >= '${edges[middle]}'::DOUBLE THEN ${bucketSql(x, edges, middle + 1, high)} ELSE ` +
    `${bucketSql(x, edges, low, middle)} END`
  );
}

/** The different values of a column of texts. */
export async function distinctValues(
  connection: DuckDBConnection,
  {name, rows}: Pick<FieldColumn, 'name' | 'rows'>,
): Promise<string[]> {
  const values: string[] = [];
  for await (const chunk of chunksOf(
    connection,
    `SELECT ${lossless('v')} FROM (SELECT DISTINCT ${name} AS v FROM ${rows} WHERE ${name} IS NOT NULL)`,
  )) {
    for (const value of textsOf(chunk, 0)) values.push(value!);
  }
  return values;
}

/** An enumeration of the values in their order; undefined for none at all, which DuckDB does not have. */
export async function enumeration(
  connection: DuckDBConnection,
  name: string,
  values: readonly string[],
): Promise<string | undefined> {
  if (values.length === 0) return undefined;
  const type = identifier(name);
  const table = identifier(`${name}_values`);
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
