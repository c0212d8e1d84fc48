import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {tableStart} from '../../layers/table_start';
import {expectNoLeak, numbers} from '../helpers/tensors';

const {constant, glorotUniform, randomUniform} = tfl.initializers;

/** Rows of a value [V, 1] of which only a few are compared. */
const rows = (start: tf.Tensor2D, from: number, n: number) =>
  tf.tidy(() => numbers(tf.slice(start, [from, 0], [n, 1])));

it('is what the initializer gives, for a table of up to a million rows', () => {
  tf.tidy(() => {
    const initializer = randomUniform({minval: -1, maxval: 1, seed: 5});
    expect(numbers(tableStart(initializer, [50, 3]))).toEqual(numbers(initializer.apply([50, 3])));
  });
});

it('is uniform for a larger one, and the same in every run of one seed', async () => {
  await expectNoLeak(() => {
    tf.tidy(() => {
      const initializer = randomUniform({minval: -1, maxval: 3, seed: 5});
      const [first, second] = [0, 1].map(() => tableStart(initializer, [2_000_010, 1]));
      expect(first.shape).toEqual([2_000_010, 1]);
      const parts = [0, 1e6, 2e6].map(start => rows(first, start, 10));
      expect(new Set(parts.flat()).size).toBe(30);
      expect([0, 1e6, 2e6].map(start => rows(second, start, 10))).toEqual(parts);
      const {mean, variance} = tf.moments(first);
      const [least, most, centre, spread] = [tf.min(first), tf.max(first), mean, variance].map(
        each => numbers(each)[0],
      );
      expect(least).toBeGreaterThanOrEqual(-1);
      expect(most).toBeLessThanOrEqual(3);
      // Five standard errors: sqrt(16/12 / n), and sqrt(16^2 / 180 / n) for the variance.
      expect(Math.abs(centre - 1)).toBeLessThan(5 * Math.sqrt(16 / 12 / first.size));
      expect(Math.abs(spread - 16 / 12)).toBeLessThan(5 * Math.sqrt(256 / 180 / first.size));
      const unseeded = [0, 1].map(() => rows(tableStart(randomUniform({minval: 2, maxval: 3}), [1_000_010, 1]), 0, 10));
      expect(unseeded[0]).not.toEqual(unseeded[1]);
    });
  });
});

it('fills with one value, and leaves an initializer that looks at the shape alone', () => {
  tf.tidy(() => {
    expect(rows(tableStart(constant({value: 3}), [1_000_002, 1]), 999_999, 3)).toEqual([3, 3, 3]);
    const glorot = glorotUniform({seed: 1});
    expect(rows(tableStart(glorot, [1_000_002, 1]), 1e6, 2)).toEqual(
      rows(glorot.apply([1_000_002, 1]) as tf.Tensor2D, 1e6, 2),
    );
  });
});
