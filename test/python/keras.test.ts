import {writeFileSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {
  attentionalPooling,
  attentionEmbedding,
  biInteraction,
  bilinearFusion,
  compressedInteraction,
  crossLinear,
  featureGate,
  fieldAttention,
  fieldAwareEmbedding,
  FieldEmbedding,
  fitCrosses,
  GatedInteraction,
  grda,
  lazyAdam,
  NumericEmbedding,
  outerProduct,
  pairNetworks,
  partitioned,
  pruneModel,
  selectionOf,
} from 'tfjs-autofis';
import {multiHot, predict, randomIds, trainedModels} from '../export/models';
import {zooCases} from '../export/zoo_cases';
import {sharedFolder} from '../helpers/folders';
import {expectClose} from '../helpers/tensors';
import {generator} from '../helpers/random';
import {clusterFields, writeClusterCase} from './cluster_case';
import {describeInPython, runPytest} from './environment';
import {layeredModel} from './layered_model';
import {writeTrainedModels} from './trained_models';
import {fileSystem} from '../../src/runtime/file_system';

const BATCH = 32;
const STEPS = 8;
/** Every model with multi-hot fields, and forms of gates and tables. */
const zooInKeras = zooCases.filter(({title}) => /: multi-hot|^autoDeepFm, order both/.test(title));
/** Rows and labels of one step. */
type Batch = [ids: number[][], labels: number[][]];

describeInPython('the Python package', () => {
  const models = trainedModels();
  const folder = sharedFolder();
  const at = (name: string) => `file://${path.join(folder, name)}`;
  const save = (model: tfl.LayersModel, name: string) => model.save(fileSystem(at(name)), {includeOptimizer: true});

  it('loads, trains and returns models', async () => {
    await writeTrainedModels(folder, models());
    const zoo: object[] = [];
    for (const [i, {title, fields, build}] of zooInKeras.entries()) {
      const model = build();
      const ids = randomIds(fields, 50, 9);
      await model.save(fileSystem(at(`zoo-${i}`)));
      zoo.push({title, folder: `zoo-${i}`, ids, predictions: predict(model, ids)});
      model.dispose();
    }
    writeFileSync(path.join(folder, 'zoo.json'), JSON.stringify(zoo));

    const batches = searchBatches(4 + STEPS + 3);
    const own = batches.slice(4, 4 + STEPS);
    const last = batches.slice(4 + STEPS);
    const trained = {search: searchModel(searchOptimizer()), adam: searchModel('adam'), pairs: pairModel()};
    const losses: Record<string, number[]> = {};
    for (const [name, model] of Object.entries(trained)) {
      await train(model, batches.slice(0, 4));
      await save(model, name);
      losses[name] = await train(model, own);
      await save(model, `${name}_went_on`);
    }
    writeFileSync(
      path.join(folder, 'steps.json'),
      JSON.stringify({ids: own.map(([ids]) => ids), labels: own.map(([, labels]) => labels), losses}),
    );

    await writeClusterCase(folder);
    await runPytest(['tests/keras', 'tests/train'], {AUTOFIS_MODELS: folder});

    const searched = await tfl.loadLayersModel(fileSystem(at('cluster-trained/model.json')));
    const ids = randomIds(clusterFields, 50, 9);
    const slim = pruneModel(searched, selectionOf(searched));
    expect(slim.countParams()).toBeLessThan(searched.countParams());
    expectClose(predict(slim, ids), predict(searched, ids), 1e-6);
    searched.dispose();
    slim.dispose();

    // What came back goes on here as if it had never been away.
    for (const [name, model] of Object.entries(trained)) {
      const expected = await train(model, last);
      const returned = await tfl.loadLayersModel(fileSystem(at(`${name}_from_keras/model.json`)));
      expectClose(await train(returned, last), expected, 1e-5);
      model.getWeights().forEach((weight, i) => expectClose(returned.getWeights()[i], weight, 1e-4));
      [returned, model].forEach(each => each.dispose());
    }
  });
});

/** AutoDeepFM in the middle of a search; nothing in it draws random numbers or sees other statistics on each worker. */
const searchModel = (optimizer: tf.Optimizer | string): tfl.LayersModel =>
  layeredModel({fields: multiHot, optimizer, triples: true});

/** Every layer that computes something of pairs, side by side: behind the embeddings of DIN, and field-aware ones. */
function pairModel(): tfl.LayersModel {
  // The items of a user's past, in the multi-hot field, have the ids of the item in question.
  const [item, {width}] = multiHot;
  const fields = multiHot.map(field => (field.name === 'g' ? {name: 'g', size: item.size, width} : field));
  const x = tfl.input({shape: [11], dtype: 'int32', name: 'ids'});
  const e = attentionEmbedding({
    name: 'table',
    fields,
    outputDim: 4,
    behaviour: {name: 'g'},
    candidate: {name: item.name},
    attentionUnits: 5,
    batchL2: 0.01,
    seed: 6,
  }).apply(x);
  const layers = [
    attentionalPooling({name: 'attention', units: 5, seed: 7}),
    biInteraction({name: 'bi'}),
    outerProduct({name: 'outer'}),
    pairNetworks({name: 'networks', hiddenUnits: 5, units: 2, seed: 8}),
    compressedInteraction({name: 'cin', units: [3, 2], seed: 15}),
  ];
  // Numbers that follow from the ids, so that the model has one input.
  const numbers = outerProduct({name: 'numbers'}).apply(
    new FieldEmbedding({name: 'narrow', fields: multiHot, outputDim: 2, seed: 13}).apply(x) as tfl.SymbolicTensor,
  ) as tfl.SymbolicTensor;
  const numeric = new NumericEmbedding({
    name: 'numeric',
    fields: ['a', 'b', 'c', 'd'].map(name => ({name})),
    outputDim: 3,
    seed: 14,
  });
  const aware = fieldAwareEmbedding({
    name: 'aware',
    fields: multiHot,
    outputDim: 2,
    interactions: [
      [0, 1],
      [1, 3],
    ],
    seed: 10,
  }).apply(x);
  const gate = new GatedInteraction({
    name: 'gate',
    interactions: [
      [0, 1],
      [1, 3],
    ],
    output: 'each',
    seed: 11,
  }).apply(aware);
  const known = fitCrosses({
    ids: randomIds(multiHot, 500, 12).flat(),
    fields: multiHot,
    interactions: [
      [1, 2],
      [3, 4],
      [0, 1, 3],
      [0, 1, 2, 4],
    ],
    leastCount: 2,
  });
  const crosses = [
    crossLinear({name: 'crosses', fields: multiHot, ...known}),
    crossLinear({
      name: 'hashed',
      fields: multiHot,
      interactions: [
        [0, 1],
        [2, 3],
        [1, 2, 4],
        [0, 1, 3, 4],
      ],
      hashSize: 50,
    }),
  ];
  const streams = ([[2, 0], []] as number[][]).map((context, s) => {
    const gated = featureGate({name: `stream_${s}`, context, hiddenUnits: 3, seed: 16 + s}).apply(e);
    const attended = fieldAttention({name: `attended_${s}`, units: 3, heads: 2, seed: 18 + s}).apply(gated);
    return tfl.layers.flatten().apply(attended) as tfl.SymbolicTensor;
  });
  const all = tfl.layers
    .concatenate({name: 'all'})
    .apply([
      ...layers.map(layer => layer.apply(e)),
      gate,
      ...crosses.map(layer => layer.apply(x)),
      tfl.layers.flatten().apply(numeric.apply(numbers) as tfl.SymbolicTensor),
      bilinearFusion({name: 'fusion', heads: 2, seed: 20}).apply(streams),
    ] as tfl.SymbolicTensor[]);
  const top = tfl.layers.dense({
    units: 1,
    activation: 'sigmoid',
    name: 'click',
    kernelInitializer: tfl.initializers.glorotNormal({seed: 9}),
  });
  const model = tfl.model({inputs: x, outputs: top.apply(all) as tfl.SymbolicTensor});
  model.compile({loss: 'binaryCrossentropy', optimizer: lazyAdam({learningRate: 0.01})});
  return model;
}

function searchOptimizer(): tf.Optimizer {
  return partitioned({
    groups: [
      {name: 'gates', weights: [{name: 'alpha'}], optimizer: grda({learningRate: 1, c: 0.1, mu: 0.8, warmupSteps: 2})},
      {name: 'rest', optimizer: lazyAdam({learningRate: 0.01})},
    ],
  });
}

function searchBatches(count: number): Batch[] {
  const next = generator(31);
  return Array.from({length: count}, (_, i): Batch => {
    const ids = randomIds(multiHot, BATCH, 100 + i);
    return [ids, ids.map(row => [((row[0] + row[5]) % 3 === 0) !== next() < 0.1 ? 1 : 0])];
  });
}

async function train(model: tfl.LayersModel, batches: Batch[]): Promise<number[]> {
  const losses: number[] = [];
  for (const [ids, labels] of batches) {
    const xs = tf.tensor2d(ids, undefined, 'int32');
    const ys = tf.tensor2d(labels);
    losses.push((await model.trainOnBatch(xs, ys)) as number);
    tf.dispose([xs, ys]);
  }
  return losses;
}
