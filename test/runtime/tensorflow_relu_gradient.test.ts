import * as tf from '@tensorflow/tfjs-core';
import {registerKernels, useBackend} from 'tfjs-autofis/runtime';
import {generator, uniform} from '../helpers/random';
import {expectNoLeak, numbers} from '../helpers/tensors';

describe.each([undefined, 'wasm', 'cpu'] as const)('the gradient of relu, backend %s', backend => {
  beforeAll(async () => {
    await useBackend(backend);
    registerKernels();
  });

  it('passes on where relu does, and nothing elsewhere', async () => {
    await expectNoLeak(() => {
      tf.tidy(() => {
        const x = [-2, -0, 0, 1e-30, 3, ...uniform(generator(1), 1001)];
        const upstream = uniform(generator(2), x.length);
        const [dx] = tf.grads((value, weight) => tf.sum(tf.mul(tf.relu(value), weight)))([
          tf.tensor1d(x),
          tf.tensor1d(upstream),
        ]);
        expect(numbers(dx).map(value => value + 0)).toEqual(
          numbers(tf.tensor1d(x.map((value, i) => (value > 0 ? upstream[i] : 0)))),
        );
      });
    });
  });

  it('has a gradient itself', async () => {
    await expectNoLeak(() => {
      tf.tidy(() => {
        const square = (x: tf.Tensor) => tf.sum(tf.square(tf.relu(x)));
        const x = tf.tensor1d([-3, 2]);
        expect(numbers(tf.grad(square)(x))).toEqual([0, 4]);
        expect(numbers(tf.grad(value => tf.sum(tf.grad(square)(value)))(x))).toEqual([0, 2]);
      });
    });
  });
});
