import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfd from '@tensorflow/tfjs-data';
import * as tfl from '@tensorflow/tfjs-layers';
import {
  evaluateMetrics,
  FieldEmbedding,
  GatedInteraction,
  lazyAdam,
  predictBatches,
  SearchStage,
  SeededBatches,
} from 'tfjs-autofis';
import {Checkpoints} from '../../../src/checkpoints';
import {ShardDataset} from '../../../src/data/shards/dataset';
import type {ShardBatch} from '../../../src/data/shards/prefetch';
import {openShards} from '../../../src/data/shards/open_shards';
import {Shards} from '../../../src/data/shards/shards';
import {sharedFolder} from '../../helpers/folders';
import {generator} from '../../helpers/random';
import {ShardRows, writeShards} from '../../helpers/shards';
import {expectClose, expectNoLeak} from '../../helpers/tensors';

const ROWS = 230;
const BATCH = 32;
const STEPS = 8;
const fields = [
  {name: 'a', size: 5},
  {name: 'b', size: 4},
  {name: 'c', size: 3, width: 2},
];

function rows(count: number, seed: number): ShardRows {
  const next = generator(seed);
  const ids = Int32Array.from({length: 4 * count}, (_, i) => Math.floor(next() * [5, 4, 3, 3][i % 4]));
  return {fields, ids, labels: Uint8Array.from({length: count}, (_, row) => (ids[4 * row] + ids[4 * row + 1]) % 2)};
}

const folder = sharedFolder();
let train: Shards;
let valid: Shards;
beforeAll(async () => {
  writeShards(folder, {train: rows(ROWS, 1), valid: rows(50, 2)}, {fileRows: 100});
  [train, valid] = await Promise.all(['train', 'valid'].map(part => openShards(folder, {part})));
});

function newModel(): tfl.LayersModel {
  const model = tfl.sequential();
  model.add(new FieldEmbedding({name: 'embedding', fields, outputDim: 4, seed: 1}));
  model.add(new GatedInteraction({name: 'gate', seed: 2}));
  model.add(tfl.layers.activation({name: 'sigmoid', activation: 'sigmoid'}));
  model.compile({optimizer: lazyAdam({learningRate: 0.01}), loss: 'binaryCrossentropy'});
  return model;
}

const weightsOf = (model: tfl.LayersModel) => model.getWeights().map(weight => [...weight.dataSync()]);
const options = {batchSize: BATCH, seed: 3, blockRows: 2};

test('each pass is the next epoch; what fitDataset does not read costs none', async () => {
  const dataset = train.dataset(options);
  expect(dataset.size).toBe(STEPS);
  await dataset.iterator();
  const seen: number[][] = [];
  for (let epoch = 0; epoch < 2; epoch++) {
    const iterator = await dataset.iterator();
    const ids: number[] = [];
    for (let result = await iterator.next(); !result.done; result = await iterator.next()) {
      const {xs, ys} = result.value;
      expect([xs.dtype, xs.shape[1], ys.shape[1]]).toEqual(['int32', 4, 1]);
      ids.push(...xs.dataSync());
      tf.dispose([xs, ys]);
    }
    seen.push(ids);
  }
  const plain: number[] = [];
  for await (const batch of train.batches({...options, epochs: 2})) plain.push(...batch.ids);
  expect(seen.flat()).toEqual(plain);
});

test('an epoch that was left in its middle ends when the next one begins', async () => {
  let open = 0;
  const dataset = new ShardDataset(5, 0, async function* () {
    open++;
    try {
      for (;;) yield {rows: 1, ids: Int32Array.of(1), labels: Float32Array.of(1)};
    } finally {
      open--;
    }
  });
  for (let i = 0; i < 3; i++) {
    tf.dispose((await (await dataset.iterator()).next()).value as never);
    expect(open).toBe(1);
  }
});

test('a search in fitDataset knows its steps', async () => {
  const search = new SearchStage({method: {type: 'grda'}});
  jest.spyOn(console, 'warn').mockImplementation();
  const history = await newModel().fitDataset(train.dataset(options), {
    epochs: 2,
    verbose: 0,
    callbacks: [search],
    validationData: valid.dataset({batchSize: 20}),
  });
  jest.restoreAllMocks();
  expect(search.warnings[0]).toContain(`the search has ${2 * STEPS} steps`);
  expect(history.history['val_loss']).toHaveLength(2);
  expect(search.selection.length).toBeLessThanOrEqual(3);
});

test('an epoch leaves no tensor behind', async () => {
  const model = newModel();
  const epoch = () =>
    model.fitDataset(train.dataset(options), {epochs: 1, verbose: 0, validationData: valid.dataset({batchSize: 20})});
  await epoch();
  const before = tf.memory().numTensors;
  await epoch();
  expect(tf.memory().numTensors).toBe(before);
});

test('training from shards is training on their rows', async () => {
  const [fromShards, fromMemory] = [newModel(), newModel()];
  await fromShards.fitDataset(train.dataset({batchSize: BATCH}), {epochs: 2, verbose: 0});
  const {ids, labels} = rows(ROWS, 1);
  await fromMemory.fit(tf.tensor2d(ids, [ROWS, 4], 'int32'), tf.tensor2d([...labels], [ROWS, 1]), {
    batchSize: BATCH,
    epochs: 2,
    shuffle: false,
    verbose: 0,
  });
  expect(weightsOf(fromShards)).toEqual(weightsOf(fromMemory));
});

test.each([1, STEPS - 1, STEPS, STEPS + 3])(
  'a training stopped after %i steps and resumed ends with the same weights',
  async steps => {
    const whole = newModel();
    await whole.fitDataset(train.dataset(options), {epochs: 3, verbose: 0});

    const stopped = newModel();
    let done = 0;
    await stopped.fitDataset(train.dataset(options), {
      epochs: 3,
      verbose: 0,
      callbacks: {
        onBatchEnd: async () => {
          stopped.stopTraining = ++done === steps;
        },
      },
    });
    expect(done).toBe(steps);
    let saved: tf.io.ModelArtifacts;
    await stopped.save(
      tf.io.withSaveHandler(async artifacts => {
        saved = artifacts;
        return {modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts)};
      }),
      {includeOptimizer: true},
    );

    const resumed = await tfl.loadLayersModel(tf.io.fromMemory(saved!));
    await resumed.fitDataset(train.dataset({...options, fromStep: steps}), {
      epochs: 3,
      initialEpoch: Math.floor(steps / STEPS),
      verbose: 0,
    });
    expect(weightsOf(resumed)).toEqual(weightsOf(whole));
  },
);

test('a search that died in the middle of an epoch continues from its checkpoint to the same selection', async () => {
  jest.spyOn(console, 'warn').mockImplementation();
  const run = async (name: string, diesAfter = Infinity) => {
    const model = newModel();
    const search = new SearchStage();
    const checkpoints = new Checkpoints({folder: path.join(folder, name), everySteps: 5});
    const {step, epoch} = await checkpoints.resume(model);
    let done = step;
    const death = {
      onBatchEnd: async () => {
        if (++done === diesAfter) throw new Error('died');
      },
    };
    await model.fitDataset(train.dataset({...options, fromStep: step}), {
      epochs: 3,
      initialEpoch: epoch,
      verbose: 0,
      callbacks: [search, new tfl.CustomCallback(death), checkpoints],
    });
    return {step, weights: weightsOf(model), selection: search.selection};
  };
  await expect(run('dies', 13)).rejects.toThrow('died');
  const resumed = await run('dies');
  expect(resumed).toEqual({...(await run('whole')), step: 10});
  jest.restoreAllMocks();
});

test('tf.data can take the plain batches', async () => {
  const three = tfd
    .generator(() => train.batches(options))
    .take(3)
    .map(batch => {
      const {ids, labels, rows: n} = batch as ShardBatch;
      return {xs: tf.tensor2d(ids, [n, 4], 'int32'), ys: tf.tensor2d(labels, [n, 1])};
    });
  const history = await newModel().fitDataset(three, {epochs: 2, verbose: 0});
  expect(history.history['loss']).toHaveLength(2);
});

test('predictions in the order of the rows', async () => {
  const model = newModel();
  const predictions: number[] = [];
  for await (const batch of predictBatches(model, valid.batches({batchSize: 20}))) predictions.push(...batch);
  const {ids} = rows(50, 2);
  expect(predictions).toEqual([...(model.predict(tf.tensor2d(ids, [50, 4], 'int32')) as tf.Tensor).dataSync()]);
});

describe('shards with weights', () => {
  const weights = Float32Array.from({length: ROWS}, (_, row) => 1 + (row % 4));
  const values = {...rows(ROWS, 1), weights};
  let weighted: Shards;
  beforeAll(async () => {
    writeShards(path.join(folder, 'weighted'), {train: values}, {fileRows: 100});
    weighted = await openShards(path.join(folder, 'weighted'));
  });

  test('train in fitDataset by their weights, as in memory, and leave no tensor behind', async () => {
    const batchSize = ROWS;
    const [fromShards, fromMemory, plain] = [newModel(), newModel(), newModel()];
    await fromShards.fitDataset(weighted.dataset({batchSize}), {epochs: 2, verbose: 0});
    const xs = tf.tensor2d(values.ids, [ROWS, 4], 'int32');
    const ys = tf.tensor2d([...values.labels], [ROWS, 1]);
    const own = tf.tensor1d(weights);
    await fromMemory.fitDataset(new SeededBatches({xs, ys, weights: own}, {batchSize, seed: 1}) as never, {
      epochs: 2,
      verbose: 0,
    });
    await plain.fitDataset(train.dataset({batchSize}), {epochs: 2, verbose: 0});
    expectClose(weightsOf(fromShards).flat(), weightsOf(fromMemory).flat(), 1e-5);
    expect(weightsOf(fromShards)).not.toEqual(weightsOf(plain));
    await expectNoLeak(async () => {
      await fromShards.fitDataset(weighted.dataset(options), {epochs: 1, verbose: 0});
    });
    tf.dispose([xs, ys, own]);
  });

  test('are evaluated by their weights', async () => {
    const model = newModel();
    const xs = tf.tensor2d(values.ids, [ROWS, 4], 'int32');
    const ys = tf.tensor2d([...values.labels], [ROWS, 1]);
    const own = tf.tensor1d(weights);
    const {auc, logloss} = await evaluateMetrics(model, {data: {xs, ys, weights: own}});
    const found = await evaluateMetrics(model, {data: weighted.dataset({batchSize: 50}) as never});
    expect(found.auc).toBeCloseTo(auc, 9);
    expect(found.logloss).toBeCloseTo(logloss, 6);
    await expect(
      newModel().fitDataset(train.dataset(options), {
        epochs: 1,
        verbose: 0,
        validationData: weighted.dataset({batchSize: 50}),
      }),
    ).rejects.toThrow('evaluateDataset: these rows have weights');
    tf.dispose([xs, ys, own]);
  });
});
