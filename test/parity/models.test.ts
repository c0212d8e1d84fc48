import * as tf from '@tensorflow/tfjs-core';
import {plainPredictions, predictions, randomWeights, zooIds} from '../helpers/plain_models';
import {expectClose} from '../helpers/tensors';
import {fieldsOf, zoo} from '../helpers/zoo';

const cases = zoo.flatMap(each => (['oneHot', 'multiHot'] as const).map(kind => ({...each, kind, fields: fieldsOf(each, kind)})));

describe.each(cases)('$title, $kind', ({build, options, logit, fields}) => {
  const make = () => build({fields, embeddingDim: 3, hiddenUnits: [5, 4], seed: 7, ...options});

  it('predicts what plain arithmetic on its weights gives', () => {
    const model = make();
    const rows = zooIds(fields, 9, 21);
    const weights = randomWeights(model, 22);
    expectClose(predictions(model, rows), plainPredictions(weights, fields, rows, 2, logit), 1e-5);
    model.dispose();
  });

  it('learns what is to be learnt', async () => {
    const model = make();
    const rows = zooIds(fields, 24, 23);
    const xs = tf.tensor2d(rows, undefined, 'int32'), ys = tf.tensor2d(rows.map(([user]) => [user < 2 ? 1 : 0]));
    (model.optimizer as unknown as {setLearningRate(rate: number): void}).setLearningRate(0.03);
    const {history} = await model.fit(xs, ys, {epochs: 12, batchSize: 8, shuffle: false, verbose: 0});
    expect(history['loss'][11]).toBeLessThan(0.6 * (history['loss'][0] as number));
    model.dispose();
    tf.dispose([xs, ys]);
  });
});
