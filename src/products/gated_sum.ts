import * as tf from '@tensorflow/tfjs-core';
import type {Statistics} from './normalized';
import type {Slice} from './plan';
import {collect, products, pullBack, SliceRows, spread, takeRows} from './slice';

/**
 * The training path of a gate with output 'sum', one slice:
 *   y_b = sum_p alpha_p (x_bp - mean_p) s_p,   s_p = 1 / sqrt(variance_p + epsilon),
 * with batch statistics: [B, m, d], [count] -> [B, 1].
 *
 * The gradient through normalisation and alpha has a closed form in T, [B, n * n]. With w = alpha s,
 * u_b = dy_b - mean(dy) and q = w s dalpha / B:
 *   dalpha_p = s_p (sum_b dy_b x_bp - mean_p sum_b dy_b),   dx_bp = w_p u_b - q_p (x_bp - mean_p).
 * For triples T is computed again in the gradient rather than kept, so memory does not grow with the number of slices.
 */
export function gatedSum(
    embeddings: tf.Tensor3D, alpha: tf.Tensor1D, slice: Slice, epsilon: number,
    report: (statistics: Statistics) => void): tf.Tensor2D {
  const taken = takeRows(embeddings, slice);
  const triples = taken.scale !== null;
  const op = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const [gates, rows, scale] = args as tf.Tensor[];
    const t = products(sliceRows(rows, scale));
    const mean = tf.mean(t, 0) as tf.Tensor1D;
    const variance = tf.mean(tf.squaredDifference(t, mean), 0) as tf.Tensor1D;
    report({mean: collect(mean, slice), variance: collect(variance, slice)});
    const s = tf.rsqrt(tf.add(variance, epsilon)) as tf.Tensor1D;
    // `spread` fills both mirror places, so every product is counted twice.
    const w = tf.mul(spread(gates as tf.Tensor1D, slice), s) as tf.Tensor1D;
    save([rows, mean, s, w, triples ? scale : t]);
    return {value: weightedSum(t, w, mean), gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => backward(dy as tf.Tensor2D, saved)};
  });

  function backward(dy: tf.Tensor2D, [rows, mean, s, w, last]: tf.Tensor[]): tf.Tensor[] {
    const input = sliceRows(rows, triples ? last : undefined);
    const t = triples ? products(input) : last as tf.Tensor2D;
    const batch = dy.shape[0];
    const weighted = tf.reshape(tf.matMul(dy, t, true, false), mean.shape);
    const dAlpha = tf.mul(s, tf.sub(weighted, tf.mul(mean, tf.sum(dy)))) as tf.Tensor1D;
    const q = tf.div(tf.mul(tf.mul(w, s), dAlpha), batch);
    const centred = tf.sub(dy, tf.mean(dy));
    // u w^T + 1 (q mean)^T is one matmul; only the term in T itself needs an elementwise pass over [B, n * n].
    const outer = tf.matMul(
        tf.concat([centred, tf.onesLike(dy)], 1) as tf.Tensor2D, tf.stack([w, tf.mul(q, mean)]) as tf.Tensor2D);
    return [collect(dAlpha, slice), ...pullBack(input, tf.sub(outer, tf.mul(t, q)))];
  }

  return op(...(triples ? [alpha, taken.rows, taken.scale!] : [alpha, taken.rows])) as tf.Tensor2D;
}

/** sum over the interactions of w (T - mean), each of which stands in two mirror places: [B, n * n] -> [B, 1]. */
function weightedSum(t: tf.Tensor2D, w: tf.Tensor1D, mean: tf.Tensor1D): tf.Tensor2D {
  const sum = tf.matMul(t, tf.reshape(w, [-1, 1]) as tf.Tensor2D);
  return tf.mul(0.5, tf.sub(sum, tf.sum(tf.mul(w, mean))));
}

function sliceRows(rows: tf.Tensor, scale: tf.Tensor | undefined): SliceRows {
  return {rows: rows as tf.Tensor3D, scale: (scale as tf.Tensor3D | undefined) ?? null};
}
