import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {pruneModel, retrainModel, SearchStage, selectionOf, TwoStage, TwoStageArgs} from 'tfjs-autofis';
import {fields, functionalModel, gatedModel, plantedRows, testTensors} from '../helpers/models';
import {afterEpoch, alphas, captureWarnings} from '../helpers/search';
import {expectClose, expectNoLeak, messageOf, numbers, weightValues} from '../helpers/tensors';

captureWarnings();
const rows = plantedRows(80, fields, [[0, 1]], 67);
const data = testTensors(rows);

const fitArgs = {epochs: 6, batchSize: 16, shuffle: false, verbose: 0} as const;
/** Closes some of the six gates in the three epochs of the search. */
const threshold = {method: {type: 'grda', c: 0.08}} as const;

async function both(model: tfl.LayersModel, args: TwoStageArgs = {search: threshold}) {
  const stages = new TwoStage(args);
  const {history} = await model.fit(data.xs, data.ys, {...fitArgs, callbacks: [stages]});
  return {stages, history};
}

describe.each([
  ['sequential', gatedModel],
  ['functional', functionalModel],
])('TwoStage in a %s model', (_, make) => {
  it('searches half of the epochs as SearchStage does, within them', async () => {
    const model = make();
    const searched = make();
    const {stages, history} = await both(model);
    const search = new SearchStage(threshold);
    await searched.fit(data.xs, data.ys, {...fitArgs, epochs: 3, callbacks: [search]});
    expect(stages.selection).toEqual(search.selection);
    expect(stages.selection.length).toBeGreaterThan(0);
    expect(stages.selection.length).toBeLessThan(6);
    expect(history['openGates'].slice(2)).toEqual(Array(4).fill(stages.selection.length));
    expect(history['threshold']).toHaveLength(3);
    expect(stages.warnings).toEqual(search.warnings);
    [model, searched].forEach(m => m.dispose());
  });

  it('goes on as the retrain stage: fresh weights, a fresh optimizer, the searched alpha', async () => {
    const model = make({optimizer: tf.train.adam(0.02)});
    const {stages} = await both(model, {search: threshold, retrain: {seed: 9, alpha: 'warm'}});
    const slim = retrainModel(make({optimizer: tf.train.adam(0.02)}), stages.selection, {seed: 9, alpha: 'warm'});
    await slim.fit(data.xs, data.ys, {...fitArgs, epochs: 3});
    const pruned = pruneModel(model, stages.selection);
    expectClose(weightValues(pruned.weights).flat(), weightValues(slim.weights).flat(), 1e-4);
    expect(model.optimizer.getClassName()).toBe('Adam');
    expect(model.optimizer.iterations).toBe(15);
    [model, slim, pruned].forEach(m => m.dispose());
  });

  it('has closed gates at exactly 0 at the end and under further training', async () => {
    const model = make();
    const {stages} = await both(model);
    const kept = new Set(stages.selection.map(s => s.interaction.join()));
    const expectClosed = () => {
      expect(alphas(model)[0].map(a => a !== 0)).toEqual(
        ['0,1', '0,2', '0,3', '1,2', '1,3', '2,3'].map(key => kept.has(key)),
      );
      expect(new Set(selectionOf(model).map(s => s.interaction.join()))).toEqual(kept);
    };
    expectClosed();
    await model.fit(data.xs, data.ys, {...fitArgs, epochs: 3});
    expectClosed();
    const predict = (m: tfl.LayersModel) =>
      tf.tidy(() => numbers(m.predict(data.xs, {batchSize: data.xs.shape[0]}) as tf.Tensor));
    const slim = pruneModel(model, stages.selection);
    expectClose(predict(slim), predict(model), 1e-6);
    [model, slim].forEach(m => m.dispose());
  });

  it.each(['adam', () => tf.train.adam(0.01)])('leaves no tensor behind, optimizer given as %p', async given => {
    await expectNoLeak(async () => {
      const optimizer = typeof given === 'string' ? given : given();
      const model = make({optimizer});
      const {optimizer: first} = model;
      await both(model);
      model.dispose();
      if (typeof given !== 'string') first.dispose();
    });
  });
});

describe('TwoStage', () => {
  it('starts the open gates afresh', async () => {
    const model = gatedModel({optimizer: tf.train.sgd(0)});
    // With SGD of rate 0 the weights stay as the retrain stage set them.
    await both(model, {search: {method: {type: 'grda', c: 0.05}, epochs: 2}, retrain: {seed: 3}});
    for (const alpha of alphas(model)[0].filter(a => a !== 0)) expect(Math.abs(alpha - 0.6)).toBeLessThan(0.0011);
    model.dispose();
  });

  it('takes as many epochs for the search as asked', async () => {
    const model = gatedModel();
    const stages = new TwoStage({search: {epochs: 2, ...threshold}});
    const seen: number[][] = [];
    afterEpoch(stages, () => {
      seen.push(alphas(model)[0]);
    });
    const {history} = await model.fit(data.xs, data.ys, {...fitArgs, callbacks: [stages]});
    expect(history['threshold']).toHaveLength(2);
    expect(seen[1].filter(a => a !== 0).sort()).toEqual(stages.selection.map(s => s.alpha).sort());
    model.dispose();
  });

  it('refuses to have no epochs left for the retrain stage', async () => {
    const model = gatedModel();
    expect(await messageOf(() => both(model, {search: {epochs: 6}}))).toBe(
      'TwoStage: `epochs` must leave epochs for the retrain stage. Received: 6 epochs, 6 of them for the search. ' +
        'Give fit more epochs, or TwoStage a smaller `search.epochs`.',
    );
    model.dispose();
  });

  it('refuses to begin in the retrain stage', async () => {
    const model = gatedModel();
    const fit = () =>
      model.fit(data.xs, data.ys, {...fitArgs, initialEpoch: 4, callbacks: [new TwoStage({search: {epochs: 2}})]});
    expect(await messageOf(fit)).toBe(
      'TwoStage: `initialEpoch` must be an epoch of the search, below 2: the retrain stage cannot be continued. ' +
        'Received: 4. Start at epoch 0, or use SearchStage and retrainModel, whose trainings can be continued.',
    );
    model.dispose();
  });

  it('trains on where all gates are closed', async () => {
    const model = gatedModel();
    await both(model, {search: {method: {type: 'grda', c: 1}}});
    expect(selectionOf(model)).toEqual([]);
    model.dispose();
  });
});
