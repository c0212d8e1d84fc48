import {type ColumnFacts, DATES, EXAMPLES, INTEGER, MISSING_WORDS, SEPARATORS} from '../schema/inference/column_facts';
import {type Engine, identifier, literal, literals, readRows} from './duckdb';

/** Rows that are looked at. */
export const SAMPLE_ROWS = 300_000;

/** Looks at one column of a table of text, in which missing values are null. */
export async function columnFacts(engine: Engine, table: string, name: string): Promise<ColumnFacts> {
  const {connection} = engine, column = identifier(name);
  const missing = (await readRows(connection,
      `SELECT DISTINCT ${column} FROM ${table} WHERE ${column} IN (${MISSING_WORDS.map(literal).join(', ')}) ORDER BY 1`)).map(([word]) => word as string);
  const values = `(SELECT ${column} AS v FROM ${table} WHERE ${column} IS NOT NULL AND NOT list_contains(${literals(missing)}::VARCHAR[], ${column}))`;
  const counts = [
    'count(*)', 'count(DISTINCT v)', 'count(TRY_CAST(v AS DOUBLE))', `count(*) FILTER (regexp_full_match(v, ${literal(INTEGER)}))`,
    ...SEPARATORS.map(separator => `count(*) FILTER (contains(v, ${literal(separator)}))`),
    ...DATES.map(([format, pattern]) => `count(*) FILTER (regexp_full_match(v, ${literal(pattern)})${
      format === null ? '' : ` AND try_strptime(v, ${literal(format)}) IS NOT NULL`})`),
    "count(*) FILTER (contains(v, ':'))",
  ];
  const [found] = await readRows(connection, `SELECT ${counts.join(', ')} FROM ${values}`) as number[][];
  const [present, distinct, numbers, integers] = found;
  const separated = found.slice(4, 4 + SEPARATORS.length), dated = found.slice(4 + SEPARATORS.length, -1);
  const [[rows]] = await readRows(connection, `SELECT count(*) FROM ${table}`) as number[][];
  const date = present === 0 ? undefined : DATES.find((_, i) => dated[i] === present)?.[0];
  const examples = await readRows(connection, `SELECT v FROM ${values} GROUP BY v ORDER BY count(*) DESC, v LIMIT ${EXAMPLES}`);
  return {
    name, rows, present, missing, distinct, numbers, integers, date, time: date !== null || found[found.length - 1] > 0,
    list: numbers === present || date !== undefined ? null : await listOf(engine, values, present, distinct, separated),
    examples: examples.map(([value]) => value as string),
  };
}

/** A list if a twentieth of the values hold the separator and there are fewer items than values. */
async function listOf(
    {connection}: Engine, values: string, present: number, distinct: number, separated: readonly number[]): Promise<ColumnFacts['list']> {
  const best = separated.indexOf(Math.max(...separated));
  if (present === 0 || separated[best] < present / 20) return null;
  const separator = SEPARATORS[best];
  const [[items, width]] = await readRows(connection, `
    SELECT (SELECT count(DISTINCT item) FROM (SELECT unnest(string_split(v, ${literal(separator)})) AS item FROM ${values})),
      (SELECT max(len(string_split(v, ${literal(separator)}))) FROM ${values})`) as number[][];
  return items < distinct ? {separator, items, width} : null;
}
