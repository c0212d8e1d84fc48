import * as tf from '@tensorflow/tfjs-core';
import {mae, r2, rmse} from 'tfjs-autofis';
import {RegressionSums} from '../../src/metrics/regression';
import {generator, uniform} from '../helpers/random';

const labels = [3, -0.5, 2, 7];
const predictions = [2.5, 0, 2, 8];

it('has the values of the definitions', () => {
  // Errors .5, -.5, 0, -1; the labels' mean is 2.875, their squared distances from it 29.1875 in all.
  expect(rmse(labels, predictions)).toBeCloseTo(Math.sqrt(1.5 / 4), 12);
  expect(mae(labels, predictions)).toBeCloseTo(0.5, 12);
  expect(r2(labels, predictions)).toBeCloseTo(1 - 1.5 / 29.1875, 12);
});

it.each([rmse, mae, r2])('%p counts a row of weight 3 three times, and one of weight 0 not at all', metric => {
  const repeated = [0, 0, 0, 2, 3].map(row => [labels[row], predictions[row]]);
  const expected = metric(
    repeated.map(([label]) => label),
    repeated.map(([, prediction]) => prediction),
  );
  expect(metric(labels, predictions, [3, 0, 1, 1])).toBeCloseTo(expected, 12);
});

it('does not depend on the batches, also far from 0', () => {
  const next = generator(1);
  const far = uniform(next, 1000, 1e6, 1e6 + 1);
  const guesses = far.map(label => label + 0.3 * next());
  const sums = new RegressionSums('test');
  for (let at = 0; at < far.length; at += 7) sums.add(far.slice(at, at + 7), guesses.slice(at, at + 7));
  const mean = far.reduce((sum, label) => sum + label - 1e6, 0) / far.length + 1e6;
  const spread = far.reduce((sum, label) => sum + (label - mean) ** 2, 0);
  const squares = far.reduce((sum, label, i) => sum + (label - guesses[i]) ** 2, 0);
  expect(sums.compute('r2')).toBeCloseTo(1 - squares / spread, 9);
  expect(sums.compute('rmse')).toBeCloseTo(Math.sqrt(squares / far.length), 9);
});

it('a batch may have rows of weight 0 only, and all rows not', () => {
  const sums = new RegressionSums('test');
  sums.add([1, 2], [5, 5], [0, 0]);
  expect(() => sums.compute('rmse')).toThrow(
    'test: rmse needs a row with a weight above 0. Received: none. Give other rows or weights.',
  );
  sums.add([1, 2], [2, 4], [1, 1]);
  expect(sums.compute('mae')).toBe(1.5);
});

it('refuses what is not defined', () => {
  expect(() => rmse([], [])).toThrow('rmse: needs as many labels as predictions, at least one. Received: 0 and 0.');
  tf.tidy(() =>
    expect(() => rmse([1], tf.tensor1d([1]) as never)).toThrow(
      'rmse: predictions must be an array of numbers. Received: Tensor. ' +
        'The numbers of a tensor are `await tensor.data()`.',
    ),
  );
  expect(() => mae([1, NaN], [1, 2])).toThrow('mae: labels must be finite numbers. Received: NaN in row 1.');
  expect(() => mae([1, 2], [1, Infinity])).toThrow('mae: prediction of row 1 is Infinity. The model has diverged');
  expect(() => r2([2, 2], [1, 2])).toThrow('r2 is not defined where all labels are equal. Received: 2 in every row.');
  expect(() => rmse([1], [1], [-1])).toThrow('rmse: weights must be finite numbers >= 0. Received: -1 in row 0.');
});
