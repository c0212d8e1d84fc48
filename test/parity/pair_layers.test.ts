import * as tf from '@tensorflow/tfjs-core';
import {attentionalPooling, compressedInteraction} from 'tfjs-autofis';
import {allInteractions} from '../../src/interactions';
import {PIECE_VALUES} from '../../src/products/pieces';
import {generator, uniform} from '../helpers/random';
import {disposeWeights, expectClose} from '../helpers/tensors';

const next = generator(81);
const random = (...shape: number[]) => tf.tensor(uniform(next, tf.util.sizeFromShape(shape)), shape);

describe('AttentionalPooling', () => {
  // The last shape is taken in more than one piece, the last of which is smaller.
  it.each([
    [4, 3, 2, 3],
    [3, 2, 4, 1],
    [120, 39, 4, 32],
  ])(
    'of a batch of %i, %i fields, dimension %i, %i units equals stock ops, value and gradients',
    (batch, m, d, units) => {
      const layer = attentionalPooling({units, seed: 3});
      tf.tidy(() => {
        const input = random(batch, m, d);
        const factors = random(batch, d);
        const pairs = allInteractions(m, 2);
        layer.apply(input);
        layer.setWeights([random(d, units), random(units), random(units, 1)]);
        const stock = (e: tf.Tensor, W: tf.Tensor, b: tf.Tensor, h: tf.Tensor) => {
          const side = (which: number) =>
            tf.gather(
              e,
              tf.tensor1d(
                pairs.map(pair => pair[which]),
                'int32',
              ),
              1,
            );
          const x = tf.mul(side(0), side(1));
          const hidden = tf.relu(tf.add(tf.matMul(tf.reshape(x, [-1, d]), W as tf.Tensor2D), b));
          const attention = tf.softmax(
            tf.reshape(tf.matMul(hidden as tf.Tensor2D, h as tf.Tensor2D), [batch, pairs.length]),
          );
          return tf.sum(tf.mul(x, tf.reshape(attention, [batch, pairs.length, 1])), 1);
        };
        const weights = layer.weights.map(w => w.read()) as [tf.Tensor, tf.Tensor, tf.Tensor];
        expectClose(layer.apply(input) as tf.Tensor, stock(input, ...weights), 1e-5);
        const expected = tf.grads((e, W, b, h) => tf.sum(tf.mul(stock(e, W, b, h), factors)))([input, ...weights]);
        const {grads} = tf.variableGrads(() => tf.sum(tf.mul(layer.apply(input) as tf.Tensor, factors)) as tf.Scalar);
        layer.weights.forEach((w, i) => expectClose(grads[w.name], expected[i + 1], 1e-4));
        expectClose(tf.grad(e => tf.sum(tf.mul(layer.apply(e) as tf.Tensor, factors)))(input), expected[0], 1e-4);
      });
      disposeWeights(layer);
      expect([4, 3].includes(batch) || batch * 741 * 32 > PIECE_VALUES).toBe(true);
    },
  );
});

describe('CompressedInteraction', () => {
  // The last shape is taken in more than one piece, the last of which is smaller.
  it.each([
    [4, 3, 2, [3]],
    [3, 2, 4, [2, 5, 1]],
    [400, 39, 4, [20, 6]],
  ])(
    'of a batch of %i, %i fields, dimension %i, units %j equals stock ops, value and gradients',
    (batch, m, d, units) => {
      const layer = compressedInteraction({units, seed: 3});
      tf.tidy(() => {
        const input = random(batch, m, d);
        const factors = random(
          batch,
          units.reduce((sum, each) => sum + each, 0),
        );
        layer.apply(input);
        const stock = (e: tf.Tensor, ...kernels: tf.Tensor[]) => {
          const fields = tf.transpose(e, [0, 2, 1]);
          let x = fields;
          const sums = kernels.map(kernel => {
            const products = tf.mul(tf.expandDims(x, 3), tf.expandDims(fields, 2));
            const flat = tf.reshape(products, [batch * d, kernel.shape[0]]) as tf.Tensor2D;
            x = tf.reshape(tf.matMul(flat, kernel as tf.Tensor2D), [batch, d, kernel.shape[1]!]);
            return tf.sum(x, 1) as tf.Tensor2D;
          });
          return tf.concat(sums, 1);
        };
        const weights = layer.weights.map(w => w.read());
        expectClose(layer.apply(input) as tf.Tensor, stock(input, ...weights), 1e-4);
        const expected = tf.grads((e, ...kernels) => tf.sum(tf.mul(stock(e, ...kernels), factors)))([
          input,
          ...weights,
        ]);
        const {grads} = tf.variableGrads(() => tf.sum(tf.mul(layer.apply(input) as tf.Tensor, factors)) as tf.Scalar);
        layer.weights.forEach((w, i) => expectClose(grads[w.name], expected[i + 1], 1e-4));
        expectClose(tf.grad(e => tf.sum(tf.mul(layer.apply(e) as tf.Tensor, factors)))(input), expected[0], 1e-4);
      });
      disposeWeights(layer);
      expect([4, 3].includes(batch) || batch * d * m * m > PIECE_VALUES).toBe(true);
    },
  );
});
