import type {DuckDBConnection} from '@duckdb/node-api';
import {checkInteger} from '../../checks';
import {invalidArgument} from '../../errors';
import {inParallel} from '../../training/in_parallel';
import {loadDuckdb} from './packages';
import {RAW_VALUE_MACROS, RULE_MACROS} from './rule_macros';

/** Limits on the memory and threads that DuckDB uses. */
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
  map<T, R>(
    items: readonly T[],
    work: (item: T, index: number, connection: DuckDBConnection) => Promise<R>,
  ): Promise<R[]>;
  close(): void;
}

/**
 * Open DuckDB.
 * @throws AutofisError if the package is not installed, or an option is wrong.
 */
export async function openEngine(
  tempFolder: string,
  {memoryLimit = '2GB', threads}: EngineOptions = {},
): Promise<Engine> {
  const where = 'tfjs-autofis/data';
  if (threads !== undefined) checkInteger(where, 'threads', threads, 1);
  const duckdb = await loadDuckdb(where);
  const instance = await duckdb.DuckDBInstance.create(':memory:', {
    memory_limit: memoryLimit,
    temp_directory: tempFolder,
    autoinstall_known_extensions: 'false',
    // A source is read once, and what was staged is in the system's cache.
    enable_external_file_cache: 'false',
    ...(threads === undefined ? {} : {threads: String(threads)}),
  }).catch((error: Error) => {
    // All that DuckDB says of an option, of which this one alone may be wrong.
    if (error.message !== 'Failed to set config') throw error;
    throw invalidArgument(where, 'memoryLimit', "be a size such as '2GB'", memoryLimit);
  });
  const [connection, second] = [await instance.connect(), await instance.connect()];
  // With the default of 1 MB the threads that fill the stream spend half of their time waiting for a place in it. Two
  // fifths hold what is ahead of its turn: a thread has room there for a row group.
  // An instant is written as text in UTC: in the zone of the machine, other machines would have other ids.
  for (const open of [connection, second])
    await open.run("SET streaming_buffer_size = '128MB'; SET parquet_metadata_cache = true; SET TimeZone = 'UTC'");
  await connection.run([...RULE_MACROS, ...RAW_VALUE_MACROS].join(';'));
  return {
    connection,
    map(items, work) {
      const free = [connection, second];
      const jobs = items.map((item, i) => async () => {
        const taken = free.pop()!;
        return work(item, i, taken).finally(() => free.push(taken));
      });
      return inParallel(2, jobs);
    },
    close() {
      connection.closeSync();
      second.closeSync();
      instance.closeSync();
    },
  };
}
