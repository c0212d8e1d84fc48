import * as tf from '@tensorflow/tfjs-core';
import {joinRows} from '../../src/training/join_rows';
import type {LabeledRows} from '../../src/training/rows';
import {expectNoLeak, numbers} from '../helpers/tensors';

describe('joinRows', () => {
  it('joins tensors of different types in the type that holds both', async () => {
    await expectNoLeak(async () => {
      const train = {
        xs: tf.tensor2d([[1], [2]], [2, 1], 'int32'),
        ys: tf.tensor2d([[1], [0]], [2, 1], 'bool'),
        weights: tf.tensor1d([1, 2], 'int32'),
      };
      const more = {xs: tf.tensor2d([[0.5]]), ys: tf.tensor1d([1]), weights: tf.tensor2d([[0.25]])};
      const {rows, dispose} = joinRows(train, more);
      const {xs, ys, weights} = rows as LabeledRows & {xs: tf.Tensor};
      expect([xs, ys, weights!].map(({dtype}) => dtype)).toEqual(['float32', 'float32', 'float32']);
      expect([xs, ys, weights!].map(numbers)).toEqual([
        [1, 2, 0.5],
        [1, 0, 1],
        [1, 2, 0.25],
      ]);
      dispose();
      tf.dispose([train, more]);
    });
  });

  it('keeps a type that both have', () => {
    tf.tidy(() => {
      const part = {xs: tf.ones([2, 3], 'int32'), ys: tf.ones([2, 1])};
      const {rows} = joinRows(part, part);
      const {xs, ys} = rows as LabeledRows & {xs: tf.Tensor};
      expect([xs.dtype, xs.shape, ys.dtype, ys.shape]).toEqual(['int32', [4, 3], 'float32', [4, 1]]);
    });
  });
});
