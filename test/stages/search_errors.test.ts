import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {GatedInteraction, SearchStage, SearchStageArgs, TwoStage} from 'tfjs-autofis';
import {foreignLayers} from '../helpers/foreign';
import {fields, gatedModel, plantedRows, testTensors} from '../helpers/models';
import {captureWarnings} from '../helpers/search';
import {messageOf} from '../helpers/tensors';

captureWarnings();
const rows = plantedRows(20, fields, [[0, 1]], 27);
const data = testTensors(rows);

/** A layer that holds a gate as a member. */
class Wrapper extends tfl.layers.Layer {
  /** @nocollapse */
  static className = 'Wrapper';
  private readonly gate = new GatedInteraction({name: 'inner'});
  override computeOutputShape(shape: tfl.Shape): tfl.Shape {
    return [shape[0], 1];
  }
  override call(inputs: tf.Tensor): tf.Tensor {
    return this.gate.apply(inputs) as tf.Tensor;
  }
}

const fit = (model: tfl.LayersModel, callbacks: tfl.ModelFitArgs['callbacks'], more: tfl.ModelFitArgs = {}) =>
  messageOf(() => model.fit(data.xs, data.ys, {epochs: 1, verbose: 0, callbacks, ...more}));

describe('SearchStage refuses', () => {
  it('to give a selection before a search', () => {
    expect(() => new SearchStage().selection).toThrow(
      new Error(
        'SearchStage: no search has run, or it failed, so there is no `selection`. ' +
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

  it('a gate inside of another layer, also beside one that is found', async () => {
    const input = tfl.input({shape: [4, 2]});
    const [wrapped, found] = [new Wrapper({name: 'tower'}), new GatedInteraction({name: 'found'})].map(layer =>
      layer.apply(input),
    );
    const outputs = tfl.layers.add().apply([wrapped, found] as tfl.SymbolicTensor[]) as tfl.SymbolicTensor;
    const model = tfl.model({inputs: input, outputs});
    model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
    const xs = tf.zeros([20, 4, 2]);
    const callbacks = [new SearchStage()];
    expect(await messageOf(() => model.fit(xs, data.ys, {epochs: 1, verbose: 0, callbacks}))).toBe(
      'SearchStage: gate inner is inside of layer tower (Wrapper), where no search reaches it. ' +
        'Apply it to the embeddings as a layer of the model, and give its output to tower.',
    );
    xs.dispose();
    model.dispose();
  });

  it('to hold out rows of a loss that is a mean', async () => {
    const model = gatedModel();
    const loss = (y: tf.Tensor, p: tf.Tensor) => tf.mean(tf.squaredDifference(y, p));
    model.compile({optimizer: 'sgd', loss});
    expect(await fit(model, [new SearchStage()])).toBe(
      'SearchStage: the loss of output sigmoid must have a value for each row, [20], so that rows can be held out. ' +
        "Received: []. Return no mean, or give {method: {type: 'heldOut', rows}}.",
    );
    expect(await fit(model, [new SearchStage({method: {type: 'heldOut', rows: {xs: data.xs, ys: data.ys}}})])).toBe(
      'no error',
    );
    model.dispose();
  });

  it('a loop that gives it no parameters, or trains past the losses of the model', async () => {
    const model = gatedModel();
    const search = new SearchStage();
    search.setModel(model);
    expect(await messageOf(() => search.onTrainBegin())).toBe(
      'SearchStage: the callback has no parameters. ' +
        'Give it to `fit`, or call setParams({epochs, samples, batchSize}) before onTrainBegin().',
    );
    search.setParams({epochs: 1, samples: 20, batchSize: 20});
    await search.onTrainBegin();
    await search.onEpochBegin(0);
    expect(await messageOf(() => search.onEpochEnd(0))).toBe(
      "SearchStage: no row of the training was seen, since none went through the model's losses. Train by `fit`, " +
        '`fitDataset` or `trainOnBatch`; in a loop on optimizer.minimize use partitioned() with grda().',
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

  it('to hold out rows of inputs that one layer reads in turn', async () => {
    const inputs = [0, 1].map(() => tfl.input({shape: [1], dtype: 'int32'}));
    const shared = tfl.layers.embedding({inputDim: 6, outputDim: 2});
    const e = tfl.layers.concatenate({axis: 1}).apply(inputs.map(input => shared.apply(input)) as tfl.SymbolicTensor[]);
    const model = tfl.model({inputs, outputs: new GatedInteraction().apply(e) as tfl.SymbolicTensor});
    model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
    const ids = tf.zeros([20, 1], 'int32');
    const message = await messageOf(() =>
      model.fit([ids, ids], data.ys, {epochs: 1, verbose: 0, callbacks: [new SearchStage()]}),
    );
    expect(message).toMatch(/is read only by layers that read other inputs as well, .* put all ids into one input\.$/);
    ids.dispose();
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

  it.each<[string, () => object, string]>([
    [
      'an option of a method beside it',
      () => ({c: 0.1}),
      'SearchStage: `c` must not be given: the options are method. Received: 0.1.',
    ],
    [
      'a method without its type',
      () => ({method: 'grda'}),
      'SearchStage: `method.type` must be one of "heldOut", "grda", "topK". Received: undefined.',
    ],
    [
      'an option of another method',
      () => ({method: {type: 'topK', k: 3, mu: 0.7}}),
      "SearchStage: method 'topK': `mu` must not be given: the options are type, k, learningRate, heldOut. " +
        'Received: 0.7.',
    ],
    [
      'the size of batches where rows decide',
      () => ({method: {type: 'heldOut', rows: {xs: tf.ones([1, 4]), ys: tf.ones([1, 1]), batchSize: 1}}}),
      'SearchStage: method.rows: `batchSize` must not be given: the options are xs, ys, weights. Received: 1.',
    ],
    [
      'a top K without K',
      () => ({method: {type: 'topK'}}),
      'SearchStage: `method.k` must be an integer >= 1. Received: undefined.',
    ],
  ])('%s', (_, args, message) => {
    expect(() =>
      tf.tidy(() => {
        new SearchStage(args() as SearchStageArgs);
      }),
    ).toThrow(new Error(message));
  });
});
