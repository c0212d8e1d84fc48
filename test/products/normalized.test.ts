import * as tf from '@tensorflow/tfjs-core';
import {Normalization, normalizedProducts} from '../../src/products/normalized';
import {numericGradient, plainGate, PlainGate, plainProducts, plainStatistics, weighted} from '../helpers/plain_gate';
import {generator, uniform} from '../helpers/random';
import {epsilon, passesCases, shape, values} from '../helpers/passes_cases';
import {expectClose, expectNoLeak, numbers} from '../helpers/tensors';

describe.each(passesCases)('normalizedProducts of $name', ({interactions, passes}) => {
  const count = interactions.length;
  const statistics = {
    mean: uniform(generator(10), count),
    variance: uniform(generator(11), count, 0.2, 2),
  };
  const kinds: Array<[string, PlainGate['normalization'], () => Normalization]> = [
    ['batch', 'batch', () => ({kind: 'batch', epsilon, report: () => {}})],
    [
      'fixed',
      statistics,
      () => ({
        kind: 'fixed',
        epsilon,
        statistics: {
          mean: tf.tensor1d(statistics.mean),
          variance: tf.tensor1d(statistics.variance),
        },
      }),
    ],
    ['no', null, () => ({kind: 'none'})],
  ];

  describe.each(kinds)('with %s statistics', (_, normalization, kind) => {
    const plain = (e: number[]) =>
      plainGate(e, shape, {interactions, output: 'each', alpha: null, normalization, epsilon});
    const fast = (e: tf.Tensor) => normalizedProducts(e as tf.Tensor3D, passes(), kind());

    it('are those of the plain loops', () => {
      tf.tidy(() => {
        const columns = fast(tf.tensor3d(values, [...shape]));
        expect(columns.shape).toEqual([shape[0], count]);
        expectClose(columns, plain(values).flat(), 1e-5);
      });
    });

    it('have the gradient of the plain loops', () => {
      const upstream = uniform(generator(12), shape[0] * count);
      tf.tidy(() => {
        const dE = tf.grad(e => tf.sum(tf.mul(fast(e), tf.tensor2d(upstream, [shape[0], count]))))(
          tf.tensor3d(values, [...shape]),
        );
        expectClose(
          dE,
          numericGradient(e => weighted(plain(e), upstream), values),
          5e-5,
        );
      });
    });

    it('leave no tensor behind', async () => {
      await expectNoLeak(() =>
        tf.tidy(() => {
          tf.grad(e => tf.sum(fast(e)))(tf.tensor3d(values, [...shape]));
        }),
      );
    });
  });

  it('report the batch statistics', () => {
    const seen: number[][] = [];
    tf.tidy(() =>
      normalizedProducts(tf.tensor3d(values, [...shape]), passes(), {
        kind: 'batch',
        epsilon,
        report: ({mean, variance}) => {
          seen.push(numbers(mean), numbers(variance));
        },
      }),
    );
    const expected = plainStatistics(plainProducts(values, shape, interactions));
    expect(seen).toHaveLength(2);
    expectClose(seen[0], expected.mean, 1e-5);
    expectClose(seen[1], expected.variance, 1e-5);
  });
});
