import * as tf from '@tensorflow/tfjs-core';
import {lazyAdam} from 'tfjs-autofis/optimizers';
import type {NamedTensor} from '../../optimizers/gradients';
import {restoreState} from '../../optimizers/restore_state';
import {gradientSteps, step, variables} from '../helpers/optimizers';

const start = {kernel: [0.3, -0.2, 0.1], bias: [0]};
const steps = gradientSteps(400, [3, 1], 8);
const SAVED = 150;

/** All steps, with the state in the middle given to a new optimizer. */
async function broken(
  make: () => tf.Optimizer,
  restore: (optimizer: tf.Optimizer, state: NamedTensor[]) => Promise<void>,
): Promise<number[][]> {
  const weights = variables(start);
  const first = make();
  const second = make();
  steps.slice(0, SAVED).forEach(gradients => step(first, weights.list, gradients));
  await restore(second, await first.getWeights());
  first.dispose();
  steps.slice(SAVED).forEach(gradients => step(second, weights.list, gradients));
  const end = weights.values();
  [second, weights].forEach(each => each.dispose());
  return end;
}

function unbroken(make: () => tf.Optimizer): number[][] {
  const weights = variables(start);
  const optimizer = make();
  steps.forEach(gradients => step(optimizer, weights.list, gradients));
  const end = weights.values();
  [optimizer, weights].forEach(each => each.dispose());
  return end;
}

describe('restoreState', () => {
  it.each<[string, () => tf.Optimizer]>([
    ['tf.train.adam', () => tf.train.adam(0.01)],
    ['tf.train.adam with other betas', () => tf.train.adam(0.01, 0.7, 0.99)],
    ['lazyAdam', () => lazyAdam({learningRate: 0.01})],
    ['tf.train.momentum', () => tf.train.momentum(0.1, 0.9)],
  ])('goes on bit for bit: %s', async (_, make) => {
    expect(await broken(make, restoreState)).toEqual(unbroken(make));
  });
});
