import {writeFileSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {grda, lazyAdam, seededDropout} from 'tfjs-autofis';
import {openShards} from 'tfjs-autofis/data';
import type {FieldSpec} from 'tfjs-autofis/layers';
import {BlockOrder} from '../../src/data/shards/block_order';
import {useClosedLoss} from '../../src/metrics/binary_crossentropy';
import {openCount, findGates} from '../../src/stages/gates';
import {HeldOutGradients} from '../../src/stages/held_out_gradients';
import {GATES_GROUP, searchOptimizer} from '../../src/stages/search_optimizer';
import {setOptimizer} from '../../src/tfjs_internals';
import {randomIds} from '../export/models';
import {generator} from '../helpers/random';
import {writeShards} from '../helpers/shards';
import {layeredModel} from './layered_model';
import {fileSystem} from '../../src/runtime/file_system';

/** What `train` of the Python package gets. */
const SETTINGS = {search_epochs: 2, epochs: 2, batch_size: 61, seed: 5, strength: 0.8, held_out: 'valid', test: 'test'};
/** So few rows that each batch of them has them all, in any order. */
const HELD_OUT = 60;

export const clusterFields: FieldSpec[] = [
  {name: 'a', size: 40},
  {name: 'g', size: 9, width: 4, combiner: 'mean'},
  {name: 'b', size: 7},
  {name: 'c', size: 20},
  {name: 'd', size: 5},
];

/**
 * Writes what python/tests/keras/test_train.py trains: shards, the models `cluster-plain` and `cluster-deep`, and what
 * the search of `cluster-plain` and the order of the rows are here.
 */
export async function writeClusterCase(folder: string): Promise<void> {
  const at = (name: string) => path.join(folder, `cluster-${name}`);
  const save = (model: tfl.LayersModel, name: string) =>
    model.save(fileSystem(`file://${at(name)}`), {includeOptimizer: true});
  const parts = {train: rows(5000, 1), valid: rows(HELD_OUT, 2), test: rows(500, 3)};
  writeShards(at('shards'), parts, {fileRows: 2100, chunkRows: 300});

  const deep = autoDeepFm(true);
  await save(deep, 'deep');
  deep.dispose();

  const plain = autoDeepFm(false);
  await save(plain, 'plain');
  const {ids, labels, weights} = parts.valid;
  const heldOut = {
    xs: tf.tensor2d(ids, [HELD_OUT, 8], 'int32'),
    ys: tf.tensor2d(labels, [HELD_OUT, 1]),
    weights: tf.tensor1d(weights),
  };
  const {batch_size: batchSize, seed, strength, search_epochs: epochs} = SETTINGS;
  const train = await openShards(at('shards'));
  const batches = train.dataset({batchSize, seed});
  const gates = findGates('cluster', plain);
  const {optimizer: own} = plain;
  const optimizer = searchOptimizer(gates, grda(thresholdOf(strength, epochs * batches.size)), own);
  setOptimizer(plain, optimizer, false);
  useClosedLoss(plain);
  const gradients = new HeldOutGradients(plain, heldOut, HELD_OUT);
  optimizer.setGradientSource(GATES_GROUP, () =>
    gradients.next(gates.map(({layer}) => layer.alpha!.read() as tf.Variable)),
  );
  const openGates: number[] = [];
  const {history} = await plain.fitDataset(batches as never, {
    epochs,
    verbose: 0,
    callbacks: {onEpochEnd: async () => void openGates.push(openCount(gates))},
  });
  gradients.end();
  setOptimizer(plain, own, false);
  await save(plain, 'searched');
  plain.dispose();
  tf.dispose(heldOut);

  const first: number[] = [];
  for await (const batch of train.batches({batchSize, seed, epochs: 2})) first.push(batch.ids[0]);
  const windows = [...new BlockOrder([40_000, 150_000], seed).epoch(3)].map(({blocks, order}) => ({
    blocks: blocks.map(({file, first, rows}) => [file, first, rows]),
    order: [...order.slice(0, 50)],
  }));
  const expected = {settings: SETTINGS, first, windows, loss: history['loss'], openGates};
  writeFileSync(at('expected.json'), JSON.stringify(expected));
}

/** gRDA's constants as the Python package has them: alpha waits for a third of the steps, then c fits the others. */
function thresholdOf(strength: number, steps: number) {
  const warmupSteps = Math.floor(steps / 3);
  return {c: (strength * 0.6) / (steps - warmupSteps) ** 0.8, mu: 0.8, learningRate: 1, warmupSteps};
}

function rows(count: number, seed: number) {
  const next = generator(seed);
  const ids = randomIds(clusterFields, count, seed);
  const labels = Uint8Array.from(ids, row => (((row[0] + row[5]) % 3 === 0) !== next() < 0.1 ? 1 : 0));
  return {
    fields: clusterFields,
    ids: Int32Array.from(ids.flat()),
    labels,
    weights: Float32Array.from(labels, () => 0.5 + next()),
  };
}

/** AutoDeepFM; with `deep` also of two layers that see the whole batch and one that draws random numbers. */
function autoDeepFm(deep: boolean): tfl.LayersModel {
  return layeredModel({
    fields: clusterFields,
    optimizer: lazyAdam({learningRate: 0.01}),
    behind: deep
      ? [
          tfl.layers.batchNormalization({name: 'bn'}),
          seededDropout({rate: 0.3, seed: 7, name: 'drop'}),
          tfl.layers.batchNormalization({name: 'behind'}),
        ]
      : [],
  });
}
