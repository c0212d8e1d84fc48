import {rmSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {openShards, Shards} from 'tfjs-autofis/data';
import {autoFm} from 'tfjs-autofis/models';
import {useBackend} from 'tfjs-autofis/runtime';
import {ShuffledBatches} from './shuffled_batches';
import {writeShards} from '../../test/helpers/shards';
import {atLeast} from '../bars';
import {fieldsOf, generateRows} from '../data';
import type {Row, Section} from '../report';
import {spread} from '../statistics';
import type {Context} from './context';

const BATCH = 2000;
const MILLION = 1_000_000;
const SEED = 20;

/**
 * Epochs of AutoFM on Criteo's shape from shards, and from typed arrays in memory, in turns in one process on one
 * model. Both shuffle by a seed. Shards of 100,000 rows, of which only a window is in memory at a time; the disk's
 * files are in the system's cache after the first epoch, so that the bar is about what reading costs the training, not
 * about the disk.
 */
export async function training({quick, folder}: Context): Promise<Section> {
  const {tensorflow} = await useBackend();
  const batches = quick ? 50 : 200;
  const rounds = quick ? 3 : 5;
  const {ids, labels, sizes} = generateRows({V: MILLION, batchSize: BATCH, batches, seed: SEED});
  const fields = fieldsOf(sizes);
  const place = path.join(folder, 'training-shards');
  writeShards(place, {train: {fields, ids, labels}}, {fileRows: 100_000, chunkRows: 25_000});
  const shards = await openShards(place);
  const model = autoFm({fields, embeddingDim: 16, seed: 1});
  const table = {fields, ids, labels, rows: labels.length};
  const datasets = {
    memory: new ShuffledBatches(table as never, BATCH, SEED),
    shards: shards.dataset({batchSize: BATCH, seed: SEED}),
  };
  const ms: Record<keyof typeof datasets | 'reading', number[]> = {memory: [], shards: [], reading: []};
  const names = Object.keys(datasets) as Array<keyof typeof datasets>;
  await model.fitDataset(datasets.memory as never, {epochs: 1, verbose: 0});
  for (let round = 0; round < rounds; round++) {
    // The second one may find a warmer or a busier machine.
    for (const name of round % 2 === 0 ? names : [...names].reverse())
      ms[name].push(await stepTime(model, datasets[name] as never, batches));
    ms.reading.push(await readTime(shards, batches));
  }
  model.dispose();
  rmSync(place, {recursive: true});

  const title = 'Training from shards';
  const memory = spread(ms.memory).median;
  const row = (name: string, values: number[], note: string): Row => {
    const {median} = spread(values);
    return {section: title, name, ms: spread(values), examples: (BATCH / median) * 1e3, ratio: median / memory, note};
  };
  return {
    title,
    what:
      `A training step of AutoFM: ${fields.length} fields, 1 M ids, d = 16, batches of ${BATCH}, ` +
      `in epochs of ${batches} steps with a new order each.`,
    rows: [
      row('from memory', ms.memory, 'rows in typed arrays, shuffled'),
      row('from shards', ms.shards, 'blocks of 2,048 rows, 64 mixed at a time'),
      row('reading alone', ms.reading, 'the same batches, nothing trained'),
    ],
    bars: [atLeast('training from shards against memory', memory / spread(ms.shards).median, 0.9)],
    versions: tensorflow === undefined ? {} : {TensorFlow: tensorflow},
  };
}

/** Milliseconds a step of one epoch. */
async function stepTime(
  model: tfl.LayersModel,
  dataset: Parameters<tfl.LayersModel['fitDataset']>[0],
  steps: number,
): Promise<number> {
  const start = performance.now();
  await model.fitDataset(dataset, {epochs: 1, verbose: 0});
  return (performance.now() - start) / steps;
}

/** Milliseconds a batch when the batches are made into tensors and thrown away. */
async function readTime(shards: Shards, steps: number): Promise<number> {
  const start = performance.now();
  for await (const {ids, rows} of shards.batches({batchSize: BATCH, seed: SEED}))
    tf.tensor2d(ids, [rows, shards.columns], 'int32').dispose();
  return (performance.now() - start) / steps;
}
