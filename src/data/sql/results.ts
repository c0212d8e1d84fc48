import type {DuckDBConnection, DuckDBDataChunk} from '@duckdb/node-api';

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
export const whole = (text: string) => `'.' || ${text}`;

/** The texts of a column that was selected as `whole`. */
export const textsOf = (chunk: DuckDBDataChunk, column: number) =>
  chunk.getColumnValues(column).map(text => (text as string | null)?.slice(1) ?? null);

/** The rows of a small result, as JavaScript values; integers as numbers. */
export async function readRows(connection: DuckDBConnection, sql: string): Promise<unknown[][]> {
  const rows = (await connection.runAndReadAll(sql)).getRowsJS() as unknown[][];
  return rows.map(row => row.map(value => (typeof value === 'bigint' ? Number(value) : value)));
}
