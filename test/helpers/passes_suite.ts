import * as tf from '@tensorflow/tfjs-core';
import {allInteractions, Interaction, Order} from '../../src/interactions';
import type {Passes} from '../../src/products/passes';
import {generator, uniform} from './random';
import {expectClose} from './tensors';

/** Sizes around those that are computed at once: 16 or 4 rows; 8, 4 and 1 coordinates; 8, 4, 2 and 1 interactions. */
const cases: Array<[B: number, m: number, d: number, interactions: Interaction[]]> = [
  [1, 2, 1, [[0, 1]]],
  [16, 12, 8, allInteractions(12, 2)],
  [37, 9, 13, allInteractions(9, 3)],
  [50, 14, 20, allInteractions(14, 2).filter((_, p) => p % 3 !== 1)],
  [33, 11, 5, allInteractions(11, 3).filter((_, p) => p % 5 === 0)],
];

/** Tests every pass of a class that computes all interactions at once against plain loops; `run` is `it`, or skips. */
export function testPasses(
  name: string,
  make: (interactions: Interaction[], order: Order) => Passes,
  run: (name: string, body: () => void) => void,
): void {
  describe.each(cases)(`the ${name} passes over B %i, m %i, d %i`, (B, m, d, interactions) => {
    const count = interactions.length;
    const order = interactions[0].length as 2 | 3;
    const next = generator(B);
    const random = (n: number) => uniform(next, n);
    const [e, w, q, r, u, dx] = [B * m * d, count, count, count, B, B * count].map(random);
    const passes = make(interactions, order);
    const E = () => [tf.tensor3d(e, [B, m, d])];
    const column = (values: number[]) => tf.tensor2d(values, [B, 1]);
    const factors = (b: number, fields: Interaction) => fields.map(f => e.slice((b * m + f) * d, (b * m + f + 1) * d));
    /** x [B][count] by plain loops. */
    const x = Array.from({length: B}, (_, b) =>
      interactions.map(fields =>
        factors(b, fields)
          .reduce((a, c) => a.map((value, i) => value * c[i]))
          .reduce((a, c) => a + c),
      ),
    );
    /** dE by plain loops. */
    const pulled = (dx: (b: number, p: number) => number) => {
      const gradient = new Float64Array(e.length);
      for (let b = 0; b < B; b++) {
        interactions.forEach((fields, p) =>
          fields.forEach((field, f) => {
            const others = factors(b, fields).filter((_, other) => other !== f);
            for (let i = 0; i < d; i++) {
              gradient[(b * m + field) * d + i] += dx(b, p) * others.reduce((product, other) => product * other[i], 1);
            }
          }),
        );
      }
      return gradient;
    };

    run('list the products', () => tf.tidy(() => expectClose(passes.list(E()), x.flat(), 1e-6)));

    run('give mean and population variance, also about a mean far from 0', () =>
      tf.tidy(() => {
        const means = interactions.map((_, p) => x.reduce((sum, row) => sum + row[p], 0) / B);
        const {mean, variance} = passes.moments(E());
        expectClose(mean, means, 1e-6);
        expectClose(
          variance,
          means.map((centre, p) => x.reduce((sum, row) => sum + (row[p] - centre) ** 2, 0) / B),
          1e-5,
        );
        const constant = passes.moments([tf.fill([B, m, d], 30)]);
        expectClose(
          constant.variance,
          means.map(() => 0),
          0,
        );
      }),
    );

    run('add up over the interactions, and over the batch', () =>
      tf.tidy(() => {
        expectClose(
          passes.weightedSum(E(), tf.tensor1d(w)),
          x.map(row => row.reduce((sum, value, p) => sum + w[p] * value, 0)),
          1e-5,
        );
        expectClose(
          passes.correlate(E(), column(u)),
          interactions.map((_, p) => x.reduce((sum, row, b) => sum + u[b] * row[p], 0)),
          1e-5,
        );
      }),
    );

    run('pull gradients back', () =>
      tf.tidy(() => {
        const [gradient] = passes.pullBack(E(), tf.tensor1d(w), column(u), tf.tensor1d(q), tf.tensor1d(r));
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
  });
}
