import * as tf from '@tensorflow/tfjs-core';
import type {Slice} from './plan';
import {spread, takeRows} from './slice';

/**
 * sum_p w_p x_bp of one slice for given weights, without T: [B, m, d], [count] -> [B, 1].
 * With W the symmetric matrix of w: 1/2 sum_d s_d sum_jk e_jd W_jk e_kd. At inference alpha and the moving statistics
 * fold into w, so this is the whole gate up to a constant; without normalisation it is the training path as well.
 */
export function foldedSum(embeddings: tf.Tensor3D, weights: tf.Tensor1D, slice: Slice): tf.Tensor2D {
  const {rows, scale} = takeRows(embeddings, slice);
  const [batch, n, d] = rows.shape;
  const matrix = tf.reshape(spread(weights, slice), [n, n]) as tf.Tensor2D;
  const byDimension = tf.reshape(tf.transpose(rows, [0, 2, 1]), [batch * d, n]) as tf.Tensor2D;
  const perDimension = tf.reshape(
      tf.sum(tf.mul(byDimension, tf.matMul(byDimension, matrix)), 1), [batch, d]) as tf.Tensor2D;
  const scaled = scale === null ? perDimension : tf.mul(perDimension, tf.reshape(scale, [batch, d]));
  return tf.mul(0.5, tf.sum(scaled, 1, true));
}
