import * as tf from '@tensorflow/tfjs-core';
import {someRows} from '../../../examples/browser/worker/dataset';

/** Rows of these labels, each with its number as its id. */
const rowsOf = (labels: number[]) => ({
  xs: tf.tensor2d([...labels.keys()], [labels.length, 1], 'int32'),
  ys: tf.tensor2d(labels, [labels.length, 1]),
});
const some = (labels: number[], most: number) => [...(someRows(rowsOf(labels), most).xs as tf.Tensor).dataSync()];

it('some rows are spread evenly over those of each label', () => {
  expect(some([0, 1, 0, 1, 0, 1, 0, 1], 4)).toEqual([0, 4, 1, 7]);
  expect(some([1, 0, 1], 9)).toEqual([1, 0, 2]);
});

it('a single row of a label is among them, however few they are', () => {
  const labels = new Array<number>(1000).fill(0);
  labels[501] = 1;
  expect(some(labels, 3)).toEqual([0, 499, 501]);
  expect(some(labels, 0)).toEqual([0, 501]);
  expect(
    some(
      labels.map(label => 1 - label),
      2,
    ),
  ).toEqual([501, 999]);
});
