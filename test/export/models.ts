import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {retrainModel, selectionOf} from 'tfjs-autofis';
import {FieldEmbedding, FieldLinear, FieldSpec, FixedBNInteraction, GatedInteraction} from 'tfjs-autofis/layers';
import {generator, integers} from '../helpers/random';

export const oneHot: FieldSpec[] = [
  {name: 'a', size: 60},
  {name: 'b', size: 7},
  {name: 'c', size: 3},
  {name: 'd', size: 31},
  {name: 'e', size: 2},
];
export const multiHot: FieldSpec[] = [
  {name: 'a', size: 60},
  {name: 'g', size: 9, width: 4, combiner: 'mean'},
  {name: 'b', size: 7},
  {name: 's', size: 5, width: 3, combiner: 'sum'},
  {name: 'h', size: 6, width: 2, combiner: 'mean'},
];

/** Ids of rows x W; a multi-hot field has from none to all of its columns filled, in any place. */
export function randomIds(specs: readonly FieldSpec[], rows: number, seed: number): number[][] {
  const next = generator(seed);
  return Array.from({length: rows}, () =>
    specs.flatMap(({size, width}) =>
      width == null
        ? integers(next, 1, size)
        : Array.from({length: width}, () => (next() < 0.4 ? -1 : integers(next, 1, size)[0])),
    ),
  );
}

const embedding = (fields: FieldSpec[], seed: number) =>
  new FieldEmbedding({
    fields,
    outputDim: 6,
    name: 'table',
    embeddingsInitializer: tfl.initializers.randomUniform({minval: -0.7, maxval: 0.7, seed}),
  });

const parts = {
  /** AutoFM: linear part and pairs. */
  pairs: (fields: FieldSpec[]) => (x: tfl.SymbolicTensor) => [
    new FieldLinear({fields, name: 'linear'}).apply(x),
    new GatedInteraction({name: 'gate', seed: 3}).apply(embedding(fields, 1).apply(x) as tfl.SymbolicTensor),
  ],
  /** Pairs and triples, each with a gate, and an MLP with batch normalisation. */
  deep: (fields: FieldSpec[]) => (x: tfl.SymbolicTensor) => {
    const e = embedding(fields, 2).apply(x) as tfl.SymbolicTensor;
    const mlp = [
      tfl.layers.flatten(),
      tfl.layers.dense({
        units: 9,
        activation: 'relu',
        name: 'hidden',
        kernelInitializer: tfl.initializers.glorotNormal({seed: 4}),
      }),
      tfl.layers.batchNormalization({name: 'bn'}),
      tfl.layers.dropout({rate: 0.2, seed: 1}),
      tfl.layers.dense({units: 1, name: 'out', kernelInitializer: tfl.initializers.glorotNormal({seed: 5})}),
    ];
    return [
      new FieldLinear({fields, name: 'linear', useBias: false}).apply(x),
      new GatedInteraction({name: 'pairs', seed: 5}).apply(e),
      new GatedInteraction({name: 'triples', order: 3, seed: 6}).apply(e),
      mlp.reduce((h, layer) => layer.apply(h) as tfl.SymbolicTensor, e),
    ];
  },
  /** IPNN: the products themselves, pairs and triples, into a dense layer. */
  each: (fields: FieldSpec[]) => (x: tfl.SymbolicTensor) => {
    const e = embedding(fields, 3).apply(x) as tfl.SymbolicTensor;
    const products = tfl.layers
      .concatenate()
      .apply([
        new GatedInteraction({name: 'gate', output: 'each', seed: 7}).apply(e),
        new FixedBNInteraction({name: 'triples', order: 3}).apply(e),
        tfl.layers
          .activation({activation: 'tanh'})
          .apply(tfl.layers.reshape({targetShape: [fields.length * 6]}).apply(e)),
      ] as tfl.SymbolicTensor[]);
    const kernelInitializer = tfl.initializers.glorotNormal({seed: 8});
    return [
      tfl.layers.dense({units: 1, name: 'top', kernelInitializer}).apply(products),
      new FieldLinear({fields}).apply(x),
    ];
  },
  /** FM: no normalisation, no gates. */
  plain: (fields: FieldSpec[]) => (x: tfl.SymbolicTensor) => {
    const e = embedding(fields, 4).apply(x) as tfl.SymbolicTensor;
    return [new FieldLinear({fields}).apply(x), new GatedInteraction({batchNorm: false, useAlpha: false}).apply(e)];
  },
} satisfies {[name: string]: (fields: FieldSpec[]) => (x: tfl.SymbolicTensor) => unknown[]};

export type Architecture = keyof typeof parts;

export interface Case {
  title: string;
  architecture: Architecture;
  fields: FieldSpec[];
  /** Whether only some interactions, of some fields, are kept. */
  slim: boolean;
}

/** What every export is tested with. */
export const cases: Case[] = [
  {title: 'AutoFM', architecture: 'pairs', fields: oneHot, slim: false},
  {title: 'AutoFM, slim', architecture: 'pairs', fields: oneHot, slim: true},
  {title: 'AutoFM, slim, multi-hot', architecture: 'pairs', fields: multiHot, slim: true},
  {title: 'pairs, triples and MLP, multi-hot', architecture: 'deep', fields: multiHot, slim: false},
  {title: 'pairs, triples and MLP, slim', architecture: 'deep', fields: oneHot, slim: true},
  {title: 'products by themselves', architecture: 'each', fields: oneHot, slim: false},
  {title: 'FM, multi-hot', architecture: 'plain', fields: multiHot, slim: false},
];

/** A model after a few steps of training, so that no weight and no statistic has the value that it started with. */
async function trainedModel({architecture, fields, slim}: Case): Promise<tfl.LayersModel> {
  const width = fields.reduce((sum, field) => sum + (field.width ?? 1), 0);
  const x = tfl.input({shape: [width], dtype: 'int32', name: 'ids'});
  const sum = tfl.layers.add().apply(parts[architecture](fields)(x) as tfl.SymbolicTensor[]);
  const model = tfl.model({
    inputs: x,
    outputs: tfl.layers.activation({activation: 'sigmoid', name: 'click'}).apply(sum) as tfl.SymbolicTensor,
  });
  model.compile({optimizer: 'adam', loss: 'binaryCrossentropy'});
  await train(model, fields);
  if (!slim) return model;
  // Without pairs of field 'c' (or the second multi-hot one), which a slim AutoFM then ignores.
  const kept = selectionOf(model).filter(({interaction, rank}) => !interaction.includes(2) && rank % 3 !== 0);
  const small = retrainModel(model, kept, {seed: 11});
  await train(small, fields);
  model.dispose();
  return small;
}

/** The trained models of cases, for the tests of a file. */
export function trainedModels(of: readonly Case[] = cases): () => tfl.LayersModel[] {
  const models: tfl.LayersModel[] = [];
  beforeAll(async () => {
    for (const each of of) models.push(await trainedModel(each));
  });
  afterAll(() => models.forEach(model => model.dispose()));
  return () => models;
}

async function train(model: tfl.LayersModel, fields: readonly FieldSpec[]): Promise<void> {
  const rows = randomIds(fields, 300, 21);
  const next = generator(22);
  const xs = tf.tensor2d(rows, undefined, 'int32');
  const ys = tf.tensor2d(rows.map(() => [next() < 0.4 ? 1 : 0]));
  await model.fit(xs, ys, {epochs: 1, batchSize: 50, shuffle: false, verbose: 0});
  tf.dispose([xs, ys]);
}

/** The classes of a model's layers that are not tfjs's own. */
export function foreignLayers(model: tfl.LayersModel): string[] {
  return model.layers.map(layer => layer.getClassName()).filter(name => !STOCK.includes(name));
}

/** What `stockModel` may make use of. */
const STOCK = [
  'InputLayer',
  'Embedding',
  'Dense',
  'Add',
  'Multiply',
  'Permute',
  'Reshape',
  'Concatenate',
  'Activation',
  'BatchNormalization',
  'GlobalAveragePooling1D',
  'Cropping2D',
  'DepthwiseConv2D',
];

/** Predictions of rows, one number a row. */
export function predict(model: tfl.LayersModel, ids: number[][]): number[] {
  // Rows in batches of 32, as without a size, took most of the time of tests of many models.
  const options = {batchSize: ids.length};
  return tf.tidy(() => [...(model.predict(tf.tensor2d(ids, undefined, 'int32'), options) as tf.Tensor).dataSync()]);
}

/** The largest difference. */
export function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  return Array.from(a).reduce(
    (most, value, i) => Math.max(most, Number.isNaN(value - b[i]) ? Infinity : Math.abs(value - b[i])),
    0,
  );
}
