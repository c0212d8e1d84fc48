import * as tf from '@tensorflow/tfjs-core';
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
    const s = tf.rsqrt(tf.add(variance, epsilon)) as tf.Tensor1D;
    const w = tf.mul(passes.spread(gates), s) as tf.Tensor1D;
    save([mean, s, w, ...held]);
    const value = tf.sub(passes.weightedSum(held, w), tf.sum(passes.collect(tf.mul(w, mean)))) as tf.Tensor;
    return {value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.tidy(() => backward(dy as tf.Tensor2D, saved))};
  });

  function backward(dy: tf.Tensor2D, [mean, s, w, ...held]: tf.Tensor[]): tf.Tensor[] {
    const dAlpha = tf.mul(s, tf.sub(passes.correlate(held, dy), tf.mul(mean, tf.sum(dy)))) as tf.Tensor1D;
    const q = tf.div(tf.mul(tf.mul(w, s), dAlpha), dy.shape[0]) as tf.Tensor1D;
    const centred = tf.sub(dy, tf.mean(dy)) as tf.Tensor2D;
    return [passes.collect(dAlpha), ...passes.pullBack(held, w as tf.Tensor1D, centred, q, tf.mul(q, mean))];
  }

  return op(alpha, ...passes.operands(embeddings)) as tf.Tensor2D;
}
