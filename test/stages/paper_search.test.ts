import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {pruneModel, retrainModel, SearchStage, SearchStageArgs, TwoStage} from 'tfjs-autofis';
import {autoDeepFm, autoFm, autoIpnn} from 'tfjs-autofis/models';
import {fields, functionalModel, gatedModel, plantedRows, testTensors} from '../helpers/models';
import {alphas, captureWarnings} from '../helpers/search';

captureWarnings();
const rows = plantedRows(80, fields, [[0, 1]], 67);
const data = testTensors(rows);

const fitArgs = {epochs: 5, batchSize: 16, shuffle: false, verbose: 0} as const;

async function searched(model: tfl.LayersModel, args: SearchStageArgs): Promise<SearchStage> {
  const search = new SearchStage(args);
  await model.fit(data.xs, data.ys, {...fitArgs, callbacks: [search]});
  return search;
}

/** Within 0.001 of 0.6, as in a new search. */
const isFresh = (values: number[][]) => values.flat().every(alpha => Math.abs(alpha - 0.6) < 0.0011);

describe("method 'grda'", () => {
  it.each([
    ['AutoDeepFM', autoDeepFm],
    ['AutoIPNN', autoIpnn],
  ])('takes the constants of AutoDeepFM for %s', async (_, build) => {
    const model = build({fields, embeddingDim: 3, hiddenUnits: [4], seed: 1});
    const {constants} = await searched(model, {method: {type: 'grda'}});
    expect(constants).toEqual({c: 5e-4, mu: 0.8, learningRate: 1});
    model.dispose();
  });

  it.each<[string, () => tfl.LayersModel]>([
    ['AutoFM', () => autoFm({fields, embeddingDim: 3, seed: 1})],
    ['a model of your own', () => gatedModel()],
  ])('takes the constants of AutoFM for %s, whose gamma falls in fifths of the search', async (_, build) => {
    const model = build();
    const {constants} = await searched(model, {method: {type: 'grda'}});
    const decay = {factor: 0.6, steps: 5};
    expect(constants).toEqual({c: 5e-3, mu: 0.6, learningRate: 1, decay});
    model.dispose();
  });

  it.each<[string, () => tfl.LayersModel]>([
    ['functional', functionalModel],
    ['sequential', gatedModel],
  ])('starts the retrain of a %s model from a fresh alpha', async (_, make) => {
    const model = make();
    const {selection} = await searched(model, {method: {type: 'grda'}});
    expect(isFresh([selection.map(({alpha}) => alpha)])).toBe(false);
    const slim = retrainModel(model, selection);
    const warm = retrainModel(model, selection, {alpha: 'warm'});
    expect(isFresh(alphas(slim))).toBe(true);
    expect(isFresh(alphas(warm))).toBe(false);
    [model, slim, warm].forEach(each => each.dispose());
  });

  it.each([undefined, 'warm'] as const)(
    'makes TwoStage start its retrain stage from a fresh alpha, unless asked for another: %p',
    async alpha => {
      const model = gatedModel({optimizer: tf.train.sgd(1e-9)});
      const stages = new TwoStage({search: {epochs: 4, method: {type: 'grda'}}, ...(alpha && {retrain: {alpha}})});
      await model.fit(data.xs, data.ys, {...fitArgs, callbacks: [stages]});
      const slim = pruneModel(model, stages.selection);
      expect(isFresh(alphas(slim))).toBe(alpha === undefined);
      [model, slim].forEach(each => each.dispose());
    },
  );
});
