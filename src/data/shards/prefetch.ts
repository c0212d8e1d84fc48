import {on} from 'node:events';
import {fileURLToPath} from 'node:url';
import {Worker} from 'node:worker_threads';
import {AutofisError} from '../../errors';
import type {FieldSpec} from '../../../layers/field_layout';
import {CHECKSUM_ROWS} from './checksums';
import type {Chunk, ValueType} from './arrow_file';
import type {RowBlock} from './block_order';

/** Rows of a batch, in plain arrays. A type, not an interface, so that it is one of tf.data's containers. */
export type ShardBatch = {
  /** Rows of the batch. */
  rows: number;
  /** Ids [rows, W], local to each field. */
  ids: Int32Array;
  /** Labels [rows]. */
  labels: Float32Array;
  /** Weights [rows], where the shards have them. */
  weights?: Float32Array;
  /** Groups [rows], such as users, where rows were split by them. */
  groups?: Int32Array;
};

/** A file of shards, as the reading thread needs it. */
export interface ReadFile {
  /** Its path. */
  name: string;
  rows: number;
  chunks: Chunk[];
  labelType: ValueType;
  /** Its checksums; values of a file without any are checked to be in range. */
  checksums?: string;
}

/** Files, fields and sizes that all windows of a stream share. */
export interface StreamReading {
  files: ReadFile[];
  fields: readonly FieldSpec[];
  columns: number;
  weights: boolean;
  groups: boolean;
  batchSize: number;
  /** Most rows of a window. */
  windowRows: number;
  /** That of checksum.wat. */
  module: WebAssembly.Module;
}

/** One window of rows for the reading thread. */
export interface WindowRequest {
  blocks: RowBlock[];
  /** Indices of rows within the window, in the order in which they are given. */
  order: Int32Array;
  /** True if the window ends an epoch: rows that do not fill a batch then form a smaller one. */
  last: boolean;
}

type Answer = {batches: ShardBatch[]} | {error: string};

/** Windows asked for ahead of the one that is being used. */
const AHEAD = 2;

/** The reading thread's file lies beside this module, in the sources and in the build. */
const WORKER = fileURLToPath(new URL('shard_worker.mjs', import.meta.url));

/** Give the batches of successive windows, which a thread of their own reads, shuffles and cut ahead of their use. */
export async function* prefetch(
  windows: Iterator<WindowRequest>,
  reading: StreamReading,
): AsyncGenerator<ShardBatch, void, void> {
  const workerData = {...reading, checksumRows: CHECKSUM_ROWS};
  // Flags of this process, such as a loader of TypeScript, are not for a thread of plain JavaScript.
  const worker = new Worker(WORKER, {workerData, execArgv: []});
  const nextAnswer = answersOf(worker);
  let asked = 0;
  const ask = () => {
    const {done, value} = windows.next();
    if (done) return;
    asked++;
    worker.postMessage(value, [value.order.buffer as ArrayBuffer]);
  };
  try {
    for (let i = 0; i < AHEAD; i++) ask();
    for (; asked > 0; asked--) {
      const answer = await nextAnswer();
      if ('error' in answer) throw new AutofisError(`openShards: reading failed: ${answer.error}.`);
      ask();
      yield* answer.batches;
    }
  } finally {
    await worker.terminate();
  }
}

/** Return the messages of a worker, one a call. It keeps the process alive only while one is waited for. */
function answersOf(worker: Worker): () => Promise<Answer> {
  const messages = on(worker, 'message', {close: ['exit']});
  worker.unref();
  return async () => {
    worker.ref();
    try {
      const {done, value} = await messages.next();
      return done ? {error: 'the reading thread has ended'} : (value as [Answer])[0];
    } catch (error) {
      return {error: (error as Error).message};
    } finally {
      worker.unref();
    }
  };
}
