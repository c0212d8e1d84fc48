import type * as tf from '@tensorflow/tfjs-core';
import type {AdamStep} from '../native/ops';
import type {BlockShape} from './blocks';

/** Memory for one weight [V, ...] that can be changed in place. One class a backend. */
export interface RowStore {
  /** Take a whole value; with `fresh`, one that nothing else knows, so that its memory may be used as it is. */
  write(value: tf.Tensor, fresh: boolean): void;
  /** The whole value as a new tensor. */
  read(): tf.Tensor;
  /** rows int32 of any shape -> [...rows.shape, ...]; with `blocks`, starts [B, C] -> [B, S, ...]. */
  gather(rows: tf.Tensor, blocks?: BlockShape): tf.Tensor;
  /**
   * A step of Adam on the rows that a batch touched, with repetitions: rows and gradient as a SparseGradient has them.
   * The gradients of a repeated row are added up first. `m` and `v` are stores of the same class and shape as this one.
   * Time and memory depend on the number of rows touched, not on V.
   */
  adamRows(m: RowStore, v: RowStore, rows: tf.Tensor, gradient: tf.Tensor, step: AdamStep, blocks?: BlockShape): void;
  dispose(): void;
}
