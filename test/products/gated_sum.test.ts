import * as tf from '@tensorflow/tfjs-core';
import {gatedSum} from '../../src/products/gated_sum';
import type {Statistics} from '../../src/products/passes';
import {numericGradient, plainGate, plainProducts, plainStatistics, weighted} from '../helpers/plain_gate';
import {generator, uniform} from '../helpers/random';
import {epsilon, passesCases, shape, values} from '../helpers/passes_cases';
import {expectClose, expectNoLeak, numbers} from '../helpers/tensors';

describe.each(passesCases)('gatedSum of $name', ({interactions, passes, alpha}) => {
  const plain = (e: number[], gates: number[]) =>
    plainGate(e, shape, {interactions, output: 'sum', alpha: gates, normalization: 'batch', epsilon});
  const fast = (e: tf.Tensor, gates: tf.Tensor, report: (s: Statistics) => void = () => {}) =>
    gatedSum(e as tf.Tensor3D, gates as tf.Tensor1D, passes(), epsilon, report);
  const inputs = () => [tf.tensor3d(values, [...shape]), tf.tensor1d(alpha)];

  it('is the gated sum of the products, normalised over the batch', () => {
    tf.tidy(() => {
      const [e, gates] = inputs();
      const sum = fast(e, gates);
      expect(sum.shape).toEqual([shape[0], 1]);
      expectClose(sum, plain(values, alpha).flat(), 1e-5);
    });
  });

  it('reports the batch mean and population variance of each product', () => {
    const seen: number[][] = [];
    tf.tidy(() => {
      const [e, gates] = inputs();
      fast(e, gates, ({mean, variance}) => seen.push(numbers(mean), numbers(variance)));
    });
    const expected = plainStatistics(plainProducts(values, shape, interactions));
    expect(seen).toHaveLength(2);
    expectClose(seen[0], expected.mean, 1e-5);
    expectClose(seen[1], expected.variance, 1e-5);
  });

  it('has the closed-form gradients of E and alpha', () => {
    const upstream = uniform(generator(9), shape[0]);
    tf.tidy(() => {
      const loss = (e: tf.Tensor, gates: tf.Tensor) =>
        tf.sum(tf.mul(fast(e, gates), tf.tensor2d(upstream, [shape[0], 1])));
      const [dE, dAlpha] = tf.grads(loss)(inputs());
      expectClose(
        dE,
        numericGradient(e => weighted(plain(e, alpha), upstream), values),
        5e-5,
      );
      expectClose(
        dAlpha,
        numericGradient(a => weighted(plain(values, a), upstream), alpha),
        5e-5,
      );
    });
  });

  it('has no gradient along a constant: the sum over the batch does not move', () => {
    tf.tidy(() => {
      const [dE, dAlpha] = tf.grads((e, gates) => tf.sum(fast(e, gates)))(inputs());
      expectClose(dE, Array<number>(values.length).fill(0), 1e-5);
      expectClose(
        dAlpha,
        alpha.map(() => 0),
        1e-5,
      );
    });
  });

  it('leaves no tensor behind', async () => {
    await expectNoLeak(() =>
      tf.tidy(() => {
        tf.grads((e, gates) => tf.sum(fast(e, gates)))(inputs());
      }),
    );
  });
});
