import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {retrainModel, SearchStage} from 'tfjs-autofis';
import {
  FieldEmbedding,
  type FieldSpec,
  GatedInteraction,
  NumericEmbedding,
  numericEmbedding,
  type NumericEmbeddingArgs,
} from 'tfjs-autofis/layers';
import {disposeTrained} from '../helpers/models';
import {generator, integers, normal} from '../helpers/random';
import {captureWarnings} from '../helpers/search';
import {expectNoLeak, numbers} from '../helpers/tensors';

captureWarnings();
const names = [{name: 'age'}, {name: 'km'}];

it('gives each number times the vector of its field', () => {
  const layer = numericEmbedding({fields: names, outputDim: 3});
  layer.apply(tfl.input({shape: [2]}));
  expect(layer.weights.map(w => `${w.originalName.split('/')[1]} [${w.shape}]`)).toEqual(['embeddings [2,3]']);
  tf.tidy(() => {
    layer.setWeights([tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3])]);
    const e = layer.apply(tf.tensor2d([2, -1, 0, 0.5], [2, 2])) as tf.Tensor;
    expect(e.shape).toEqual([2, 2, 3]);
    expect(numbers(e)).toEqual([2, 4, 6, -4, -5, -6, 0, 0, 0, 2, 2.5, 3]);
  });
  layer.dispose();
});

it('starts alike with the same seed, uniform in +-0.02', () => {
  const start = (seed?: number) => {
    const layer = new NumericEmbedding({fields: names, outputDim: 50, seed});
    layer.apply(tfl.input({shape: [2]}));
    const values = numbers(layer.weights[0].read());
    layer.dispose();
    return values;
  };
  const values = start(3);
  expect(start(3)).toEqual(values);
  expect(start(4)).not.toEqual(values);
  expect(Math.max(...values.map(Math.abs))).toBeLessThan(0.02);
  expect(Math.max(...values)).toBeGreaterThan(0.015);
});

/** Numbers beside ids in one gate, and rows whose label is a number's sign, turned by an id. */
function mixed(fields: FieldSpec[]) {
  const ids = tfl.input({shape: [fields.length], dtype: 'int32'});
  const given = tfl.input({shape: [2]});
  const init = (seed: number) => tfl.initializers.randomUniform({minval: -0.5, maxval: 0.5, seed});
  const parts = [
    new FieldEmbedding({fields, outputDim: 4, embeddingsInitializer: init(1)}).apply(ids),
    new NumericEmbedding({fields: names, outputDim: 4, embeddingsInitializer: init(2)}).apply(given),
  ];
  const e = tfl.layers.concatenate({axis: 1}).apply(parts as tfl.SymbolicTensor[]) as tfl.SymbolicTensor;
  const sum = new GatedInteraction({seed: 3}).apply(e) as tfl.SymbolicTensor;
  const outputs = tfl.layers.activation({activation: 'sigmoid'}).apply(sum) as tfl.SymbolicTensor;
  const model = tfl.model({inputs: [ids, given], outputs});
  model.compile({optimizer: tf.train.adam(0.02), loss: 'binaryCrossentropy'});
  return model;
}

function rows(fields: FieldSpec[], count: number) {
  const next = generator(7);
  const ids = Array.from({length: count}, () => fields.map(({size}) => integers(next, 1, size)[0]));
  const given = ids.map(() => [normal(next), normal(next)]);
  const labels = ids.map(([a], i) => (given[i][1] * (a % 2 === 0 ? 1 : -1) > 0 ? 1 : 0));
  return {xs: [tf.tensor2d(ids, undefined, 'int32'), tf.tensor2d(given)], ys: tf.tensor2d(labels, [count, 1])};
}

it('stands beside ids in a search, which finds the interaction of a number with an id', async () => {
  const fields = [
    {name: 'side', size: 4},
    {name: 'noise', size: 5},
  ];
  const {xs, ys} = rows(fields, 640);
  await expectNoLeak(async () => {
    const model = mixed(fields);
    const search = new SearchStage();
    await model.fit(xs, ys, {epochs: 16, batchSize: 32, verbose: 0, callbacks: [search]});
    expect(search.selection[0].fields).toEqual(['side', 'km']);
    const slim = retrainModel(model, search.selection.slice(0, 1), {seed: 5});
    const {history} = await slim.fit(xs, ys, {epochs: 8, batchSize: 32, verbose: 0});
    expect(history['loss'].at(-1)).toBeLessThan(0.35);
    disposeTrained(model, slim);
  });
  tf.dispose([...xs, ys]);
});

it.each<[string, unknown, string]>([
  ['no fields', {fields: [], outputDim: 2}, 'NumericEmbedding: `fields` must be a list of {name}, all different.'],
  ['a name twice', {fields: [names[0], names[0]], outputDim: 2}, 'must be a list of {name}, all different. Received: '],
  ['an unknown option', {fields: names, outputDim: 2, size: 3}, 'NumericEmbedding: `size` must not be given'],
])('refuses %s', (_, args, message) => {
  expect(() => numericEmbedding(args as NumericEmbeddingArgs)).toThrow(message);
});

it('refuses an input with another number of columns', () => {
  const layer = numericEmbedding({name: 'numbers', fields: names, outputDim: 2});
  expect(() => layer.apply(tfl.input({shape: [3]}))).toThrow(
    'NumericEmbedding numbers: the input must be numbers of shape [batch, 2], one for each field. ' +
      'Received shape: [null,3].',
  );
});
