import * as tf from '@tensorflow/tfjs-core';
import {allInteractions, Interaction, Order} from '../../src/interactions';
import type {Passes} from '../../src/products/passes';
import {generator, uniform} from './random';
import {expectClose} from './tensors';

/** Declares a test: `it`, or what skips it. */
type Declare = (title: string, body: () => void) => void;

/** Passes, the embeddings that they read, and the plain loops that they are compared with. */
interface Compared {
  passes: Passes;
  shape: number[];
  e: number[];
  /** Where a factor begins in `e`: that of a row, a product, and one of its sides. */
  startOf(b: number, p: number, side: number): number;
  sides: number;
}

/** Compare every pass with plain loops over B rows of `count` products. */
function comparePasses({passes, shape, e, startOf, sides}: Compared, count: number, run: Declare): void {
  const [B, d] = [shape[0], shape.at(-1)!];
  const next = generator(B + 1000);
  const [w, q, r, u, dx] = [count, count, count, B, B * count].map(n => uniform(next, n));
  const E = () => [tf.tensor(e, shape)];
  const column = (values: number[]) => tf.tensor2d(values, [B, 1]);
  const factors = (b: number, p: number) =>
    Array.from({length: sides}, (_, side) => e.slice(startOf(b, p, side), startOf(b, p, side) + d));
  const product = (list: number[][]) => list.reduce((a, c) => a.map((value, i) => value * c[i]));
  /** x [B][count]. */
  const x = Array.from({length: B}, (_, b) =>
    w.map((_, p) => product(factors(b, p)).reduce((sum, value) => sum + value)),
  );
  const weighted = x.map(row => row.reduce((sum, value, p) => sum + w[p] * value, 0));
  const correlated = w.map((_, p) => x.reduce((sum, row, b) => sum + u[b] * row[p], 0));
  /** dE. */
  const pulled = (dx: (b: number, p: number) => number) => {
    const gradient = new Float64Array(e.length);
    x.forEach((row, b) =>
      row.forEach((_, p) => {
        const list = factors(b, p);
        list.forEach((own, side) => {
          const others = list.filter((_, other) => other !== side);
          product([own.map(() => 1), ...others]).forEach((value, i) => {
            gradient[startOf(b, p, side) + i] += dx(b, p) * value;
          });
        });
      }),
    );
    return gradient;
  };

  run('list the products', () => tf.tidy(() => expectClose(passes.list(E()), x.flat(), 1e-5)));

  run('give mean and population variance, also about a mean far from 0', () =>
    tf.tidy(() => {
      const means = w.map((_, p) => x.reduce((sum, row) => sum + row[p], 0) / B);
      const {mean, variance} = passes.moments(passes.hold(E()));
      expectClose(mean, means, 1e-5);
      expectClose(
        variance,
        means.map((centre, p) => x.reduce((sum, row) => sum + (row[p] - centre) ** 2, 0) / B),
        1e-5,
      );
      const constant = passes.moments(passes.hold([tf.fill(shape, 30)]));
      expectClose(
        constant.variance,
        means.map(() => 0),
        0,
      );
    }),
  );

  run('add up over the products, and over the batch', () =>
    tf.tidy(() => {
      const held = passes.hold(E());
      expectClose(passes.weightedSum(held, tf.tensor1d(w)), weighted, 1e-5);
      expectClose(passes.correlate(held, column(u)), correlated, 1e-5);
    }),
  );

  run('pull gradients back', () =>
    tf.tidy(() => {
      const held = passes.hold(E());
      const [gradient] = passes.pullBack(held, tf.tensor1d(w), column(u), tf.tensor1d(q), tf.tensor1d(r));
      expectClose(
        gradient,
        pulled((b, p) => w[p] * u[b] - q[p] * x[b][p] + r[p]),
        1e-5,
      );
      expectClose(
        passes.pullBackList(E(), tf.tensor2d(dx, [B, count]))[0],
        pulled((b, p) => dx[b * count + p]),
        1e-5,
      );
    }),
  );

  run('fold the products into their sum, which has gradients', () =>
    tf.tidy(() => {
      const {value, saved} = passes.folded(E(), tf.tensor1d(w));
      expectClose(value, weighted, 1e-5);
      const [ofE, ofW] = passes.foldedGradients(column(u), saved, true);
      expectClose(
        ofE,
        pulled((b, p) => w[p] * u[b]),
        1e-5,
      );
      expectClose(ofW, correlated, 1e-5);
    }),
  );
}

/** Sizes around those that are computed at once: 16 or 4 rows; 8, 4 and 1 coordinates; 8, 4, 2 and 1 interactions. */
const cases: Array<[B: number, m: number, d: number, interactions: Interaction[]]> = [
  [1, 2, 1, [[0, 1]]],
  [16, 12, 8, allInteractions(12, 2)],
  [37, 9, 13, allInteractions(9, 3)],
  [50, 14, 20, allInteractions(14, 2).filter((_, p) => p % 3 !== 1)],
  [33, 11, 5, allInteractions(11, 3).filter((_, p) => p % 5 === 0)],
];

/** Test passes that compute all interactions at once. */
export function testPasses(
  name: string,
  make: (interactions: Interaction[], order: Order) => Passes,
  run: Declare,
): void {
  describe.each(cases)(`the ${name} passes over B %i, m %i, d %i`, (B, m, d, interactions) => {
    const e = uniform(generator(B), B * m * d);
    const order = interactions[0].length as Order;
    const startOf = (b: number, p: number, side: number) => (b * m + interactions[p][side]) * d;
    const passes = make(interactions, order);
    comparePasses({passes, shape: [B, m, d], e, startOf, sides: order}, interactions.length, run);
  });
}

/**
 * Test passes over field-aware products.
 *
 * @param make The passes over P pairs.
 */
export function testFieldAwarePasses(name: string, make: (count: number) => Passes, run: Declare): void {
  describe(`field-aware passes ${name}`, () => {
    describe.each([
      [1, 1, 1],
      [16, 3, 4],
      [37, 10, 5],
      [50, 28, 8],
      [5, 2, 16],
    ])('over B %i, P %i, d %i', (B, P, d) => {
      const e = uniform(generator(B), B * P * 2 * d);
      const startOf = (b: number, p: number, side: number) => ((b * P + p) * 2 + side) * d;
      comparePasses({passes: make(P), shape: [B, P, 2, d], e, startOf, sides: 2}, P, run);
    });

    run('leave no tensor behind', () => {
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        make(3).moments(make(3).hold([tf.ones([2, 3, 2, 4])]));
      });
      expect(tf.memory().numTensors).toBe(before);
    });
  });
}
