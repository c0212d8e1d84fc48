import * as tf from '@tensorflow/tfjs-core';
import type {Statistics} from './normalized';
import type {Slice} from './plan';
import {collect, multiplicity, products, pullBack, SliceRows, spread, takeRows} from './slice';

/**
 * The training path of a gate with output 'sum', one slice:
 *   y_b = sum_p alpha_p (x_bp - mean_p) s_p,   s_p = 1 / sqrt(variance_p + epsilon),
 * with batch statistics: [B, m, d], [count] -> [B, 1].
 *
 * The gradient through normalisation and alpha has a closed form in T, [B, a * b]. With w = alpha s,
 * u_b = dy_b - mean(dy) and q = w s dalpha / B:
 *   dalpha_p = s_p (sum_b dy_b x_bp - mean_p sum_b dy_b),   dx_bp = w_p u_b - q_p (x_bp - mean_p).
 * T is kept for the gradient: B values a product, where gathered operands would be 2 B d.
 */
export function gatedSum(
    embeddings: tf.Tensor3D, alpha: tf.Tensor1D, slice: Slice, epsilon: number,
    report: (statistics: Statistics) => void): tf.Tensor2D {
  const op = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const [gates, ...rows] = args as [tf.Tensor1D, ...SliceRows];
    const t = products(rows);
    const mean = tf.mean(t, 0) as tf.Tensor1D;
    const variance = tf.mean(tf.squaredDifference(t, mean), 0) as tf.Tensor1D;
    report({mean: collect(mean, slice), variance: collect(variance, slice)});
    const s = tf.rsqrt(tf.add(variance, epsilon)) as tf.Tensor1D;
    const w = tf.mul(spread(gates, slice), s) as tf.Tensor1D;
    save([t, mean, s, w, ...rows]);
    const sum = tf.sub(tf.matMul(t, tf.reshape(w, [-1, 1]) as tf.Tensor2D), tf.sum(tf.mul(w, mean)));
    const value = tf.div(sum, multiplicity(slice)) as tf.Tensor;
    return {value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.tidy(() => backward(dy as tf.Tensor2D, saved))};
  });

  function backward(dy: tf.Tensor2D, [t, mean, s, w, ...rows]: tf.Tensor[]): tf.Tensor[] {
    const weighted = tf.reshape(tf.matMul(dy, t as tf.Tensor2D, true, false), mean.shape);
    const dAlpha = tf.mul(s, tf.sub(weighted, tf.mul(mean, tf.sum(dy)))) as tf.Tensor1D;
    const q = tf.div(tf.mul(tf.mul(w, s), dAlpha), dy.shape[0]);
    const centred = tf.sub(dy, tf.mean(dy));
    // u w^T + 1 (q mean)^T is one matmul; only the term in T itself needs an elementwise pass over [B, a * b].
    const outer = tf.matMul(
        tf.concat([centred, tf.onesLike(dy)], 1) as tf.Tensor2D, tf.stack([w, tf.mul(q, mean)]) as tf.Tensor2D);
    return [collect(dAlpha, slice), ...pullBack(rows as SliceRows, tf.sub(outer, tf.mul(t, q)))];
  }

  return op(alpha, ...takeRows(embeddings, slice)) as tf.Tensor2D;
}
