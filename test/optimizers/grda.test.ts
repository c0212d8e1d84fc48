import * as tf from '@tensorflow/tfjs-core';
import {GRDA, grda, GRDAArgs} from 'tfjs-autofis/optimizers';
import {allowKernels} from '../../src/native/kernel_ops';
import {generator, uniform} from '../helpers/random';
import {gradientSteps, step, variables} from '../helpers/optimizers';
import {expectClose} from '../helpers/tensors';

/** Values after each step, from the start and the gradients of one variable. */
function trace(args: GRDAArgs, start: number[], gradients: Array<number[] | null>): number[][] {
  const weights = variables({w: start});
  const optimizer = grda(args);
  const seen = gradients.map(gradient => {
    step(optimizer, weights.list, [gradient]);
    return weights.values()[0];
  });
  optimizer.dispose();
  weights.dispose();
  return seen;
}

describe('GRDA', () => {
  it('takes each step as one op where there are ops of this library, to the same bits', () => {
    const next = generator(7);
    const gradients = Array.from({length: 20}, () => uniform(next, 50));
    const trained = () => trace({learningRate: 0.3, c: 0.1, mu: 0.7}, uniform(generator(8), 50), gradients);
    const atOnce = trained();
    allowKernels(false);
    try {
      expect(atOnce.map(weights => weights.map(weight => weight + 0))).toEqual(
        trained().map(weights => weights.map(weight => weight + 0)),
      );
    } finally {
      allowKernels(true);
    }
    expect(atOnce.at(-1)!.filter(weight => weight === 0).length).toBeGreaterThan(0);
  });

  it('lets a weight at zero come back: its accumulator goes on', () => {
    // Thresholds 0.5, 0.707, 0.866, 1; v = 0.2, -0.3, -0.8, -1.8.
    const seen = trace({c: 0.5, mu: 0.5}, [0.6], [[0.4], [0.5], [0.5], [1]]);
    expectClose(seen.flat(), [0, 0, 0, -0.8], 1e-6);
    expect(
      seen
        .slice(0, 3)
        .flat()
        .map(v => v + 0),
    ).toEqual([0, 0, 0]);
  });

  it('leaves weights and accumulators alone during warm-up, bit for bit, and counts t from its end', () => {
    const start = [0.6001234, -0.7];
    const steps = gradientSteps(8, [2], 5, 0.1).map(([g]) => g);
    const seen = trace({c: 0.1, warmupSteps: 3}, start, steps);
    expect(seen.slice(0, 3)).toEqual(Array(3).fill(start.map(Math.fround)));
    expect(seen.slice(3)).toEqual(trace({c: 0.1}, start, steps.slice(3)));
  });

  it('starts its accumulators at the weights of the first step after warm-up', () => {
    const weights = variables({w: [5]});
    const optimizer = grda({c: 0, warmupSteps: 1});
    step(optimizer, weights.list, [[1]]);
    weights.assign([[7]]);
    step(optimizer, weights.list, [[1]]);
    expect(weights.values()).toEqual([[6]]);
    optimizer.dispose();
    weights.dispose();
  });

  it('sums threshold increments, so that a learning rate schedule does not rescale the past', () => {
    const weights = variables({w: [10]});
    const optimizer = grda({c: 0.1, mu: 0.8});
    let threshold = 0;
    let v = 10;
    [1, 1, 0.6, 0.6, 0.36].forEach((gamma, i) => {
      optimizer.setLearningRate(gamma);
      step(optimizer, weights.list, [[0.5]]);
      threshold += 0.1 * gamma ** 1.3 * ((i + 1) ** 0.8 - i ** 0.8);
      v -= gamma * 0.5;
      expect(optimizer.threshold).toBeCloseTo(threshold, 10);
      expectClose(weights.values()[0], [v - threshold], 1e-6);
    });
    optimizer.dispose();
    weights.dispose();
  });

  it('treats a missing gradient as one of zero: the threshold still grows', () => {
    const steps = [[0.1, -0.1], null, null, [0.2, 0.2]];
    expect(trace({c: 0.1}, [0.6, 0.1], steps)).toEqual(
      trace(
        {c: 0.1},
        [0.6, 0.1],
        steps.map(g => g ?? [0, 0]),
      ),
    );
  });

  it("with a decay equals a learning rate that changes after these steps, counted from the warm-up's end", () => {
    const gradients = gradientSteps(9, [3], 5, 0.2);
    const start = {w: [0.6, -0.5, 0.1]};
    const run = (args: GRDAArgs, before: (optimizer: GRDA, i: number) => void) => {
      const weights = variables(start);
      const optimizer = grda(args);
      gradients.forEach((gradient, i) => {
        before(optimizer, i);
        step(optimizer, weights.list, gradient);
      });
      const result = [...weights.values()[0], optimizer.threshold];
      optimizer.dispose();
      weights.dispose();
      return result;
    };
    const args = {c: 0.02, mu: 0.6, learningRate: 0.5, warmupSteps: 2};
    const byHand = run(args, (optimizer, i) => {
      if (i >= 2) optimizer.setLearningRate(0.5 * 0.6 ** Math.floor((i - 2) / 3));
    });
    const decayed = run({...args, decay: {factor: 0.6, steps: 3}}, () => {});
    expectClose(decayed, byHand, 1e-7);
    expect(decayed).not.toEqual(run(args, () => {}));
    expect(grda({...args, decay: {factor: 0.6, steps: 3}}).getConfig()).toEqual({
      ...args,
      decay: {factor: 0.6, steps: 3},
    });
  });

  it('takes gradients as a map as it takes them as a list', () => {
    const run = (apply: (optimizer: GRDA, list: tf.Variable[]) => void) => {
      const weights = variables({a: [0.6, -0.4], b: [0.3]});
      const optimizer = grda({c: 0.05});
      for (let i = 0; i < 3; i++) tf.tidy(() => apply(optimizer, weights.list));
      const result = weights.values();
      optimizer.dispose();
      weights.dispose();
      return result;
    };
    const byList = run((optimizer, list) => step(optimizer, list, [[0.1, -0.2], [0.05]]));
    expect(run(optimizer => optimizer.applyGradients({a: tf.tensor1d([0.1, -0.2]), b: tf.tensor1d([0.05])}))).toEqual(
      byList,
    );
    expectClose(
      run((optimizer, [a, b]) =>
        optimizer.minimize(
          () => tf.addN([tf.sum(tf.mul(a, tf.tensor1d([0.1, -0.2]))), tf.sum(tf.mul(b, 0.05))]) as tf.Scalar,
        ),
      ).flat(),
      byList.flat(),
      1e-7,
    );
  });

  it('refuses a gradient of something that is not a variable', () => {
    const optimizer = grda({c: 0.1});
    tf.tidy(() =>
      expect(() => optimizer.applyGradients({nothing: tf.scalar(1)})).toThrow(
        new Error('The optimizer got a gradient for nothing, which is not a tf.Variable.'),
      ),
    );
  });

  it('refuses to change the learning rate to nonsense', () => {
    expect(() => grda({c: 0.1}).setLearningRate(-1)).toThrow(
      new Error('GRDA: `learningRate` must be a number in (0, Infinity). Received: -1.'),
    );
  });
});
