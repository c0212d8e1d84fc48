import * as tf from '@tensorflow/tfjs-core';
import {checkRowTensors} from '../../src/metrics/row_tensors';

const rule = 'autoSelect: `train` must be {xs, ys}, tensors with the same number of rows, at least one';

it('counts the rows of inputs, labels and weights', () => {
  tf.tidy(() => {
    const [xs, ys] = [tf.ones([3, 2]), tf.ones([3, 1])];
    expect(checkRowTensors('autoSelect', 'train', {xs, ys})).toBe(3);
    expect(checkRowTensors('autoSelect', 'train', {xs: [xs, xs], ys, weights: tf.ones([3])})).toBe(3);
  });
});

it.each<[string, (xs: tf.Tensor, ys: tf.Tensor) => unknown, string]>([
  ['nothing', () => undefined, 'xs undefined, ys undefined.'],
  ['other names', (ids, labels) => ({ids, labels}), 'xs undefined, ys undefined.'],
  ['a text', (_, ys) => ({xs: 'ids.npy', ys}), 'xs "ids.npy", ys [3,1].'],
  ['no inputs', (_, ys) => ({xs: [], ys}), 'xs an array, ys [3,1]. Make tensors of arrays by tf.tensor2d.'],
  ['no rows', () => ({xs: tf.ones([0, 2]), ys: tf.ones([0, 1])}), 'xs [0,2], ys [0,1].'],
  ['an input of other rows', (xs, ys) => ({xs: [xs, tf.ones([2, 2])], ys}), 'xs [3,2] and [2,2], ys [3,1].'],
  [
    'arrays of many rows',
    () => ({xs: Array(1000).fill([1, 2]), ys: new Float32Array(1000)}),
    'xs an array, ys an array. Make tensors of arrays by tf.tensor2d.',
  ],
  [
    'weights in an array',
    (xs, ys) => ({xs, ys, weights: [1, 1, 2]}),
    'xs [3,2], ys [3,1], weights an array. Make tensors of arrays by tf.tensor2d.',
  ],
])('refuses %s, and says what each part is', (_, rowsOf, received) => {
  tf.tidy(() => {
    const rows = rowsOf(tf.ones([3, 2]), tf.ones([3, 1]));
    expect(() => checkRowTensors('autoSelect', 'train', rows)).toThrow(new Error(`${rule}. Received: ${received}`));
  });
});

it('names what may be given in place of rows', () => {
  expect(() => checkRowTensors('autoSelect', 'train', null, ', or a stream')).toThrow(
    new Error(`${rule}, or a stream. Received: xs undefined, ys undefined.`),
  );
});
