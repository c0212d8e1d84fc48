import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {binaryCrossentropy, useClosedLoss} from '../../src/metrics/binary_crossentropy';
import {allowKernels, backendWithKernels} from '../../src/native/kernel_ops';
import {seededRandom} from '../../src/random';
import {expectClose} from '../helpers/tensors';

const stock = tfl.metrics.binaryCrossentropy;
const random = seededRandom(3);

/** Probabilities, some of them beyond the clip, and labels, some of them soft. */
function rows(shape: [number, number]): [tf.Tensor, tf.Tensor] {
  const count = shape[0] * shape[1];
  const p = Array.from({length: count}, (_, i) => [0, 1, 1e-9, 0.5][i] ?? random());
  const y = Array.from({length: count}, (_, i) => (i % 5 === 4 ? random() : Number(random() < 0.3)));
  return [tf.tensor2d(y, shape), tf.tensor2d(p, shape)];
}

afterEach(() => allowKernels(true));

it.each<[number, number, boolean]>([
  [200, 1, true],
  [60, 3, true],
  [60, 3, false],
])(
  'has the values and gradients of the formula, and of tfjs, for %i rows of %i labels: own ops %s',
  (count, width, ownOps) => {
    allowKernels(ownOps);
    const [y, p] = rows([count, width]);
    const weights = tf.tensor1d(Array.from({length: count}, random));
    const of = (loss: typeof stock) => (x: tf.Tensor) => tf.sum(tf.mul(weights, loss(y, x)));
    const [own, tfjs] = [binaryCrossentropy, stock].map(loss => {
      expect(loss(y, p).shape).toEqual([count]);
      return {losses: [...loss(y, p).dataSync()], gradients: [...tf.grad(of(loss))(p).dataSync()]};
    });
    const [labels, values, rowWeights] = [y, p, weights].map(tensor => [...tensor.dataSync()]);
    const clip = (x: number) => Math.min(Math.max(x, Math.fround(1e-7)), Math.fround(1 - 1e-7));
    const loss = labels.map((l, i) => -l * Math.log(clip(values[i])) - (1 - l) * Math.log(1 - clip(values[i])));
    const losses = rowWeights.map(
      (_, row) => loss.slice(row * width, (row + 1) * width).reduce((a, b) => a + b) / width,
    );
    const gradients = values.map((x, i) =>
      clip(x) === x ? ((rowWeights[Math.floor(i / width)] / width) * (x - labels[i])) / (x * (1 - x)) : 0,
    );
    const isNear = (found: number[], wanted: number[], tolerance: number) =>
      found.forEach((value, i) =>
        expect(Math.abs(value - wanted[i])).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(wanted[i]))),
      );
    isNear(own.losses, losses, 1e-6);
    isNear(own.gradients, gradients, 1e-6);
    isNear(own.losses, tfjs.losses, 1e-5);
    isNear(own.gradients, tfjs.gradients, 1e-5);
    // Clipped: 0, 1 and 1e-9.
    expect(own.gradients.slice(0, 3).map(Math.abs)).toEqual([0, 0, 0]);
  },
);

it.each([true, false])('keeps what is not a number, with own ops: %s', ownOps => {
  allowKernels(ownOps);
  const loss = (x: tf.Tensor) => tf.sum(binaryCrossentropy(tf.ones([1, 1]), x));
  const {value, grad} = tf.valueAndGrad(loss)(tf.tensor2d([[NaN]]));
  expect([value.dataSync()[0], grad.dataSync()[0]]).toEqual([NaN, NaN]);
});

it('calls a fraction of the kernels that tfjs calls', async () => {
  const [y, p] = rows([50, 1]);
  const kernels = async (loss: typeof stock) =>
    (await tf.profile(() => tf.valueAndGrad((x: tf.Tensor) => tf.mean(loss(y, x)))(p) as never)).kernels.length;
  const count = backendWithKernels() === null ? 31 : 12;
  expect([await kernels(stock), await kernels(binaryCrossentropy)]).toEqual([87, count]);
  allowKernels(false);
  expect(await kernels(binaryCrossentropy)).toBe(31);
});

it('computes labels of one shape that fit to all probabilities, and of another type', () => {
  const p = tf.tensor2d([[0.2], [0.7]]);
  const expected = [binaryCrossentropy(tf.tensor2d([[1], [1]]), p).dataSync(), [-Math.log(0.2), -Math.log(0.7)]];
  for (const labels of [tf.tensor2d([[1]]), tf.tensor2d([[1], [1]], [2, 1], 'int32')]) {
    expectClose(binaryCrossentropy(labels, p), expected[0], 1e-7);
  }
  expectClose([...expected[0]], expected[1], 1e-6);
});

it('takes the place of the loss of that name alone, and leaves no tensor', async () => {
  const input = tfl.input({shape: [2]});
  const heads = ['a', 'b'].map(
    name => tfl.layers.dense({name, units: 1, activation: 'sigmoid'}).apply(input) as tfl.SymbolicTensor,
  );
  const model = tfl.model({inputs: input, outputs: heads});
  for (const loss of [['binaryCrossentropy', 'meanSquaredError'], {a: 'binaryCrossentropy', b: 'meanSquaredError'}]) {
    model.compile({optimizer: 'sgd', loss});
    const other = model.lossFunctions[1];
    useClosedLoss(model);
    expect(model.lossFunctions).toEqual([binaryCrossentropy, other]);
  }
  model.compile({optimizer: 'sgd', loss: 'binaryCrossentropy'});
  useClosedLoss(model);
  expect(model.lossFunctions).toEqual([binaryCrossentropy, binaryCrossentropy]);
  const one = tfl.model({inputs: input, outputs: heads[0]});
  one.compile({optimizer: 'sgd', loss: 'binaryCrossentropy'});
  useClosedLoss(one);
  const [x, y] = [tf.ones([4, 2]), tf.tensor2d([[1], [0], [1], [1]])];
  await one.trainOnBatch(x, y);
  const before = tf.memory().numTensors;
  await one.trainOnBatch(x, y);
  expect(tf.memory().numTensors).toBe(before);
  expect(one.loss).toBe('binaryCrossentropy');
});
