import * as tf from '@tensorflow/tfjs-core';
import {SearchStage} from 'tfjs-autofis';
import {asTensors, fields, gatedModel, plantedRows} from '../helpers/models';
import {captureWarnings} from '../helpers/search';

captureWarnings();
const PAIRS = 6;
const STEPS = 64;

// Reading from a GPU waits for all work before it.
it('a search reads alpha every 32 steps and at the end, not at each step', async () => {
  const {xs, ys, dispose} = asTensors(plantedRows(10 * STEPS, fields, [[0, 1]], 3));
  const model = gatedModel();
  const read = jest.spyOn(tf.backend(), 'readSync');
  await model.fit(xs, ys, {
    epochs: 1,
    batchSize: 10,
    shuffle: false,
    verbose: 0,
    yieldEvery: 'never',
    callbacks: [new SearchStage({method: {type: 'grda'}})],
  });
  const ofAlpha = read.mock.results.filter(({value}) => (value as Float32Array).length % PAIRS === 0);
  read.mockRestore();
  // First, in the middle, at the end of the epoch, and twice at its own end.
  expect(ofAlpha).toHaveLength(5);
  model.dispose();
  dispose();
});
