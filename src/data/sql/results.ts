import type {DuckDBConnection, DuckDBDataChunk} from '@duckdb/node-api';
import type {CountedValue} from '../../schema/inference/counted_value';

/**
 * The rows of a result, some thousand at a time. While they are used DuckDB is asked for the next ones, which takes a
 * while each time.
 */
export async function* chunksOf(connection: DuckDBConnection, sql: string): AsyncGenerator<DuckDBDataChunk> {
  const result = await connection.stream(sql);
  const fetch = () => {
    const chunk = result.fetchChunk();
    // It may fail before anybody waits for it.
    chunk.catch(() => {});
    return chunk;
  };
  let next = fetch();
  try {
    for (let chunk = await next; chunk !== null && chunk.rowCount > 0; chunk = await next) {
      next = fetch();
      yield chunk;
    }
  } finally {
    // A caller that leaves early may close the connection.
    await next.catch(() => {});
  }
}

/**
 * A text of SQL that arrives as it is, once `textsOf` has read it: on the way to JavaScript the package takes a byte
 * order mark from the beginning of a text.
 */
export const lossless = (text: string) => `'.' || ${text}`;

/** The texts of a column that was selected as `whole`. */
export const textsOf = (chunk: DuckDBDataChunk, column: number) =>
  chunk.getColumnValues(column).map(text => (text as string | null)?.slice(1) ?? null);

/** Take the rows of a result: a text that was selected as `whole`, and a DOUBLE, how often it occurs. */
export async function takeCounted(
  connection: DuckDBConnection,
  sql: string,
  take: (text: string | null, count: number) => void,
): Promise<void> {
  for await (const chunk of chunksOf(connection, sql)) {
    const counts = chunk.getColumnValues(1) as number[];
    textsOf(chunk, 0).forEach((text, i) => take(text, counts[i]));
  }
}

/** The different values of an expression of text over a relation, and how many rows have each. */
export async function countedValues(
  connection: DuckDBConnection,
  text: string,
  relation: string,
): Promise<CountedValue[]> {
  const found: CountedValue[] = [];
  const grouped = `SELECT ${text} AS v, count(*)::DOUBLE AS n FROM ${relation} GROUP BY 1`;
  await takeCounted(connection, `SELECT ${lossless('v')}, n FROM (${grouped}) WHERE v IS NOT NULL`, (value, count) => {
    found.push({value: value!, count});
  });
  return found;
}

/** The rows of a small result, as JavaScript values; integers as numbers. */
export async function readRows<Row extends readonly unknown[] = unknown[]>(
  connection: DuckDBConnection,
  sql: string,
): Promise<Row[]> {
  const rows = (await connection.runAndReadAll(sql)).getRowsJS() as unknown[][];
  return rows.map(row => row.map(value => (typeof value === 'bigint' ? Number(value) : value))) as never;
}
