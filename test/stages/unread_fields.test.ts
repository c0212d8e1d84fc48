import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {
  FieldEmbedding,
  FieldLinear,
  FieldSpec,
  GatedInteraction,
  pruneModel,
  retrainModel,
  seededDropout,
  selectionOf,
} from 'tfjs-autofis';
import {findGates} from '../../src/stages/gates';
import {saveAndLoad} from '../helpers/models';
import {expectClose, expectNoLeak, numbers} from '../helpers/tensors';

const fields: FieldSpec[] = [
  {name: 'user_ID', size: 6},
  {name: 'genres', size: 4, width: 2, combiner: 'sum'},
  {name: 'a_b', size: 5},
  {name: 'hour', size: 3},
];
const rows = [
  [0, 1, -1, 2, 0],
  [5, 3, 0, 4, 2],
  [2, -1, -1, 0, 1],
  [3, 2, 2, 1, 1],
];
let ids: tf.Tensor2D;
beforeEach(() => {
  ids = tf.tensor2d(rows, [4, 5], 'int32');
});
afterEach(() => ids.dispose());

interface Options {
  /** What else reads the embeddings. */
  also?: 'mlp' | 'output';
  /** What stands between the embeddings and the gates, which is an output, too, if `alsoOut`. */
  between?: tfl.layers.Layer;
  alsoOut?: boolean;
}

/** A linear part and gates of order 2 and 3, with weights that are not those of the start. */
function gatedModel({also, between, alsoOut = false}: Options = {}): tfl.LayersModel {
  const input = tfl.input({shape: [5], dtype: 'int32'});
  const e = new FieldEmbedding({
    fields,
    outputDim: 3,
    seed: 4,
    name: 'v',
    embeddingsInitializer: tfl.initializers.randomUniform({minval: -1, maxval: 1, seed: 4}),
  }).apply(input) as tfl.SymbolicTensor;
  const gated = between ? (between.apply(e) as tfl.SymbolicTensor) : e;
  const parts = [
    new FieldLinear({fields, name: 'linear'}).apply(input),
    new GatedInteraction({name: 'second', seed: 5}).apply(gated),
    new GatedInteraction({name: 'third', order: 3, seed: 6}).apply(gated),
  ] as tfl.SymbolicTensor[];
  if (also === 'mlp')
    parts.push(tfl.layers.dense({units: 1}).apply(tfl.layers.flatten().apply(e)) as tfl.SymbolicTensor);
  const sum = tfl.layers.add().apply(parts) as tfl.SymbolicTensor;
  const two = also === 'output' || alsoOut;
  const model = tfl.model({inputs: input, outputs: two ? [sum, gated] : sum});
  model.compile({optimizer: 'adam', loss: two ? ['meanSquaredError', 'meanSquaredError'] : 'meanSquaredError'});
  return model;
}

const predict = (model: tfl.LayersModel) =>
  tf.tidy(() => numbers([model.predict(ids) as tf.Tensor | tf.Tensor[]].flat()[0]));
const table = (model: tfl.LayersModel) => model.getLayer('v') as FieldEmbedding;
const gate = (model: tfl.LayersModel, name: string) => model.getLayer(name) as GatedInteraction;

/** Closes all gates but the given ones, and gives the selection of those. */
function keep(model: tfl.LayersModel, open: number[][]) {
  const chosen = new Set(open.map(interaction => interaction.join()));
  tf.tidy(() =>
    findGates('test', model).forEach(({layer}) =>
      layer.alpha!.write(
        tf.mul(layer.alpha!.read(), tf.tensor1d(layer.interactions.map(i => (chosen.has(i.join()) ? 1 : 0)))),
      ),
    ),
  );
  return selectionOf(model);
}

describe('a slim model leaves out fields that nothing reads', () => {
  it.each<[string, number[][], string[], number]>([
    [
      'the multi-hot one',
      [
        [0, 3],
        [2, 3],
      ],
      ['user_ID', 'a_b', 'hour'],
      14,
    ],
    ['the first and the last', [[1, 2]], ['genres', 'a_b'], 9],
    ['one that triples do not need either', [[0, 1, 3]], ['user_ID', 'genres', 'hour'], 13],
    [
      'none',
      [
        [0, 1],
        [1, 2, 3],
      ],
      ['user_ID', 'genres', 'a_b', 'hour'],
      18,
    ],
  ])('pruned: %s', async (_, open, names, count) => {
    const model = gatedModel();
    const selection = keep(model, open);
    const slim = pruneModel(model, selection);
    expectClose(predict(slim), predict(model), 1e-6);
    expect(table(slim).getWeights()[0].shape).toEqual([count, 3]);
    expect(table(slim).outputShape).toEqual([null, names.length, 3]);
    expect(gate(slim, 'second').fieldNames).toEqual(names);
    expect(selectionOf(slim).map(s => s.fields)).toEqual(selection.map(s => s.fields));
    expect((slim.getLayer('linear') as FieldLinear).countParams()).toBe(19);
    const loaded = await saveAndLoad(slim);
    expect(predict(loaded)).toEqual(predict(slim));
    expect(table(loaded).fields).toEqual(
      fields.map(field => (names.includes(field.name) ? field : {...field, ignored: true})),
    );
    [model, slim, loaded].forEach(m => m.dispose());
  });

  it('pruned again: positions are those of the fields that are left', () => {
    const model = gatedModel();
    const once = pruneModel(
      model,
      keep(model, [
        [0, 3],
        [2, 3],
      ]),
    );
    const selection = keep(once, [[1, 2]]);
    expect(selection.map(s => s.fields)).toEqual([['a_b', 'hour']]);
    const twice = pruneModel(once, selection);
    expectClose(predict(twice), predict(once), 1e-6);
    expect(table(twice).embedded.map(f => f.name)).toEqual(['a_b', 'hour']);
    [model, once, twice].forEach(m => m.dispose());
  });

  it('retrained: it learns, each gate takes its alpha over on demand, and nothing leaks', async () => {
    const model = gatedModel();
    const selection = keep(model, [
      [0, 3],
      [2, 3],
    ]);
    const slim = retrainModel(model, selection, {alpha: 'warm', seed: 3});
    expect(slim.countParams()).toBeLessThan(model.countParams() - 4 * 3);
    expectClose(
      numbers(gate(slim, 'second').alpha!.read()),
      [
        [0, 3],
        [2, 3],
      ].map(pair => selection.find(s => s.interaction.join() === pair.join())!.alpha),
      1e-7,
    );
    const labels = tf.tensor2d([0, 1, 0, 1], [4, 1]);
    const {
      history: {loss},
    } = await slim.fit(ids, labels, {epochs: 5, verbose: 0});
    expect(loss[4]).toBeLessThan(loss[0] as number);
    slim.dispose();
    await expectNoLeak(() => {
      pruneModel(model, selection).dispose();
    });
    [model, labels].forEach(d => d.dispose());
  });

  it('in a model within a model', () => {
    const inner = gatedModel();
    const model = tfl.sequential({layers: [inner as never, tfl.layers.activation({activation: 'sigmoid'})]});
    model.compile({optimizer: 'adam', loss: 'binaryCrossentropy'});
    const slim = pruneModel(model, keep(model, [[0, 3]]));
    expectClose(predict(slim), predict(model), 1e-6);
    expect(slim.countParams()).toBeLessThan(model.countParams() - 9 * 3);
    [model, slim].forEach(m => m.dispose());
  });

  it.each<[string, () => tfl.layers.Layer]>([
    ['SeededDropout', () => seededDropout({rate: 0.1})],
    ['Dropout', () => tfl.layers.dropout({rate: 0.1})],
  ])('where gates read what %s leaves of the embeddings, too', (_, between) => {
    const model = gatedModel({between: between()});
    const slim = pruneModel(
      model,
      keep(model, [
        [0, 3],
        [2, 3],
      ]),
    );
    expectClose(predict(slim), predict(model), 1e-6);
    expect(table(slim).getWeights()[0].shape).toEqual([14, 3]);
    expect(gate(slim, 'second').fieldNames).toEqual(['user_ID', 'a_b', 'hour']);
    [model, slim].forEach(m => m.dispose());
  });

  it.each<[string, () => Options]>([
    ['an MLP', () => ({also: 'mlp'})],
    ['an output of the model', () => ({also: 'output'})],
    ['another layer in between', () => ({between: tfl.layers.activation({activation: 'tanh'})})],
    ['a dropout that is an output', () => ({between: seededDropout({rate: 0.1}), alsoOut: true})],
  ])('but keeps all when %s reads the embeddings', (_, options) => {
    const model = gatedModel(options());
    const slim = pruneModel(model, keep(model, [[0, 3]]));
    expectClose(predict(slim), predict(model), 1e-6);
    expect(table(slim).getWeights()[0].shape).toEqual([18, 3]);
    expect(gate(slim, 'second').fieldNames).toHaveLength(4);
    [model, slim].forEach(m => m.dispose());
  });
});
