import * as tf from '@tensorflow/tfjs-core';
import {logloss} from 'tfjs-autofis';

describe('logloss', () => {
  it('refuses tensors, which have no elements to compute with', () => {
    tf.tidy(() => {
      const labels = tf.tensor1d([1, 0]);
      expect(() => logloss(labels as never, labels as never)).toThrow(
        'logloss: labels must be an array of numbers. Received: Tensor. ' +
          'The numbers of a tensor are `await tensor.data()`.',
      );
    });
  });

  it('keeps probabilities 1e-7, or epsilon, away from 0 and 1', () => {
    expect(logloss([1], [0])).toBeCloseTo(-Math.log(1e-7), 9);
    expect(logloss([0], [1])).toBeCloseTo(-Math.log(1e-7), 6);
    expect(logloss([1], [0], 0.01)).toBeCloseTo(-Math.log(0.01), 12);
    expect(logloss([1, 0], [1, 0])).toBeCloseTo(1e-7, 12);
  });

  it.each([
    ['labels other than 0 and 1', [2], [0.5], 'logloss: labels must be 0 or 1. Received: 2 in row 0.'],
    ['a logit', [1, 0], [0.5, 1.5], 'logloss: probabilities must lie in [0, 1]. Received: 1.5 in row 1.'],
  ])('refuses %s', (_, labels, probabilities, message) => {
    expect(() => logloss(labels, probabilities)).toThrow(new Error(message));
  });

  it('refuses an epsilon that leaves nothing', () => {
    expect(() => logloss([1], [0.5], 0.5)).toThrow(
      new Error('logloss: `epsilon` must be a number in [0, 0.5). Received: 0.5.'),
    );
  });
});
