import * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import {GRDA, grda, GRDAArgs} from 'tfjs-autofis/optimizers';
import {allowOwnOps} from '../../src/native/own_ops';
import {generator, uniform} from '../helpers/random';
import {gradientSteps, step, variables} from '../helpers/optimizers';
import {expectClose, numbers} from '../helpers/tensors';
import {softThreshold} from '../../optimizers/grda';

const soft = (v: number, g: number) => Math.sign(v) * Math.max(Math.abs(v) - g, 0);

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

describe('softThreshold', () => {
  it('moves towards zero by the threshold, and is exactly 0 inside it', () => {
    tf.tidy(() => {
      expectClose(softThreshold(tf.tensor1d([2, -2, 0.5, -0.5, 0.25, 0]), 0.5), [1.5, -1.5, 0, 0, 0, 0], 0);
      expect(numbers(softThreshold(tf.tensor1d([0.5, -0.49, 0]), 0.5)).map(v => v + 0)).toEqual([0, 0, 0]);
    });
  });

  it('is odd, and the identity without a threshold', () => {
    const thousandths = (min: number, max: number) => fc.integer({min, max}).map(n => n / 1000);
    fc.assert(
      fc.property(fc.array(thousandths(-9999, 9999), {minLength: 1}), thousandths(0, 5000), (values, threshold) =>
        tf.tidy(() => {
          const v = tf.tensor1d(values);
          expectClose(softThreshold(tf.neg(v), threshold), tf.neg(softThreshold(v, threshold)), 0);
          expectClose(softThreshold(v, 0), v, 0);
        }),
      ),
      {seed: 1, numRuns: 50},
    );
  });
});

describe('GRDA', () => {
  it('takes each step as one op where there are ops of this library, to the same bits', () => {
    const next = generator(7);
    const gradients = Array.from({length: 20}, () => uniform(next, 50));
    const trained = () => trace({learningRate: 0.3, c: 0.1, mu: 0.7}, uniform(generator(8), 50), gradients);
    const atOnce = trained();
    allowOwnOps(false);
    try {
      expect(atOnce.map(weights => weights.map(weight => weight + 0))).toEqual(
        trained().map(weights => weights.map(weight => weight + 0)),
      );
    } finally {
      allowOwnOps(true);
    }
    expect(atOnce.at(-1)!.filter(weight => weight === 0).length).toBeGreaterThan(0);
  });

  it('takes the two steps that the equations give', () => {
    // gamma 1/2, c 0.1, mu 1/2, so the threshold is 0.1 (1/2)^1 sqrt(t): 0.05, then 0.0707107.
    // Step 1, g = (1, -0.2, 0.1, 0):     v = w - g / 2 = (0.1, -0.2, -0.03, 0.06)
    //                                    w = (0.05, -0.15, 0, 0.01)
    // Step 2, g = (0.4, -0.6, -0.4, 0):  v = (-0.1, 0.1, 0.17, 0.06)
    //                                    w = (-0.0292893, 0.0292893, 0.0992893, 0)
    const [first, second] = trace(
      {learningRate: 0.5, c: 0.1, mu: 0.5},
      [0.6, -0.3, 0.02, 0.06],
      [
        [1, -0.2, 0.1, 0],
        [0.4, -0.6, -0.4, 0],
      ],
    );
    expectClose(first, [0.05, -0.15, 0, 0.01], 1e-7);
    expectClose(second, [-0.0292893, 0.0292893, 0.0992893, 0], 1e-7);
    expect([first[2], second[3]].map(v => v + 0)).toEqual([0, 0]);
  });

  it('follows the golden rule: after n steps soft(alpha_0 - gamma sum g, c gamma^(1/2+mu) n^mu)', () => {
    const start = [0.6, -0.01, -0.6, 0.002, 3];
    const steps = gradientSteps(40, [5], 3, 0.1);
    for (const args of [{c: 0.05}, {c: 0.05, mu: 0.6, learningRate: 0.3}, {c: 0.02, mu: 0.95, learningRate: 2}]) {
      const seen = trace(
        args,
        start,
        steps.map(([g]) => g),
      );
      const {learningRate: gamma = 1, c, mu = 0.8} = {learningRate: undefined, mu: undefined, ...args};
      seen.forEach((weights, i) => {
        const n = i + 1;
        const g = c * gamma ** (0.5 + mu) * n ** mu;
        expectClose(
          weights,
          start.map((w, k) => soft(w - gamma * steps.slice(0, n).reduce((s, [x]) => s + x[k], 0), g)),
          2e-6,
        );
      });
      expect(seen.flat().some(w => w === 0)).toBe(true);
    }
  });

  it('is plain SGD for c = 0', () => {
    const steps = gradientSteps(20, [4], 4).map(([g]) => g);
    const weights = variables({w: [1, -1, 0.5, 0]});
    const sgd = tf.train.sgd(0.1);
    const expected = steps.map(g => {
      step(sgd, weights.list, [g]);
      return weights.values()[0];
    });
    weights.dispose();
    sgd.dispose();
    expectClose(trace({c: 0, learningRate: 0.1}, [1, -1, 0.5, 0], steps).flat(), expected.flat(), 1e-6);
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
