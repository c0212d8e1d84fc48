import * as tf from '@tensorflow/tfjs-core';
import type {BlockShape} from './blocks';

/**
 * The gradient of a table, given only where it is not zero: rows int32 of any shape, with repetitions, and values
 * [...rows.shape, d]. With `blocks` the rows are starts [B, C] and the values [B, S, d].
 */
export interface SparseGradient {
  rows: tf.Tensor;
  values: tf.Tensor;
  blocks?: BlockShape;
}

export function isSparse(gradient: tf.Tensor | SparseGradient | undefined): gradient is SparseGradient {
  return gradient != null && 'rows' in gradient;
}

/** Convert a sparse gradient, by blocks or not, to a list of rows [N] and values [N, d]. */
export function rowByRow({rows, values, blocks}: SparseGradient): {rows: tf.Tensor1D; values: tf.Tensor2D} {
  return {
    rows: tf.reshape(blocks?.rowsOf(rows) ?? rows, [-1]),
    values: tf.reshape(values, [-1, values.shape.at(-1)!]),
  };
}
