import * as tf from '@tensorflow/tfjs-core';
import {grda, GRDAArgs} from 'tfjs-autofis/optimizers';
import {gradientSteps, restore, stateOf, step, variables} from '../helpers/optimizers';
import {expectNoLeak, messageOf} from '../helpers/tensors';

const start = {a: [0.6, -0.5, 0.1], b: [0.02, 1]};
const steps = gradientSteps(12, [3, 2], 11, 0.2);

async function uninterrupted(args: GRDAArgs): Promise<number[][]> {
  const weights = variables(start);
  const optimizer = grda(args);
  steps.forEach(gradients => step(optimizer, weights.list, gradients));
  const result = weights.values();
  optimizer.dispose();
  weights.dispose();
  return result;
}

describe('the state of GRDA', () => {
  it.each<[number, GRDAArgs]>([
    [1, {c: 0.03}],
    [5, {c: 0.03}],
    [11, {c: 0.0123, mu: 0.61, learningRate: 0.7}],
    [2, {c: 0.03, warmupSteps: 4}],
    [4, {c: 0.03, warmupSteps: 4}],
    [6, {c: 0.03, warmupSteps: 4}],
    [5, {c: 0.03, decay: {factor: 0.6, steps: 3}}],
  ])('saved after %i steps and taken up again equals never having stopped, bit for bit: %j', async (stop, args) => {
    const weights = variables(start);
    const first = grda(args);
    steps.slice(0, stop).forEach(gradients => step(first, weights.list, gradients));
    const state = await stateOf(first);
    const values = weights.values();
    const {threshold, iterations} = first;
    first.dispose();
    weights.dispose();

    // Another process: new variables, which may have other names.
    const others = variables({a_1: values[0], b_1: values[1]});
    const second = grda(args);
    await restore(second, state);
    expect([second.threshold, second.iterations]).toEqual([threshold, iterations]);
    steps.slice(stop).forEach(gradients => step(second, others.list, gradients));
    expect(others.values()).toEqual(await uninterrupted(args));
    second.dispose();
    others.dispose();
  });

  it('is the step, the threshold in two float32, and an accumulator a weight', async () => {
    const weights = variables(start);
    const optimizer = grda({c: 0.03});
    step(optimizer, weights.list, steps[0]);
    const state = await stateOf(optimizer);
    expect(state.map(({name, shape, dtype}) => `${name} [${shape}] ${dtype}`)).toEqual([
      'iter [] int32',
      'threshold [2] float32',
      'a/dual [3] float32',
      'b/dual [2] float32',
    ]);
    expect(state[1].values.reduce((s, v) => s + v)).toBe(optimizer.threshold);
    optimizer.dispose();
    weights.dispose();
  });

  it('of other weights is refused at the next step, with both lists of shapes', async () => {
    const weights = variables(start);
    const others = variables({alpha: [1, 2]});
    const first = grda({c: 0.03});
    const second = grda({c: 0.03});
    step(first, weights.list, steps[0]);
    await restore(second, await stateOf(first));
    expect(await messageOf(() => step(second, others.list, [[0, 0]]))).toBe(
      'GRDA: the saved state has accumulators of shapes [3], [2], but the weights are alpha [2]. ' +
        'Load it into the model that it was saved with.',
    );
    [first, second, weights, others].forEach(x => x.dispose());
  });

  it('of another optimizer is refused', async () => {
    const weights = variables(start);
    const adam = tf.train.adam(0.1);
    const optimizer = grda({c: 0.03});
    step(adam, weights.list, steps[0]);
    const state = await stateOf(adam);
    expect(await messageOf(() => restore(optimizer, state))).toBe(
      'GRDA: the saved state must hold the step, the threshold and one accumulator per weight. Received: ' +
        `${state.map(({name, shape}) => `${name} [${shape}]`).join(', ')}.`,
    );
    [adam, optimizer, weights].forEach(x => x.dispose());
  });

  it('is one tensor a weight, freed by dispose', async () => {
    const weights = variables(start);
    await expectNoLeak(() => {
      const optimizer = grda({c: 0.03});
      const before = tf.memory().numTensors;
      step(optimizer, weights.list, steps[0]);
      step(optimizer, weights.list, steps[1]);
      expect(tf.memory().numTensors - before).toBe(2);
      optimizer.dispose();
    });
    weights.dispose();
  });
});
