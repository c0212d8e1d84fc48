import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {SearchStage, SearchStageArgs} from 'tfjs-autofis';
import {fields, functionalModel, gatedModel, plantedRows, saveAndLoad, testTensors} from '../helpers/models';
import {afterEpoch, captureWarnings} from '../helpers/search';
import {expectClose, weightValues} from '../helpers/tensors';

captureWarnings();
const rows = plantedRows(60, fields, [[0, 1]], 37);
const data = testTensors(rows);

const fitArgs = {epochs: 3, batchSize: 16, shuffle: false, verbose: 0} as const;

/** A whole search; `saved` is the model as it was saved and loaded after the given number of epochs. */
async function search(model: tfl.LayersModel, options: SearchStageArgs, stop: number) {
  const stage = new SearchStage(options);
  let saved: tfl.LayersModel | undefined;
  afterEpoch(stage, async epoch => {
    if (epoch === stop - 1) saved = await saveAndLoad(model, true);
  });
  await model.fit(data.xs, data.ys, {...fitArgs, callbacks: [stage]});
  return {stage, saved: saved!};
}

describe('a search that was saved in its middle', () => {
  it.each<[string, () => tfl.LayersModel, number, (xs: tf.Tensor, ys: tf.Tensor) => SearchStageArgs]>([
    ['after one epoch', () => gatedModel(), 1, () => ({method: {type: 'grda'}})],
    ['after two epochs', () => gatedModel({optimizer: tf.train.adam(0.02)}), 2, () => ({method: {type: 'grda'}})],
    ['in a functional model', () => functionalModel(), 1, () => ({method: {type: 'grda', c: 0.02}})],
    ['with a tenth of the rows held out', () => gatedModel(), 1, () => ({})],
    [
      'with held-out rows, whose first decision has closed gates',
      () => gatedModel(),
      2,
      (xs, ys) => ({method: {type: 'heldOut', rows: {xs, ys}}}),
    ],
  ])('goes on as if it had never stopped: %s', async (_, make, stop, options) => {
    const whole = make();
    const {stage, saved} = await search(whole, options(data.xs, data.ys), stop);
    const resumed = new SearchStage(options(data.xs, data.ys));
    const {history} = await saved.fit(data.xs, data.ys, {...fitArgs, initialEpoch: stop, callbacks: [resumed]});
    expect(history['openGates'].at(-1)).toBe(stage.selection.length);
    expectClose(weightValues(saved.weights).flat(), weightValues(whole.weights).flat(), 1e-6);
    expect(resumed.selection.map(s => s.interaction)).toEqual(stage.selection.map(s => s.interaction));
    // LazyAdam where it stood in for the name 'adam' when the search was saved.
    expect(saved.optimizer.getClassName()).toMatch(/^(Lazy)?Adam$/);
    [whole, saved].forEach(model => model.dispose());
  });
});
