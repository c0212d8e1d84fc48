import * as tf from '@tensorflow/tfjs-core';
import {noBetterThanRate} from '../../src/warnings/no_better_than_rate';

const rowsOf = (labels: number[], weights?: number[]) => ({
  xs: tf.zeros([labels.length, 1], 'int32'),
  ys: tf.tensor2d(labels.map(label => [label])),
  ...(weights === undefined ? {} : {weights: tf.tensor1d(weights)}),
});

// Of one probability of a half for every row the logloss is ln 2 = .6931.
it('warns where one probability for every row has no larger logloss', () => {
  const parts = {validation: rowsOf([0, 1]), test: rowsOf([0, 1, 1, 1])};
  expect(noBetterThanRate({auc: 0.9, logloss: 0.704}, parts)).toMatch(
    /^On the test rows the probabilities are no better than one for every row: their logloss is 0\.7040, that of .* is 0\.6931\. .*, or are too few to show it\.$/,
  );
  expect(noBetterThanRate({auc: 0.5, logloss: 0.6932}, parts)).not.toBeNull();
  expect(noBetterThanRate({auc: 0.5, logloss: 0.693}, parts)).toBeNull();
  tf.dispose(parts as never);
});

it('counts rows by their weights', () => {
  // Three quarters of the weight are positive in both parts: H(.75) = .5623.
  const parts = {validation: rowsOf([0, 1], [1, 3]), test: rowsOf([1, 0], [3, 1])};
  expect(noBetterThanRate({auc: 0.9, logloss: 0.563}, parts)).toMatch(/ is 0\.5630, .* is 0\.5623\. /);
  expect(noBetterThanRate({auc: 0.9, logloss: 0.562}, parts)).toBeNull();
  tf.dispose(parts as never);
});
