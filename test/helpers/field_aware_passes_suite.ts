import * as tf from '@tensorflow/tfjs-core';
import type {Passes} from '../../src/products/passes';
import {generator, uniform} from './random';
import {expectClose, expectNoLeak} from './tensors';

const sizes = [
  [1, 1, 1],
  [16, 3, 4],
  [37, 10, 5],
  [50, 28, 8],
  [5, 2, 16],
];

/**
 * Compare passes over field-aware products with plain loops.
 *
 * @param make The passes over P pairs.
 * @param declare How a test is declared.
 */
export function testFieldAwarePasses(
  name: string,
  make: (count: number) => Passes,
  declare: (title: string, body: () => Promise<void>) => void,
): void {
  const run = (title: string, body: () => void | Promise<void>) => declare(title, async () => body());
  describe(`field-aware passes ${name}`, () => {
    describe.each(sizes)('over B %i, P %i, d %i', (B, P, d) => {
      const next = generator(B);
      const random = (n: number) => uniform(next, n);
      const [e, w, q, r, u, dx] = [B * P * 2 * d, P, P, P, B, B * P].map(random);
      const passes = make(P);
      const E = () => [tf.tensor4d(e, [B, P, 2, d])];
      const at = (b: number, p: number, side: number, k: number) => e[((b * P + p) * 2 + side) * d + k];
      const each = Array.from({length: B}, (_, b) =>
        Array.from({length: P}, (_, p) =>
          Array.from({length: d}, (_, k) => at(b, p, 0, k) * at(b, p, 1, k)).reduce((sum, value) => sum + value),
        ),
      );
      /** dE by plain loops. */
      const pulled = (gradient: (b: number, p: number) => number) =>
        each.flatMap((row, b) =>
          row.flatMap((_, p) =>
            [0, 1].flatMap(side => Array.from({length: d}, (_, k) => gradient(b, p) * at(b, p, 1 - side, k))),
          ),
        );

      run('list the products, and take sums of them', () =>
        tf.tidy(() => {
          expectClose(passes.list(E()), each.flat(), 1e-5);
          const held = passes.hold(E());
          expectClose(
            passes.weightedSum(held, tf.tensor1d(w)),
            each.map(row => row.reduce((sum, x, p) => sum + w[p] * x, 0)),
            1e-5,
          );
          expectClose(
            passes.correlate(held, tf.tensor2d(u, [B, 1])),
            w.map((_, p) => each.reduce((sum, row, b) => sum + u[b] * row[p], 0)),
            1e-5,
          );
        }),
      );

      run('give mean and population variance, also about a mean far from 0', () =>
        tf.tidy(() => {
          const means = w.map((_, p) => each.reduce((sum, row) => sum + row[p], 0) / B);
          const {mean, variance} = passes.moments(passes.hold(E()));
          expectClose(mean, means, 1e-5);
          expectClose(
            variance,
            means.map((centre, p) => each.reduce((sum, row) => sum + (row[p] - centre) ** 2, 0) / B),
            1e-5,
          );
          expectClose(
            passes.moments(passes.hold([tf.fill([B, P, 2, d], 30)])).variance,
            means.map(() => 0),
            0,
          );
        }),
      );

      run('pull gradients back', () =>
        tf.tidy(() => {
          const [gradient] = passes.pullBack(
            passes.hold(E()),
            tf.tensor1d(w),
            tf.tensor2d(u, [B, 1]),
            tf.tensor1d(q),
            tf.tensor1d(r),
          );
          expectClose(
            gradient,
            pulled((b, p) => w[p] * u[b] - q[p] * each[b][p] + r[p]),
            1e-5,
          );
          expectClose(
            passes.pullBackList(E(), tf.tensor2d(dx, [B, P]))[0],
            pulled((b, p) => dx[b * P + p]),
            1e-5,
          );
          const {value, saved} = passes.folded(E(), tf.tensor1d(w));
          expectClose(
            value,
            each.map(row => row.reduce((sum, x, p) => sum + w[p] * x, 0)),
            1e-5,
          );
          const [ofE, ofW] = passes.foldedGradients(tf.tensor2d(u, [B, 1]), saved, true);
          expectClose(
            ofE,
            pulled((b, p) => w[p] * u[b]),
            1e-5,
          );
          expectClose(
            ofW,
            w.map((_, p) => each.reduce((sum, row, b) => sum + u[b] * row[p], 0)),
            1e-5,
          );
        }),
      );
    });

    run('leave no tensor behind', async () => {
      await expectNoLeak(() => {
        tf.tidy(() => {
          make(3).moments(make(3).hold([tf.ones([2, 3, 2, 4])]));
        });
      });
    });
  });
}
