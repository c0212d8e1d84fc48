import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {FieldEmbedding, GatedInteraction, retrainModel, SearchStage, Selection, selectionOf} from 'tfjs-autofis';
import {autoDeepFm, autoFfm, autoFm, autoIpnn} from 'tfjs-autofis/models';
import {allInteractions} from '../../src/interactions';
import {findGates} from '../../src/stages/gates';
import {asTensors, fields, gatedModel, plantedRows, saveAndLoad} from '../helpers/models';
import {alphas, captureWarnings} from '../helpers/search';
import {expectClose, expectNoLeak, messageOf, weightValues} from '../helpers/tensors';
import {RetrainOptions} from '../../src/stages/retrain';
import {selectInteractions} from '../../src/stages/selection';

captureWarnings();
const names = fields.map(({name}) => name);
/** Three of six pairs: user_ID x hour, C1 x a_b, user_ID x C1. */
const selection = selectInteractions([
  {
    interactions: [
      [0, 1],
      [0, 3],
      [1, 2],
    ],
    order: 2,
    fieldNames: names,
    alpha: [0.25, -0.75, 0.5],
  },
]);
const gateOf = (model: tfl.LayersModel, g = 0) => findGates('test', model)[g].layer;

describe('retrainModel', () => {
  it('computes only the kept interactions', () => {
    const model = gatedModel();
    const slim = retrainModel(model, selection);
    expect(gateOf(slim).interactions).toEqual([
      [0, 1],
      [0, 3],
      [1, 2],
    ]);
    expect(weightValues(slim.weights).map(w => w.length)).toEqual([18 * 3, 3, 3, 3, 3, 1]);
    [model, slim].forEach(m => m.dispose());
  });

  it('starts alpha at the searched values on demand, each with its interaction', () => {
    const model = gatedModel();
    const slim = retrainModel(model, selection, {alpha: 'warm'});
    expect(alphas(slim)).toEqual([[0.25, -0.75, 0.5]]);
    [model, slim].forEach(m => m.dispose());
  });

  it('starts alpha afresh, or leaves it out on demand', () => {
    const model = gatedModel();
    const fresh = retrainModel(model, selection);
    for (const alpha of alphas(fresh)[0]) expect(Math.abs(alpha - 0.6)).toBeLessThan(0.0011);
    const none = retrainModel(model, selection, {alpha: 'none'});
    expect(none.weights.map(w => w.originalName)).toEqual([
      'table/embeddings',
      'gate/moving_mean',
      'gate/moving_variance',
      'gate/moving_steps',
    ]);
    const plain = retrainModel(model, selection, {alpha: 'none', batchNorm: false});
    expect(plain.weights.map(w => w.originalName)).toEqual(['table/embeddings']);
    [model, fresh, none, plain].forEach(m => m.dispose());
  });

  it('has fresh weights, the same for the same seed', async () => {
    const {xs, ys, dispose} = asTensors(plantedRows(40, fields, [[0, 1]], 47));
    const model = gatedModel();
    const start = weightValues(model.weights)[0];
    await model.fit(xs, ys, {epochs: 2, verbose: 0});
    const table = (options?: RetrainOptions) => {
      const slim = retrainModel(model, selection, options);
      const values = weightValues(slim.weights)[0];
      slim.dispose();
      return values;
    };
    expect(table()).toEqual(start);
    expect(table({seed: 5})).toEqual(table({seed: 5}));
    expect(table({seed: 5})).not.toEqual(table({seed: 6}));
    expect(table({seed: 5})).not.toEqual(start);
    model.dispose();
    dispose();
  });

  it('seeds every random start, each differently', () => {
    const input = tfl.input({shape: [4], dtype: 'int32'});
    const e = new FieldEmbedding({fields, outputDim: 3}).apply(input);
    const gate = new GatedInteraction({output: 'each'}).apply(e);
    const dense = [1, 2].map(i => tfl.layers.dense({units: 3, name: `d${i}`}));
    const output = tfl.layers.dense({units: 1}).apply(dense[1].apply(dense[0].apply(gate)));
    const model = tfl.model({inputs: input, outputs: output as tfl.SymbolicTensor});
    model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
    const [a, b] = [1, 2].map(() => retrainModel(model, selection, {seed: 8}));
    expect(weightValues(a.weights)).toEqual(weightValues(b.weights));
    const kernels = ['d1', 'd2'].map(name => weightValues(a.getLayer(name).weights)[0]);
    expect(kernels[0]).not.toEqual(kernels[1]);
    [model, a, b].forEach(m => m.dispose());
  });

  it('keeps the weights of frozen layers, of a table those of the fields that are still read', async () => {
    const {xs, ys, dispose} = asTensors(plantedRows(40, fields, [[0, 1]], 47));
    const model = gatedModel();
    const pretrained = tf.randomUniform([18, 3], -0.5, 0.5, 'float32', 5);
    model.getLayer('table').setWeights([pretrained]);
    model.getLayer('table').trainable = false;
    model.compile({optimizer: 'adam', loss: 'binaryCrossentropy'});
    const search = new SearchStage({method: {type: 'grda', c: 0}});
    await model.fit(xs, ys, {epochs: 2, batchSize: 16, verbose: 0, callbacks: [search]});
    const rows = [...pretrained.dataSync()];
    expect(weightValues(model.getLayer('table').weights)[0]).toEqual(rows);

    // Of the fields user_ID (6 values), C1 (5), a_b (4) and hour (3), C1 is no longer read.
    const kept = search.selection.filter(({interaction}) => !interaction.includes(1));
    const slim = retrainModel(model, kept, {seed: 9});
    const stay = [...rows.slice(0, 6 * 3), ...rows.slice(11 * 3)];
    expect(weightValues(slim.getLayer('table').weights)[0]).toEqual(stay);
    await slim.fit(xs, ys, {epochs: 2, verbose: 0});
    expect(weightValues(slim.getLayer('table').weights)[0]).toEqual(stay);
    expect(slim.getLayer('table').trainable).toBe(false);
    const again = retrainModel(
      slim,
      selectInteractions([{interactions: [[0, 1]], order: 2, fieldNames: ['user_ID', 'a_b', 'hour'], alpha: [0.5]}]),
    );
    expect(weightValues(again.getLayer('table').weights)[0]).toEqual(stay.slice(0, 10 * 3));
    tf.dispose(pretrained);
    [model, slim, again].forEach(m => m.dispose());
    dispose();
  });

  it('is compiled with the same loss and a fresh optimizer of the same class and configuration', async () => {
    const {xs, ys, dispose} = asTensors(plantedRows(40, fields, [[0, 1]], 47));
    const optimizer = tf.train.adam(0.02, 0.85);
    const model = gatedModel({optimizer});
    await model.fit(xs, ys, {epochs: 1, verbose: 0});
    const slim = retrainModel(model, selection);
    expect(slim.loss).toBe('binaryCrossentropy');
    expect(slim.optimizer).not.toBe(optimizer);
    expect(slim.optimizer.iterations).toBe(0);
    expect([slim.optimizer.getClassName(), slim.optimizer.getConfig()]).toEqual(['Adam', optimizer.getConfig()]);
    const {history} = await slim.fit(xs, ys, {epochs: 8, verbose: 0});
    expect(history['loss'][7]).toBeLessThan(history['loss'][0] as number);
    [model, slim].forEach(m => m.dispose());
    optimizer.dispose();
    dispose();
  });

  it('keeps the gates, the loss and the learning rate of the model, and so trains as it does', async () => {
    const {xs, ys, dispose} = asTensors(plantedRows(40, fields, [[0, 1]], 47));
    const all = selectInteractions([
      {interactions: allInteractions(4, 2), order: 2, fieldNames: names, alpha: Array<number>(6).fill(0.9)},
    ]);
    const made = (batchNorm: boolean) => gatedModel({batchNorm, alphaInit: 0.9, optimizer: tf.train.sgd(0.3)});
    for (const batchNorm of [true, false]) {
      const model = made(batchNorm);
      const slim = retrainModel(model, all);
      const fit = {epochs: 4, batchSize: 20, shuffle: false, verbose: 0} as const;
      const {history} = await slim.fit(xs, ys, fit);
      const own = await model.fit(xs, ys, fit);
      expectClose(own.history['loss'] as number[], history['loss'] as number[], 1e-5);
      [model, slim].forEach(m => m.dispose());
    }
    dispose();
  });

  it('does not change the original', () => {
    const model = gatedModel();
    const before = weightValues(model.weights);
    const config = JSON.stringify(model.getConfig());
    retrainModel(model, selection, {seed: 3, alpha: 'none', batchNorm: false}).dispose();
    expect(weightValues(model.weights)).toEqual(before);
    expect(JSON.stringify(model.getConfig())).toBe(config);
    model.dispose();
  });

  it('keeps the names of the fields through a save, also of strange ones, without FieldEmbedding', async () => {
    const model = gatedModel();
    const slim = retrainModel(model, selection);
    const loaded = await saveAndLoad(slim);
    expect(gateOf(loaded).fieldNames).toEqual(names);
    expect(gateOf(loaded).interactions).toEqual([
      [0, 1],
      [0, 3],
      [1, 2],
    ]);
    [model, slim, loaded].forEach(m => m.dispose());
  });

  it('can be searched and slimmed again', async () => {
    const {xs, ys, dispose} = asTensors(plantedRows(60, fields, [[0, 1]], 48));
    const model = gatedModel();
    const slim = retrainModel(model, selection);
    const search = new SearchStage({method: {type: 'grda', c: 0}});
    await slim.fit(xs, ys, {epochs: 1, verbose: 0, callbacks: [search]});
    const slimmer = retrainModel(slim, selectionOf(slim, {cut: 0.99}));
    expect(gateOf(slimmer).interactions.length).toBeLessThan(3);
    [model, slim, slimmer].forEach(m => m.dispose());
    dispose();
  });

  it.each([
    ['FM', autoFm],
    ['FFM', autoFfm],
    ['DeepFM', autoDeepFm],
    ['IPNN, a column for each product', autoIpnn],
  ])('builds a model without interactions where a search has closed every gate: %s', async (_, build) => {
    const {xs, ys, dispose} = asTensors(plantedRows(20, fields, [[0, 1]], 3));
    const model = build({fields, embeddingDim: 2, seed: 1});
    const slim = retrainModel(model, [], {seed: 1});
    await slim.fit(xs, ys, {verbose: 0});
    expect(slim.countParams()).toBeLessThan(model.countParams());
    const loaded = await saveAndLoad(slim);
    const [before, after] = [slim, loaded].map(each => each.predict(xs) as tf.Tensor);
    expectClose(after, before);
    [model, slim, loaded, before, after].forEach(each => each.dispose());
    dispose();
  });

  it('leaves no tensor behind', async () => {
    await expectNoLeak(() => {
      const model = gatedModel();
      for (const alpha of ['warm', 'fresh', 'none'] as const)
        retrainModel(model, selection, {alpha, seed: 1}).dispose();
      model.dispose();
    });
  });
});

describe('retrainModel refuses', () => {
  const message = (model: tfl.LayersModel, chosen: unknown) =>
    messageOf(() => retrainModel(model, chosen as Selection));

  it('a model that was never compiled', async () => {
    const model = tfl.sequential({layers: [new FieldEmbedding({fields, outputDim: 2}), new GatedInteraction()]});
    await expectNoLeak(async () => {
      expect(await message(model, selection)).toBe(
        'retrainModel: the model is not compiled. Call model.compile(...) first.',
      );
    });
    model.dispose();
  });
});
