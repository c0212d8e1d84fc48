import * as tf from '@tensorflow/tfjs-core';
import {rarerLabel} from '../../src/select/rarer_label';

const column = (values: number[]) => tf.tensor2d(values, [values.length, 1]);
const rowsOf = (labels: number[], weights?: number[]) => ({
  xs: tf.zeros([labels.length, 1], 'int32') as tf.Tensor2D,
  ys: column(labels),
  ...(weights === undefined ? {} : {weights: column(weights)}),
});

it('the rarer label is that of all parts together, not of each of them', () => {
  const train = rowsOf([...new Array<number>(6).fill(1), ...new Array<number>(20).fill(0)]);
  const validation = rowsOf([1, 1, 1, 1, 1, 0]);
  expect([rarerLabel(train), rarerLabel(validation), rarerLabel(train, validation)]).toEqual([6, 1, 11]);
  tf.dispose([train, validation]);
});

it('rows of weight 0 do not count', () => {
  const rows = rowsOf([1, 1, 1, 0, 0, 0], [1, 1, 0, 1, 1, 0.5]);
  expect(rarerLabel(rows)).toBe(2);
  tf.dispose(rows);
});
