import * as tf from '@tensorflow/tfjs-core';
import {runKernel} from '../native/kernel_ops';
import {filledTensor, hasValuesAtHand, valuesOf} from '../wasm/heap';

/** Moving statistics of the batches that a layer has seen. */
export interface Moving {
  mean: tf.Tensor;
  variance: tf.Tensor;
  /** The number of batches seen, a scalar. */
  steps: tf.Tensor;
}

/**
 * Moving statistics after one more batch: s + (batch - s) max(1 - momentum, 1 / t), the t-th batch being this one.
 * On wasm and cpu it is computed from the values at once: as ops, each would be noted for gradients that it has no part
 * in.
 */
export function moved(moving: Moving, batch: Pick<Moving, 'mean' | 'variance'>, momentum: number): Moving {
  if (hasValuesAtHand()) {
    const [[steps]] = valuesOf(moving.steps);
    const t = steps + 1;
    const rate = Math.max(1 / t, 1 - momentum);
    const towards = (from: tf.Tensor, to: tf.Tensor) =>
      filledTensor(from.shape, [from, to], (result, s, values) => {
        for (let p = 0; p < s.length; p++) result[p] = s[p] + rate * (values[p] - s[p]);
      });
    return {
      mean: towards(moving.mean, batch.mean),
      variance: towards(moving.variance, batch.variance),
      steps: filledTensor([], [], result => {
        result[0] = t;
      }),
    };
  }
  const inputs = [moving.mean, moving.variance, moving.steps, batch.mean, batch.variance, [momentum]];
  const atOnce = runKernel('AutofisMoved', inputs, 3);
  if (atOnce !== null) return {mean: atOnce[0], variance: atOnce[1], steps: atOnce[2]};
  const steps = tf.add(moving.steps, 1);
  const rate = tf.maximum(tf.reciprocal(steps), 1 - momentum);
  const towards = (from: tf.Tensor, to: tf.Tensor) => tf.add(from, tf.mul(rate, tf.sub(to, from)));
  return {mean: towards(moving.mean, batch.mean), variance: towards(moving.variance, batch.variance), steps};
}
