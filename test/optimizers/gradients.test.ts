import * as tf from '@tensorflow/tfjs-core';
import {forEachGradient, gradientList} from '../../optimizers/gradients';
import {variables} from '../helpers/optimizers';
import {numbers} from '../helpers/tensors';

describe('gradientList', () => {
  it('gives the list and the map form alike, an absent gradient included', () => {
    tf.tidy(() => {
      const one = tf.scalar(1);
      const list = [
        {name: 'a', tensor: one},
        {name: 'b', tensor: undefined as never},
      ];
      expect(gradientList(list)).toEqual(list);
      expect(gradientList({a: one, b: undefined as never})).toEqual(list);
    });
  });
});

describe('forEachGradient', () => {
  it('calls back with each variable and its gradient, undefined where the loss does not use it', () => {
    const weights = variables({a: [1], b: [2]});
    tf.tidy(() => {
      const seen: Array<[string, number[] | undefined]> = [];
      forEachGradient(
        [
          {name: 'b', tensor: null as never},
          {name: 'a', tensor: tf.tensor1d([5])},
        ],
        (variable, gradient) => seen.push([variable.name, gradient && numbers(gradient)]),
      );
      expect(seen).toEqual([
        ['b', undefined],
        ['a', [5]],
      ]);
    });
    weights.dispose();
  });
});
