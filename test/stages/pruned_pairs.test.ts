import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {
  allInteractions,
  fieldAwareEmbedding,
  FieldEmbedding,
  FieldLinear,
  GatedInteraction,
  pruneModel,
  retrainModel,
  SearchStage,
  seededDropout,
  selectionOf,
} from 'tfjs-autofis';
import {autoFfm} from 'tfjs-autofis/models';
import {findGates} from '../../src/stages/gates';
import {asTensors, fields, plantedRows, saveAndLoad, testTensors} from '../helpers/models';
import {expectClose, messageOf, numbers} from '../helpers/tensors';
import {FieldAwareEmbedding} from '../../layers/field_aware_embedding';

const rows = plantedRows(60, fields, [[0, 1]], 57);
const data = testTensors(rows);

const close = (model: tfl.LayersModel, open: number[], g = 0) =>
  tf.tidy(() => {
    const {alpha} = findGates('test', model)[g].layer;
    alpha!.write(tf.mul(alpha!.read(), tf.tensor1d(open)));
  });
const predict = (model: tfl.LayersModel) =>
  tf.tidy(() => numbers(model.predict(data.xs, {batchSize: data.xs.shape[0]}) as tf.Tensor));
const trained = async () => {
  const model = autoFfm({fields, embeddingDim: 2, seed: 3});
  await model.fit(data.xs, data.ys, {epochs: 3, batchSize: 10, shuffle: false, verbose: 0});
  return model;
};
const tableOf = (model: tfl.LayersModel, name = 'embedding') => model.getLayer(name).weights[0];
/** Rows of the tables of pairs. */
const rowsOf = (pairs: number[][]) =>
  pairs.reduce((sum, pair) => sum + pair.reduce((size, f) => size + fields[f].size, 0), 0);

describe('pruneModel of field-aware pairs', () => {
  it.each([
    ['some', [1, 0, 0, 1, 1, 0]],
    ['one, and a field without pairs', [0, 0, 1, 0, 0, 0]],
    ['all', [1, 1, 1, 1, 1, 1]],
  ])('predicts the same without the vectors of closed pairs: %s', async (_, open) => {
    const kept = allInteractions(4, 2).filter((_pair, p) => open[p] === 1);
    const model = await trained();
    const whole = predict(model);
    close(model, open);
    const slim = pruneModel(model, selectionOf(model));
    expectClose(predict(slim), predict(model), 1e-6);
    if (open.includes(0)) expect(predict(slim)).not.toEqual(whole);
    expect((slim.getLayer('embedding') as FieldAwareEmbedding).interactions).toEqual(kept);
    expect(tableOf(slim).shape).toEqual([rowsOf(kept), 2]);
    const loaded = await saveAndLoad(slim, true);
    expect(predict(loaded)).toEqual(predict(slim));
    expect(
      selectionOf(loaded)
        .map(({fields}) => fields)
        .sort(),
    ).toEqual(
      selectionOf(model)
        .map(({fields}) => fields)
        .sort(),
    );
    await loaded.fit(data.xs, data.ys, {epochs: 1, verbose: 0});
    // Once more, from a slim model.
    const again = pruneModel(slim, selectionOf(slim).slice(0, 1));
    expect(tableOf(again).shape[0]).toBe(
      rowsOf(
        selectionOf(slim)
          .slice(0, 1)
          .map(({interaction}) => interaction),
      ),
    );
    [model, slim, loaded, again].forEach(m => m.dispose());
  });

  it('sees through dropout, and keeps a pair where a gate is wholly closed', async () => {
    const input = tfl.input({shape: [4], dtype: 'int32'});
    const apply = (layer: tfl.layers.Layer, x: tfl.SymbolicTensor | tfl.SymbolicTensor[] = input) =>
      layer.apply(x) as tfl.SymbolicTensor;
    const aware = apply(
      seededDropout({rate: 0.5, seed: 1}),
      apply(fieldAwareEmbedding({fields, outputDim: 2, seed: 4, name: 'aware'})),
    );
    const sum = apply(tfl.layers.add(), [
      apply(new FieldLinear({fields})),
      apply(new GatedInteraction({name: 'first', seed: 5}), aware),
      apply(
        new GatedInteraction({name: 'second', seed: 6}),
        apply(new FieldEmbedding({fields, outputDim: 3, seed: 2})),
      ),
    ]);
    const model = tfl.model({inputs: input, outputs: apply(tfl.layers.activation({activation: 'sigmoid'}), sum)});
    model.compile({optimizer: 'adam', loss: 'binaryCrossentropy'});
    close(model, [0, 0, 0, 0, 0, 0]);
    const slim = pruneModel(model, selectionOf(model));
    expectClose(predict(slim), predict(model), 1e-6);
    expect(tableOf(slim, 'aware').shape).toEqual([rowsOf([[0, 1]]), 2]);
    await slim.fit(data.xs, data.ys, {epochs: 1, verbose: 0});
    [model, slim].forEach(m => m.dispose());
  });

  it('refuses embeddings that another layer reads, too', async () => {
    const input = tfl.input({shape: [4], dtype: 'int32'});
    const aware = fieldAwareEmbedding({fields, outputDim: 2}).apply(input) as tfl.SymbolicTensor;
    const gate = new GatedInteraction({name: 'gate'}).apply(aware) as tfl.SymbolicTensor;
    const top = tfl.layers.dense({units: 1}).apply(tfl.layers.flatten().apply(aware)) as tfl.SymbolicTensor;
    const model = tfl.model({inputs: input, outputs: tfl.layers.add().apply([gate, top]) as tfl.SymbolicTensor});
    model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
    expect(await messageOf(() => pruneModel(model, selectionOf(model).slice(0, 2)))).toBe(
      'pruneModel: gate gate must be the only reader of its FieldAwareEmbedding, ' +
        'whose closed pairs lose their vectors. ' +
        'Give each reader a FieldAwareEmbedding of its own.',
    );
    pruneModel(model, selectionOf(model)).dispose();
    model.dispose();
  });
});

it('a search selects the planted pair, and retrainModel has its vectors only', async () => {
  jest.spyOn(console, 'warn').mockImplementation(() => {});
  const many = asTensors(plantedRows(1500, fields, [[0, 1]], 3));
  const model = autoFfm({fields, embeddingDim: 2, seed: 3});
  (model.optimizer as unknown as {setLearningRate(rate: number): void}).setLearningRate(0.02);
  const search = new SearchStage({method: {type: 'grda', c: 0.05}});
  await model.fit(many.xs, many.ys, {epochs: 10, batchSize: 50, shuffle: false, verbose: 0, callbacks: [search]});
  expect(search.selection[0].fields).toEqual([fields[0].name, fields[1].name]);
  expect(search.selection[0].alpha).toBeGreaterThan(3 * (search.selection[1]?.alpha ?? 0));
  const selection = search.selection.slice(0, 1);
  const slim = retrainModel(model, selection, {alpha: 'none', batchNorm: false, seed: 8});
  expect(slim.countParams()).toBe(rowsOf([[0, 1]]) * 2 + fields.reduce((sum, {size}) => sum + size, 0) + 1);
  await slim.fit(many.xs, many.ys, {epochs: 1, batchSize: 100, verbose: 0});
  [model, slim].forEach(m => m.dispose());
  many.dispose();
});
