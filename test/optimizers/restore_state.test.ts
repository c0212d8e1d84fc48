import * as tf from '@tensorflow/tfjs-core';
import {lazyAdam} from 'tfjs-autofis/optimizers';
import {restoreState} from '../../optimizers/restore_state';
import {gradientSteps, step, variables} from '../helpers/optimizers';

const start = {kernel: [0.3, -0.2, 0.1], bias: [0]};
const steps = gradientSteps(400, [3, 1], 8);
const SAVED = 150;

/** Weights after all steps; with `isBroken`, a new optimizer takes the state of the first in the middle. */
async function trained(make: () => tf.Optimizer, isBroken: boolean): Promise<number[][]> {
  const weights = variables(start);
  let optimizer = make();
  for (const [i, gradients] of steps.entries()) {
    if (isBroken && i === SAVED) {
      const first = optimizer;
      optimizer = make();
      await restoreState(optimizer, await first.getWeights());
      first.dispose();
    }
    step(optimizer, weights.list, gradients);
  }
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
    expect(await trained(make, true)).toEqual(await trained(make, false));
  });
});
