import * as tf from '@tensorflow/tfjs-core';
import {adamPowers} from '../src/tfjs_internals';
import type {NamedTensor} from './gradients';

/**
 * `optimizer.setWeights(weights)`, after which its steps are those of the optimizer that was saved, bit for bit.
 *
 * `tf.train.adam` corrects its moments by beta^(t + 1), a product of float32 that grows by a factor a step; after
 * loading it takes the power instead, whose last digits are others.
 */
export async function restoreState(optimizer: tf.Optimizer, weights: NamedTensor[]): Promise<void> {
  await optimizer.setWeights(weights);
  if (optimizer.getClassName() !== 'Adam') return;
  const {beta1, beta2, accBeta1, accBeta2} = adamPowers(optimizer);
  tf.tidy(() => {
    accBeta1.assign(tf.scalar(product(beta1, optimizer.iterations + 1)));
    accBeta2.assign(tf.scalar(product(beta2, optimizer.iterations + 1)));
  });
}

/** factor^count as float32 rounds it, one factor after the other. */
function product(factor: number, count: number): number {
  const rounded = Math.fround(factor);
  let result = rounded;
  for (let i = 1; i < count; i++) result = Math.fround(result * rounded);
  return result;
}
