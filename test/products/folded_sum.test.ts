import * as tf from '@tensorflow/tfjs-core';
import {foldedSum} from '../../src/products/folded_sum';
import {numericGradient, plainGate, weighted} from '../helpers/plain_gate';
import {generator, uniform} from '../helpers/random';
import {epsilon, passesCases, shape, values} from '../helpers/passes_cases';
import {expectClose, expectNoLeak} from '../helpers/tensors';

describe.each(passesCases)('foldedSum of $name', ({interactions, passes, alpha}) => {
  const plain = (e: number[], weights: number[]) =>
    plainGate(e, shape, {interactions, output: 'sum', alpha: weights, normalization: null, epsilon});
  const fast = (e: tf.Tensor, weights: tf.Tensor, constant = false) =>
    foldedSum(e as tf.Tensor3D, weights as tf.Tensor1D, passes(), constant);
  const inputs = () => [tf.tensor3d(values, [...shape]), tf.tensor1d(alpha)];

  it('is the weighted sum of the products', () => {
    tf.tidy(() => {
      const [e, weights] = inputs();
      const sum = fast(e, weights);
      expect(sum.shape).toEqual([shape[0], 1]);
      expectClose(sum, plain(values, alpha).flat(), 1e-6);
    });
  });

  it('has the gradients of the plain loops', () => {
    const upstream = uniform(generator(8), shape[0]);
    tf.tidy(() => {
      const loss = (e: tf.Tensor, weights: tf.Tensor) =>
        tf.sum(tf.mul(fast(e, weights), tf.tensor2d(upstream, [shape[0], 1])));
      const [dE, dWeights] = tf.grads(loss)(inputs());
      expectClose(
        dE,
        numericGradient(e => weighted(plain(e, alpha), upstream), values),
        1e-5,
      );
      expectClose(
        dWeights,
        numericGradient(w => weighted(plain(values, w), upstream), alpha),
        1e-5,
      );
    });
  });

  it('has the same gradient of E where the weights are constants', () => {
    tf.tidy(() => {
      const [e, weights] = inputs();
      const gradient = (constant: boolean) => tf.grad(x => tf.sum(tf.square(fast(x, weights, constant))))(e);
      expectClose(fast(e, weights, true), fast(e, weights), 0);
      expectClose(gradient(true), gradient(false), 1e-6);
    });
  });

  it('leaves no tensor behind', async () => {
    await expectNoLeak(() =>
      tf.tidy(() => {
        tf.grads((e, weights) => tf.sum(fast(e, weights)))(inputs());
      }),
    );
  });
});
