import * as tf from '@tensorflow/tfjs-core';
import {runKernel} from '../native/kernel_ops';
import type {Passes, Statistics} from './passes';

/**
 * The training path of a gate with output 'sum', one group of interactions:
 *   y_b = sum_p alpha_p (x_bp - mean_p) s_p,   s_p = 1 / sqrt(variance_p + epsilon),
 * with batch statistics: [B, m, d], [count] -> [B, 1].
 *
 * The gradient through normalisation and alpha has a closed form in x. With w = alpha s, u_b = dy_b - mean(dy) and
 * q = w s dalpha / B:
 *   dalpha_p = s_p (sum_b dy_b x_bp - mean_p sum_b dy_b),   dx_bp = w_p u_b - q_p (x_bp - mean_p).
 */
export function gatedSum(
  embeddings: tf.Tensor,
  alpha: tf.Tensor1D,
  passes: Passes,
  epsilon: number,
  report: (statistics: Statistics) => void,
): tf.Tensor2D {
  const op = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const [gates, ...operands] = args as [tf.Tensor1D, ...tf.Tensor[]];
    const held = passes.hold(operands);
    const {mean, variance} = passes.moments(held);
    report({mean: passes.collect(mean), variance: passes.collect(variance)});
    const [s, w, shift] = scales(passes, gates, {mean, variance}, epsilon);
    save([mean, s, w, ...held]);
    const value = tf.sub(passes.weightedSum(held, w as tf.Tensor1D), shift) as tf.Tensor;
    return {value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.tidy(() => backward(dy as tf.Tensor2D, saved))};
  });

  function backward(dy: tf.Tensor2D, [mean, s, w, ...held]: tf.Tensor[]): tf.Tensor[] {
    const [dAlpha, u, ...others] = slopes([mean, s, w, passes.correlate(held, dy), dy]);
    const [q, r] = others as tf.Tensor1D[];
    return [passes.collect(dAlpha as tf.Tensor1D), ...passes.pullBack(held, w as tf.Tensor1D, u as tf.Tensor2D, q, r)];
  }

  return op(alpha, ...passes.operands(embeddings)) as tf.Tensor2D;
}

/** s, w and the part of the sum that is the same in all rows, sum_p w_p mean_p. */
function scales(passes: Passes, gates: tf.Tensor1D, {mean, variance}: Statistics, epsilon: number): tf.Tensor[] {
  const spread = passes.spread(gates);
  // Where each product has one place, sums over places are sums over products.
  const atOnce = spread === gates ? runKernel('AutofisGateScales', [gates, mean, variance, [epsilon]], 3) : null;
  if (atOnce !== null) return atOnce;
  const s = tf.rsqrt(tf.add(variance, epsilon));
  const w = tf.mul(spread, s) as tf.Tensor1D;
  return [s, w, tf.sum(passes.collect(tf.mul(w, mean)))];
}

/** The gradient of alpha, then u, q and q mean: `sums` are sum_b dy_b x_bp. */
function slopes(inputs: tf.Tensor[]): tf.Tensor[] {
  const atOnce = runKernel('AutofisGateSlopes', inputs, 4);
  if (atOnce !== null) return atOnce;
  const [mean, s, w, sums, dy] = inputs;
  const dAlpha = tf.mul(s, tf.sub(sums, tf.mul(mean, tf.sum(dy))));
  const q = tf.div(tf.mul(tf.mul(w, s), dAlpha), dy.shape[0]);
  return [dAlpha, tf.sub(dy, tf.mean(dy)), q, tf.mul(q, mean)];
}
