import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {SearchStage, SearchStageArgs, TwoStage} from 'tfjs-autofis';
import {foreignLayers} from '../helpers/foreign';
import {asTensors, fields, gatedModel, plantedRows} from '../helpers/models';
import {afterEpoch, captureWarnings} from '../helpers/search';
import {messageOf} from '../helpers/tensors';

captureWarnings();
const rows = plantedRows(20, fields, [[0, 1]], 27);
let data: ReturnType<typeof asTensors>;
beforeEach(() => {
  data = asTensors(rows);
});
afterEach(() => data.dispose());

const fit = (model: tfl.LayersModel, callbacks: tfl.ModelFitArgs['callbacks'], more: tfl.ModelFitArgs = {}) =>
  messageOf(() => model.fit(data.xs, data.ys, {epochs: 1, verbose: 0, callbacks, ...more}));

describe('SearchStage refuses', () => {
  it('to give a selection before a search', () => {
    expect(() => new SearchStage().selection).toThrow(
      new Error(
        'SearchStage: no search has run, so there is no `selection`. ' +
          'Call model.fit(..., {callbacks: [search]}) with this object, and await it.',
      ),
    );
  });

  it.each([
    ['SearchStage', () => [new SearchStage(), new SearchStage()]],
    ['SearchStage', () => [new TwoStage(), new SearchStage()]],
    ['TwoStage', () => [new SearchStage(), new TwoStage()]],
  ])('a second search in one fit: %s, %#', async (where, callbacks) => {
    const model = gatedModel();
    expect(await fit(model, callbacks(), {epochs: 2})).toBe(
      `${where}: another SearchStage or TwoStage is among the callbacks of this \`fit\`. Give one of them.`,
    );
    expect(await fit(model, [new SearchStage()])).toBe('no error');
    model.dispose();
  });

  it('to give a selection before the search has ended', async () => {
    const model = gatedModel();
    const search = new SearchStage();
    let message = '';
    afterEpoch(search, async () => {
      message = await messageOf(() => search.selection);
    });
    await fit(model, [search]);
    expect(message).toBe(
      'SearchStage: the search has not ended, so there is no `selection`. ' +
        'Await model.fit(...), and see whether it failed.',
    );
    model.dispose();
  });

  it('to serve two fits', async () => {
    const model = gatedModel();
    const search = new SearchStage();
    await fit(model, [search]);
    expect(await fit(model, [search])).toBe(
      'SearchStage: this object has already been used in a `fit`. Make a new SearchStage for a new search.',
    );
    model.dispose();
  });

  it('a model without gates', async () => {
    const model = tfl.sequential({layers: [tfl.layers.dense({units: 1, inputShape: [4]})]});
    model.compile({optimizer: 'sgd', loss: 'binaryCrossentropy'});
    expect(await fit(model, [new SearchStage()])).toBe(
      'SearchStage: the model has no gate to search: no GatedInteraction with an alpha among its layers ' +
        'InputLayer, Dense. ' +
        'Add new GatedInteraction() after the embeddings.',
    );
    model.dispose();
  });

  it('a model whose gates have no alpha', async () => {
    const model = gatedModel({useAlpha: false});
    expect(await fit(model, [new SearchStage()])).toMatch(/^SearchStage: the model has no gate to search/);
    model.dispose();
  });

  it('a frozen gate', async () => {
    const model = gatedModel({trainable: false});
    expect(await fit(model, [new SearchStage()])).toBe(
      'SearchStage: gate gate is frozen (trainable is false). Set it to true and compile again.',
    );
    model.dispose();
  });

  it('the fit of another copy of tfjs-layers', async () => {
    const copy = foreignLayers();
    const model = copy.sequential({layers: [copy.layers.dense({units: 1, inputShape: [4], name: 'foreign'})]});
    model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
    expect(await fit(model as never, [new SearchStage()])).toMatch(
      /^SearchStage: `fit` did not set the callback's model\. .* comes from another copy of @tensorflow\/tfjs-layers .* `npm dedupe`\./,
    );
    model.dispose();
  });

  it('to take up a search that the model does not hold', async () => {
    const model = gatedModel();
    expect(await fit(model, [new SearchStage()], {epochs: 3, initialEpoch: 1})).toBe(
      'SearchStage: `initialEpoch` is 1, but the model does not hold a search to continue. ' +
        'Load one that was saved during the search with {includeOptimizer: true}, or start at epoch 0.',
    );
    model.dispose();
  });

  const options = 'strength, c, mu, learningRate, warmup, recipe, heldOut, cut, keep, alphaOptimizer';
  it.each<[string, () => object, string]>([
    [
      'a misspelt option',
      () => ({strenght: 2}),
      `SearchStage: \`strenght\` must not be given: the options are ${options}. Received: 2.`,
    ],
    [
      'strength with c',
      () => ({strength: 2, c: 0.1}),
      'SearchStage: `strength` and `c` both set how many gates close. Received: strength 2, c 0.1. Give one.',
    ],
    [
      "the paper's recipe with strength",
      () => ({recipe: 'paper', strength: 2}),
      "SearchStage: recipe 'paper' has no `strength`. Received: 2. Remove it, or leave the recipe out.",
    ],
    [
      "the paper's recipe with held-out rows",
      () => ({recipe: 'paper', heldOut: {xs: tf.ones([1, 4]), ys: tf.ones([1, 1])}}),
      "SearchStage: recipe 'paper' takes alpha's gradients from the training batches. Remove `heldOut`.",
    ],
    [
      'a negative strength',
      () => ({strength: -1}),
      'SearchStage: `strength` must be a number in (0, Infinity). Received: -1.',
    ],
    [
      'a warm-up of the whole search',
      () => ({warmup: 1}),
      'SearchStage: `warmup` must be a number in [0, 1). Received: 1.',
    ],
    ['to keep none', () => ({keep: 0}), 'SearchStage: `keep` must be an integer >= 1. Received: 0.'],
    [
      'an unknown optimizer of alpha',
      () => ({alphaOptimizer: 'sgd'}),
      'SearchStage: `alphaOptimizer` must be one of "grda", "adam". Received: "sgd".',
    ],
    [
      'Adam with an option of gRDA',
      () => ({alphaOptimizer: 'adam', keep: 3, strength: 2}),
      "SearchStage: alphaOptimizer 'adam' has no `strength`, which belongs to gRDA. Received: 2. " +
        'Remove one of the two.',
    ],
    [
      'Adam without a number to keep',
      () => ({alphaOptimizer: 'adam'}),
      "SearchStage: alphaOptimizer 'adam' closes no gate. " +
        'Give `keep`, the number of interactions with the largest |alpha| that stay.',
    ],
    ['a cut of 1', () => ({cut: 1}), 'SearchStage: `cut` must be a number in [0, 1). Received: 1.'],
  ])('%s', (_, args, message) => {
    expect(() =>
      tf.tidy(() => {
        new SearchStage(args() as SearchStageArgs);
      }),
    ).toThrow(new Error(message));
  });
});
