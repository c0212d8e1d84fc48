import * as tf from '@tensorflow/tfjs-core';
import type {ModelOptions} from 'tfjs-autofis/models';
import {numericGradient} from '../helpers/plain_gate';
import {plainPredictions, plainTrainingLoss, predictions, randomWeights, zooIds} from '../helpers/plain_models';
import {expectClose} from '../helpers/tensors';
import {fieldsOf, zoo} from '../helpers/zoo';

/**
 * Of weights with which no MLP's last ReLUs are 0 for most rows: predictions would not depend on what is in front of
 * them.
 */
const SEED = 23;

describe.each(zoo)('$title', each => {
  const {build, options, logit, pairs} = each;
  const fields = fieldsOf(each, 'multiHot');
  const make = (changed: Partial<ModelOptions> = {}) =>
    build({fields, embeddingDim: 3, hiddenUnits: [5, 4], seed: 7, ...options, ...changed});

  it.each(['oneHot', 'multiHot'] as const)('predicts what plain arithmetic on its weights gives, %s', kind => {
    const fields = fieldsOf(each, kind);
    const model = make({fields});
    const rows = zooIds(fields, 9, 21);
    const expected = plainPredictions(randomWeights(model, SEED), fields, rows, 2, logit);
    expectClose(predictions(model, rows), expected, 1e-5);
    expect(new Set(expected).size).toBeGreaterThan(rows.length / 2);
    model.dispose();
  });

  it('goes down the gradient of plain arithmetic', async () => {
    const optimizer = tf.train.sgd(1);
    const model = make({optimizer});
    const rows = zooIds(fields, 5, 21);
    const labels = rows.map((_, i) => i % 2);
    const weights = randomWeights(model, SEED);
    const expected = model.trainableWeights.map(({originalName}) => {
      const start = [...weights.vector(originalName)];
      const gradient = numericGradient(moved => {
        weights.set(originalName, moved);
        return plainTrainingLoss(weights, fields, rows, labels, 2, logit, pairs);
      }, start);
      weights.set(originalName, start);
      return start.map((value, i) => value - gradient[i]);
    });
    const xs = tf.tensor2d(rows, undefined, 'int32');
    const ys = tf.tensor2d(labels, [5, 1]);
    await model.fit(xs, ys, {epochs: 1, batchSize: 5, shuffle: false, verbose: 0});
    model.trainableWeights.forEach((weight, k) => expectClose(weight.read(), expected[k], 1e-4));
    model.dispose();
    tf.dispose([xs, ys]);
    optimizer.dispose();
  });
});
