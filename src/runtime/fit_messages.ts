import type {LazyAdamArgs} from '../../optimizers/lazy_adam';
import type {Schedule} from '../training/schedule';

/** Rows to train on, in memory that threads share. */
export interface SharedRows {
  /** Row-major [n, W]. */
  ids: Int32Array;
  /** W. */
  columns: number;
  /** [n] */
  labels: Float32Array;
  /** Weights of the rows [n]; null where all count alike. */
  counts: Float32Array | null;
}

/** One training for a thread. */
export interface FitRequest {
  /** The model as JSON, without weights. */
  topology: object;
  weights: Array<{values: Float32Array; shape: number[]}>;
  optimizer: LazyAdamArgs;
  rows: SharedRows;
  schedule: Schedule;
  seed: number;
}

/** Message of a thread about its training. */
export type FitEvent =
  | {type: 'epochBegin'; epoch: number}
  | {type: 'batchEnd'; batch: number; loss: number}
  | {type: 'epochEnd'; epoch: number; loss: number}
  | {type: 'trained'; weights: Float32Array[]}
  | {type: 'failed'; error: string};
