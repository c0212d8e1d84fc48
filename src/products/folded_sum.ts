import * as tf from '@tensorflow/tfjs-core';
import type {Slice} from './plan';
import {collect, multiplicity, products, SliceRows, spread, takeRows} from './slice';

/**
 * sum_p w_p x_bp of one slice for given weights, without T: [B, m, d], [count] -> [B, 1].
 *
 * With W the [a, b] matrix of w and H = W R:  y = sum_d s_d sum_a l_ad h_ad, half of it for pairs, whose W has every
 * weight twice. At inference alpha and the moving statistics fold into w, so this is the whole gate up to a constant;
 * without normalisation it is the training path too.
 * Gradient: dl_a = dy s o h_a,  ds = dy sum_a l_a o h_a,  dR = dy W^T (s o L),  and dw_p = sum_b dy_b x_bp, which alone
 * needs T and is left out where the weights are constants (`constant`).
 */
export function foldedSum(embeddings: tf.Tensor3D, weights: tf.Tensor1D, slice: Slice, constant: boolean): tf.Tensor2D {
  const size = slice.middle === null ? 1 : 3;
  const op = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const rows = args.slice(0, size) as SliceRows;
    const w = constant ? weights : args[size] as tf.Tensor1D;
    const [left, middle, right = left] = rows;
    const matrix = tf.reshape(spread(w, slice), [1, left.shape[1], right.shape[1]]) as tf.Tensor3D;
    const h = tf.matMul(matrix, right) as tf.Tensor3D;
    save([h, matrix, ...rows]);
    const product = middle === undefined ? tf.mul(left, h) : tf.mul(tf.mul(left, h), middle);
    const value = tf.reshape(tf.div(tf.sum(product, [1, 2]), multiplicity(slice)), [-1, 1]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.tidy(() => backward(dy as tf.Tensor2D, saved as tf.Tensor3D[])),
    };
  });

  function backward(dy: tf.Tensor2D, [h, matrix, ...rows]: tf.Tensor3D[]): tf.Tensor[] {
    const [left, middle] = rows;
    const g = tf.reshape(dy, [-1, 1, 1]);
    const gradients: tf.Tensor[] = [];
    if (middle === undefined) {
      gradients.push(tf.mul(h, g));
    } else {
      const scaled = tf.mul(middle, g);
      gradients.push(tf.mul(h, scaled), tf.mul(tf.sum(tf.mul(left, h), 1, true), g),
          tf.matMul(matrix, tf.mul(left, scaled), true, false));
    }
    if (!constant) {
      const t = products(rows as SliceRows);
      gradients.push(collect(tf.reshape(tf.matMul(dy, t, true, false), [-1]) as tf.Tensor1D, slice));
    }
    return gradients;
  }

  return op(...takeRows(embeddings, slice), ...(constant ? [] : [weights])) as tf.Tensor2D;
}
