import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {
  attentionalPooling,
  attentionEmbedding,
  biInteraction,
  compressedInteraction,
  crossLinear,
  featureGate,
  fieldAttention,
  fieldAwareEmbedding,
  NumericEmbedding,
  outerProduct,
  pairNetworks,
  FieldEmbedding,
  FieldLinear,
  FieldSpec,
  FixedBNInteraction,
  GatedInteraction,
  GRDA,
  registerAutofis,
  seededDropout,
} from 'tfjs-autofis';
import {asTensors, gatedModel, plantedRows, saveAndLoad, disposeTrained} from './helpers/models';
import {stateOf} from './helpers/optimizers';
import {expectClose, expectNoLeak, numbers, weightValues} from './helpers/tensors';
import {AttentionalPooling} from '../layers/attentional_pooling';
import {AttentionEmbedding} from '../layers/attention_embedding';
import {BiInteraction} from '../layers/bi_interaction';
import {BilinearFusion} from '../layers/bilinear_fusion';
import {CompressedInteraction} from '../layers/compressed_interaction';
import {CrossLinear} from '../layers/cross_linear';
import {FeatureGate} from '../layers/feature_gate';
import {FieldAttention} from '../layers/field_attention';
import {FieldAwareEmbedding} from '../layers/field_aware_embedding';
import {OuterProduct} from '../layers/outer_product';
import {PairNetworks} from '../layers/pair_networks';
import {LazyAdam} from '../optimizers/lazy_adam';
import {Partitioned} from '../optimizers/partitioned';
import {SeededDropout} from '../layers/seeded_dropout';

/** Names that tfjs would change if they were not under the key `name`. */
const fields: FieldSpec[] = [
  {name: 'user_ID', size: 6},
  {name: 'C1', size: 5, width: 2, combiner: 'sum'},
  {name: 'a_b', size: 4},
  {name: 'größe x', size: 3},
];
const specs = [fields[0], fields[1], {...fields[1]}, fields[2], fields[3]];
const rows = () => asTensors(plantedRows(12, specs, [[0, 1]], 5));
const embedding = (trainable = true) => new FieldEmbedding({fields, outputDim: 3, seed: 2, name: 'table', trainable});
const {l2} = tfl.regularizers;

const triples = {
  order: 3,
  interactions: [
    [0, 1, 3],
    [0, 2, 1],
  ],
  epsilon: 0.02,
  momentum: 0.7,
} as const;
const gate = {...triples, output: 'each', alphaInit: 0.4, fields: fields.map(({name}) => ({name})), seed: 9} as const;
const interest = {
  fields: [fields[0], {...fields[1], size: 6}, fields[2], fields[3]],
  outputDim: 3,
  behaviour: {name: 'C1'},
  candidate: {name: 'user_ID'},
  attentionUnits: 4,
  batchL2: 0.5,
  seed: 6,
};
const aware = [
  [0, 1],
  [1, 3],
];
const random = {mean: 0.1, stddev: 0.3, seed: 4};

/**
 * Every class with options that are not its defaults, those options as they must stand in its config, and a model's
 * layers.
 */
const layers: Array<[string, object, (name: string) => tfl.layers.Layer[]]> = [
  [
    'FieldEmbedding',
    {
      fields,
      outputDim: 3,
      trainable: true,
      batchL2: 0.125,
      embeddingsInitializer: {className: 'RandomNormal', config: random},
      embeddingsRegularizer: {className: 'L1L2', config: {l1: 0, l2: 0.25}},
    },
    name => [
      new FieldEmbedding({
        fields,
        outputDim: 3,
        name,
        batchL2: 0.125,
        embeddingsRegularizer: l2({l2: 0.25}),
        embeddingsInitializer: tfl.initializers.randomNormal(random),
      }),
      tfl.layers.flatten(),
    ],
  ],
  ['FieldLinear', {fields, useBias: false}, name => [new FieldLinear({fields, useBias: false, name})]],
  ['FieldLinear by default', {fields, useBias: true}, name => [new FieldLinear({fields, name})]],
  ['FixedBNInteraction', triples, name => [embedding(), new FixedBNInteraction({...triples, name} as never)]],
  ['GatedInteraction', gate, name => [embedding(), new GatedInteraction({...gate, name} as never)]],
  ['SeededDropout', {rate: 0, seed: 3}, name => [new FieldLinear({fields}), seededDropout({rate: 0, seed: 3, name})]],
  ['BiInteraction', {}, name => [embedding(), biInteraction({name})]],
  ['OuterProduct', {}, name => [embedding(), outerProduct({name})]],
  [
    'CrossLinear',
    {
      fields,
      interactions: [
        [0, 2],
        [1, 2],
      ],
      counts: [2, 1],
      hashSize: null,
      batchL2: 0.5,
    },
    name => [
      crossLinear({
        fields,
        interactions: [
          [0, 2],
          [1, 2],
        ],
        counts: [2, 1],
        dictionary: [0, 1, 3, 2, 4, 0],
        batchL2: 0.5,
        name,
      }),
    ],
  ],
  [
    'CrossLinear by hash',
    {fields, interactions: [[0, 2]], counts: null, hashSize: 7, batchL2: 0.01},
    name => [crossLinear({fields, interactions: [[0, 2]], hashSize: 7, name})],
  ],
  [
    'FieldAwareEmbedding',
    {fields, outputDim: 2, batchL2: 0.125, interactions: aware},
    name => [
      fieldAwareEmbedding({fields, outputDim: 2, batchL2: 0.125, interactions: aware, seed: 2, name}),
      new GatedInteraction({interactions: aware}),
    ],
  ],
  [
    'FieldAwareEmbedding of all pairs',
    {fields, interactions: null},
    name => [fieldAwareEmbedding({fields, outputDim: 2, seed: 2, name}), new FixedBNInteraction()],
  ],
  [
    'GatedInteraction of field-aware pairs',
    {interactions: aware, output: 'each'},
    name => [
      fieldAwareEmbedding({fields, outputDim: 2, interactions: aware, seed: 2}),
      new GatedInteraction({interactions: aware, output: 'each', name}),
    ],
  ],
  ['AttentionalPooling', {units: 3, seed: 8}, name => [embedding(), attentionalPooling({units: 3, seed: 8, name})]],
  [
    'PairNetworks',
    {hiddenUnits: 3, units: 2, seed: 8},
    name => [embedding(), pairNetworks({hiddenUnits: 3, units: 2, seed: 8, name})],
  ],
  [
    'CompressedInteraction',
    {units: [3, 2], seed: 8},
    name => [embedding(), compressedInteraction({units: [3, 2], seed: 8, name})],
  ],
  [
    'FieldAttention',
    {units: 3, heads: 1, seed: 8},
    name => [embedding(), fieldAttention({units: 3, heads: 1, seed: 8, name}), tfl.layers.flatten()],
  ],
  [
    'FeatureGate',
    {context: [2, 0], hiddenUnits: 3, seed: 8},
    name => [embedding(), featureGate({context: [2, 0], hiddenUnits: 3, seed: 8, name}), tfl.layers.flatten()],
  ],
  [
    'FeatureGate of a learned vector',
    {context: [], hiddenUnits: 64, seed: null},
    name => [embedding(), featureGate({name}), tfl.layers.flatten()],
  ],
  [
    'NumericEmbedding',
    {
      fields: [{name: 'user_ID'}, {name: 'größe x'}],
      outputDim: 3,
      embeddingsInitializer: {className: 'RandomNormal', config: random},
    },
    name => [
      new FieldLinear({fields}),
      tfl.layers.dense({units: 2, kernelInitializer: 'ones'}),
      new NumericEmbedding({
        fields: [{name: 'user_ID'}, {name: 'größe x'}],
        outputDim: 3,
        embeddingsInitializer: tfl.initializers.randomNormal(random),
        name,
      }),
      tfl.layers.flatten(),
    ],
  ],
  ['AttentionEmbedding', interest, name => [attentionEmbedding({...interest, name}), tfl.layers.flatten()]],
  [
    'GatedInteraction as plain FM',
    {batchNorm: false, useAlpha: false},
    name => [embedding(), new GatedInteraction({batchNorm: false, useAlpha: false, name})],
  ],
  [
    'GatedInteraction by default',
    {order: 2, output: 'sum', alphaInit: 0.6, batchNorm: true, useAlpha: true},
    name => [embedding(), new GatedInteraction({name})],
  ],
];

function modelOf(list: tfl.layers.Layer[]): tfl.Sequential {
  const model = tfl.sequential({
    layers: [
      ...list,
      tfl.layers.dense({
        units: 1,
        activation: 'sigmoid',
        name: 'last',
        kernelInitializer: tfl.initializers.glorotUniform({seed: 3}),
      }),
    ],
  });
  model.compile({optimizer: tf.train.adam(0.05), loss: 'binaryCrossentropy'});
  return model;
}

describe.each(layers)('%s', (_, options, make) => {
  it('comes back from a real save with the same config, weights and predictions, and trains on alike', async () => {
    const {xs, ys, dispose} = rows();
    const model = modelOf(make('tested'));
    await model.fit(xs, ys, {epochs: 2, batchSize: 6, shuffle: false, verbose: 0});
    const loaded = await saveAndLoad(model, true);
    const configOf = (m: tfl.LayersModel) => m.getLayer('tested').getConfig();
    expect(configOf(model)).toMatchObject(options);
    expect(configOf(loaded)).toEqual(configOf(model));
    expect(weightValues(loaded.weights)).toEqual(weightValues(model.weights));
    const predict = (m: tfl.LayersModel) => tf.tidy(() => numbers(m.predict(xs) as tf.Tensor));
    expect(predict(loaded)).toEqual(predict(model));
    for (const m of [model, loaded]) await m.fit(xs, ys, {epochs: 1, batchSize: 6, shuffle: false, verbose: 0});
    expectClose(weightValues(loaded.weights).flat(), weightValues(model.weights).flat(), 1e-6);
    disposeTrained(model, loaded);
    dispose();
  });

  it('leaves no tensor behind after fit, predict and dispose', async () => {
    const {xs, ys, dispose} = rows();
    await expectNoLeak(async () => {
      const model = modelOf(make('tested'));
      await model.fit(xs, ys, {epochs: 2, batchSize: 6, verbose: 0});
      tf.dispose(model.predict(xs));
      disposeTrained(model);
    });
    dispose();
  });
});

const optimizers: Array<[string, () => tf.Optimizer]> = [
  ['GRDA', () => new GRDA({c: 0.01, mu: 0.7, learningRate: 0.5, warmupSteps: 2})],
  ['LazyAdam', () => new LazyAdam({learningRate: 0.01, beta1: 0.8, beta2: 0.9, epsilon: 1e-4, exact: true})],
  [
    'Partitioned',
    () =>
      new Partitioned({
        groups: [
          {name: 'gate_Weights', weights: [{name: 'gate/alpha'}, {name: 'user_ID'}], optimizer: new GRDA({c: 0.02})},
          {name: 'rest', optimizer: tf.train.adam(0.05, 0.8, 0.99, 1e-6)},
        ],
      }),
  ],
];

describe.each(optimizers)('%s', (_, make) => {
  it('comes back from a real save with the same config and state, and trains on alike', async () => {
    const {xs, ys, dispose} = asTensors(plantedRows(24, specs.slice(0, 4), [[0, 1]], 6));
    const size = specs.slice(0, 4).map(({size}, i) => ({name: `f${i}`, size}));
    const model = gatedModel({optimizer: make(), size});
    await model.fit(xs, ys, {epochs: 2, batchSize: 8, shuffle: false, verbose: 0});
    const loaded = await saveAndLoad(model, true);
    expect(loaded.optimizer.getClassName()).toBe(model.optimizer.getClassName());
    expect(loaded.optimizer.getConfig()).toEqual(model.optimizer.getConfig());
    const state = async (m: tfl.LayersModel) => (await stateOf(m.optimizer)).map(({values}) => values);
    expect(await state(loaded)).toEqual(await state(model));
    for (const m of [model, loaded]) await m.fit(xs, ys, {epochs: 2, batchSize: 8, shuffle: false, verbose: 0});
    expect(weightValues(loaded.weights)).toEqual(weightValues(model.weights));
    disposeTrained(model, loaded);
    dispose();
  });
});

describe('the names under which classes are saved', () => {
  it('are frozen: old files name them', () => {
    const classes = [
      AttentionalPooling,
      AttentionEmbedding,
      BiInteraction,
      BilinearFusion,
      CompressedInteraction,
      CrossLinear,
      FeatureGate,
      FieldAttention,
      FieldAwareEmbedding,
      FieldEmbedding,
      FieldLinear,
      FixedBNInteraction,
      GatedInteraction,
      NumericEmbedding,
      OuterProduct,
      PairNetworks,
      SeededDropout,
      GRDA,
      LazyAdam,
      Partitioned,
    ];
    expect(classes.map(cls => cls.className)).toMatchInlineSnapshot(`
[
  "AttentionalPooling",
  "AttentionEmbedding",
  "BiInteraction",
  "BilinearFusion",
  "CompressedInteraction",
  "CrossLinear",
  "FeatureGate",
  "FieldAttention",
  "FieldAwareEmbedding",
  "FieldEmbedding",
  "FieldLinear",
  "FixedBNInteraction",
  "GatedInteraction",
  "NumericEmbedding",
  "OuterProduct",
  "PairNetworks",
  "SeededDropout",
  "GRDA",
  "LazyAdam",
  "Partitioned",
]
`);
    const {classNameMap} = tf.serialization.SerializationMap.getMap();
    registerAutofis();
    for (const cls of classes) expect(classNameMap[cls.className][0]).toBe(cls);
  });
});
