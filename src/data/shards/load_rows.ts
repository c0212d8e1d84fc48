import * as tf from '@tensorflow/tfjs-core';
import type {IdRows} from '../../record/id_rows';
import type {LabeledRows, TrainingRows} from '../../training/rows';
import type {Shards} from './shards';

/** Rows of a part that are held in memory at most: of Criteo's 39 columns 312 MB. */
const MOST_ROWS = 2_000_000;

/** Rows of a part in memory. */
export interface LoadedRows extends IdRows {
  ids: Int32Array;
  labels: Float32Array;
  weights?: Float32Array;
  groups?: Int32Array;
}

/** The rows of a part in memory; where there are very many, the first of a seeded order. */
export async function loadRows(shards: Shards): Promise<LoadedRows> {
  const rows = Math.min(shards.rows, MOST_ROWS);
  const ids = new Int32Array(rows * shards.columns);
  const labels = new Float32Array(rows);
  const weights = shards.weights ? new Float32Array(rows) : undefined;
  const groups = shards.groups ? new Int32Array(rows) : undefined;
  let at = 0;
  for await (const batch of shards.batches({batchSize: 10_000, seed: shards.rows > MOST_ROWS ? 1 : undefined})) {
    const count = Math.min(batch.rows, rows - at);
    ids.set(batch.ids.subarray(0, count * shards.columns), at * shards.columns);
    labels.set(batch.labels.subarray(0, count), at);
    weights?.set(batch.weights!.subarray(0, count), at);
    groups?.set(batch.groups!.subarray(0, count), at);
    at += count;
    if (at === rows) break;
  }
  return {ids, labels, ...(weights && {weights}), ...(groups && {groups})};
}

/** Load the rows of a part as tensors; where there are very many, the first of a seeded order. */
export async function loadTensors(shards: Shards): Promise<RowTensors> {
  return rowTensors(await loadRows(shards), shards.columns);
}

/** Rows in memory as tensors, with what disposes them. */
export type RowTensors = LabeledRows & {ys: tf.Tensor2D; dispose(): void};

/** Rows in memory as tensors; `columns` is how many ids a row has. */
export function rowTensors({ids, labels, weights: rowWeights, groups}: LoadedRows, columns: number): RowTensors {
  const xs = tf.tensor2d(ids, [labels.length, columns], 'int32');
  const ys = tf.tensor2d(labels, [labels.length, 1]);
  const weights = rowWeights === undefined ? {} : {weights: tf.tensor1d(rowWeights)};
  return {xs, ys, ...weights, ...(groups && {groups}), dispose: () => tf.dispose([xs, ys, weights])};
}

/** The rows of a part to train on: in memory, or read from the disk in each epoch where there are very many. */
export async function trainingRows(shards: Shards): Promise<{rows: TrainingRows; dispose(): void}> {
  if (shards.rows > MOST_ROWS)
    return {rows: (seed, batchSize) => shards.dataset({batchSize, seed}), dispose: () => undefined};
  const {dispose, ...rows} = await loadTensors(shards);
  return {rows: rows as LabeledRows, dispose};
}
