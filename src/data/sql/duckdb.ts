import type {DuckDBConnection, DuckDBDataChunk, DuckDBInstance} from '@duckdb/node-api';
import {AutofisError} from '../../errors';
import {RULE_MACROS} from './rule_macros';

/** What DuckDB may take of the machine. */
export interface EngineOptions {
  /** Most memory for DuckDB's own buffers, e.g. '2GB'; it spills to `tempFolder` beyond. Default '2GB'. */
  memoryLimit?: string;
  /** Threads. Default: as many as the machine has. */
  threads?: number;
}

/** A DuckDB of our own, in memory, that spills into `tempFolder`. */
export interface Engine {
  connection: DuckDBConnection;
  /**
   * Work on items, two at a time, each on a connection of its own: one waits for the result of its query while the
   * other computes.
   */
  forEach<T, R>(
    items: readonly T[],
    work: (item: T, index: number, connection: DuckDBConnection) => Promise<R>,
  ): Promise<R[]>;
  close(): void;
}

/**
 * Open DuckDB.
 * @throws AutofisError if the package is not installed.
 */
export async function openEngine(
  tempFolder: string,
  {memoryLimit = '2GB', threads}: EngineOptions = {},
): Promise<Engine> {
  const duckdb = await import('@duckdb/node-api').catch((error: NodeJS.ErrnoException) => {
    if (!/MODULE_NOT_FOUND/.test(error.code ?? '')) throw error;
    throw new AutofisError(
      'tfjs-autofis/data: the package @duckdb/node-api is not installed. Install it: npm install @duckdb/node-api',
    );
  });
  const instance: DuckDBInstance = await duckdb.DuckDBInstance.create(':memory:', {
    memory_limit: memoryLimit,
    temp_directory: tempFolder,
    autoinstall_known_extensions: 'false',
    // A source is read once, and what was staged is in the system's cache.
    enable_external_file_cache: 'false',
    ...(threads === undefined ? {} : {threads: String(threads)}),
  });
  const [connection, second] = [await instance.connect(), await instance.connect()];
  // With the default of 1 MB the threads that fill the stream spend half of their time waiting for a place in it. Two
  // fifths hold what is ahead of its turn: a thread has room there for a row group.
  for (const each of [connection, second])
    await each.run("SET streaming_buffer_size = '128MB'; SET parquet_metadata_cache = true");
  await connection.run(RULE_MACROS.join(';'));
  return {
    connection,
    forEach: (items, work) => inLanes([connection, second], items, work),
    close() {
      connection.closeSync();
      second.closeSync();
      instance.closeSync();
    },
  };
}

async function inLanes<L, T, R>(
  lanes: readonly L[],
  items: readonly T[],
  work: (item: T, index: number, lane: L) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const done = await Promise.allSettled(
    lanes.map(async lane => {
      while (next < items.length) {
        const index = next++;
        try {
          results[index] = await work(items[index], index, lane);
        } catch (error) {
          next = items.length;
          throw error;
        }
      }
    }),
  );
  const failed = done.find(each => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return results;
}

/** A string as a literal of SQL. */
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** A name as an identifier of SQL. */
export const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** A list of strings as a list of SQL. */
export const literals = (texts: readonly string[]) => `[${texts.map(literal).join(', ')}]`;

/**
 * Whether `x`, an expression of text, is one of a few texts. Of five or more DuckDB makes a join of IN, which changes
 * the order of rows.
 */
export const oneOf = (x: string, texts: readonly string[]) => `list_contains(${literals(texts)}, ${x})`;

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
    // Whoever leaves early may close the connection.
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
