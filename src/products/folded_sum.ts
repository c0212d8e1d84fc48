import * as tf from '@tensorflow/tfjs-core';
import type {Slice} from './plan';
import {collect, products, spread, takeRows} from './slice';

/**
 * sum_p w_p x_bp of one slice for given weights, without T: [B, m, d], [count] -> [B, 1].
 *
 * With W the symmetric matrix of w and R = W E':  y = 1/2 sum_d s_d sum_j e_jd r_jd. At inference alpha and the moving
 * statistics fold into w, so this is the whole gate up to a constant; without normalisation it is the training path too.
 * Gradient: de_j = dy s o r_j,  ds = 1/2 dy sum_j e_j o r_j,  dw_p = sum_b dy_b x_bp, which alone needs T and is left out
 * where the weights are constants (`constant`).
 */
export function foldedSum(embeddings: tf.Tensor3D, weights: tf.Tensor1D, slice: Slice, constant: boolean): tf.Tensor2D {
  const taken = takeRows(embeddings, slice);
  const triples = taken.scale !== null;
  const op = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const [rows, ...others] = args as tf.Tensor3D[];
    const scale = triples ? others.shift()! : null;
    const w = constant ? weights : others[0] as tf.Tensor as tf.Tensor1D;
    const n = rows.shape[1];
    const r = tf.matMul(tf.reshape(spread(w, slice), [1, n, n]), rows);
    save(scale === null ? [rows, r] : [rows, r, scale]);
    const product = scale === null ? tf.mul(rows, r) : tf.mul(tf.mul(rows, r), scale);
    return {
      value: tf.reshape(tf.mul(0.5, tf.sum(product, [1, 2])), [-1, 1]),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => backward(dy as tf.Tensor2D, saved as tf.Tensor3D[]),
    };
  });

  function backward(dy: tf.Tensor2D, [rows, r, scale]: tf.Tensor3D[]): tf.Tensor[] {
    const g = tf.reshape(dy, [-1, 1, 1]);
    const gradients: tf.Tensor[] = scale === undefined ? [tf.mul(r, g)] :
      [tf.mul(r, tf.mul(scale, g)), tf.mul(tf.sum(tf.mul(rows, r), 1, true), tf.mul(0.5, g))];
    if (!constant) {
      const t = products({rows, scale: scale ?? null});
      gradients.push(collect(tf.reshape(tf.matMul(dy, t, true, false), [-1]) as tf.Tensor1D, slice));
    }
    return gradients;
  }

  const inputs: tf.Tensor[] = [taken.rows, ...(triples ? [taken.scale!] : []), ...(constant ? [] : [weights])];
  return op(...inputs) as tf.Tensor2D;
}
