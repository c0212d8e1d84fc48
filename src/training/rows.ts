import * as tf from '@tensorflow/tfjs-core';
import {checkInteger} from '../checks';
import {AutofisError} from '../errors';
import {seededRandom, shuffle} from '../random';

/** Rows in memory, as `fit` takes them; the caller keeps and disposes them. */
export interface LabeledRows {
  /** The model's input, or one for each of its inputs. */
  xs: tf.Tensor | tf.Tensor[];
  /** 0 or 1, [rows, 1] or [rows]. */
  ys: tf.Tensor;
}

/** What `fitDataset` reads: a tf.data.Dataset of {xs, ys}, or any object of this form. */
export interface BatchSource {
  /** Batches an epoch. */
  readonly size: number;
  iterator(): Promise<{next(): Promise<IteratorResult<{xs: tf.Tensor | tf.Tensor[], ys: tf.Tensor}>>}>;
}

/**
 * Rows to train on: in memory, or a stream of batches whose order follows from a seed, such as
 * `(seed, batchSize) => shards.dataset({seed, batchSize})` of `openShards`.
 */
export type TrainingRows = LabeledRows | ((seed: number, batchSize: number) => BatchSource);

/** Throws unless `rows` are tensors with the same number of rows, at least one. */
export function checkRows(where: string, name: string, rows: unknown): asserts rows is LabeledRows {
  const {xs, ys} = (rows ?? {}) as LabeledRows;
  const tensors = [xs, ys].flat();
  const count = tensors[0]?.shape?.[0];
  if (tensors.some(t => !(t instanceof tf.Tensor) || t.shape[0] !== count) || !count) {
    throw new AutofisError(`${where}: \`${name}\` must be {xs, ys}, tensors with the same number of rows, at least one. ` +
      `Received: ${tensors.map(t => t?.shape === undefined ? typeof t : `[${t.shape}]`).join(', ')}.`);
  }
}

/** Throws unless `rows` can be scored: labels are 0 or 1, and both occur, else there is no AUC. */
export function checkScoredRows(where: string, name: string, rows: unknown): asserts rows is LabeledRows {
  checkRows(where, name, rows);
  const labels = labelsOf(rows), [zeros, ones] = [0, 1].map(label => labels.reduce((sum, y) => y === label ? sum + 1 : sum, 0));
  if (zeros > 0 && ones > 0 && zeros + ones === labels.length) return;
  throw new AutofisError(`${where}: the labels of \`${name}\` must be 0 or 1, some of each. ` +
    `Received: ${zeros} times 0, ${ones} times 1, ${labels.length - zeros - ones} others.`);
}

/** Throws unless `rows` can be trained on. */
export function checkTrainingRows(where: string, name: string, rows: unknown): asserts rows is TrainingRows {
  if (typeof rows !== 'function') checkRows(where, name, rows);
}

/** How many rows there are. */
export function rowsOf({ys}: LabeledRows): number {
  return ys.shape[0];
}

/** The labels. */
export function labelsOf({ys}: LabeledRows): Float32Array {
  return ys.dataSync() as Float32Array;
}

/**
 * Batches of rows in memory, in a new order each epoch that follows from the seed; `fitDataset` reads them. (`fit` shuffles
 * by Math.random, so its runs cannot be repeated.)
 *
 * ```ts
 * await model.fitDataset(new SeededBatches({xs: ids, ys: labels}, {batchSize: 500, seed: 1}) as never, {epochs: 3});
 * ```
 */
export class SeededBatches implements BatchSource {
  readonly size: number;
  private readonly order: Int32Array;
  private readonly random: () => number;
  private readonly batchSize: number;

  constructor(private readonly rows: LabeledRows, options: {batchSize: number, seed: number}) {
    const {batchSize, seed} = options ?? {};
    checkRows('SeededBatches', 'rows', rows);
    checkInteger('SeededBatches', 'batchSize', batchSize, 1);
    checkInteger('SeededBatches', 'seed', seed, 0);
    const count = rowsOf(rows);
    this.batchSize = batchSize;
    this.size = Math.ceil(count / batchSize);
    this.order = new Int32Array(count).map((_, i) => i);
    this.random = seededRandom(seed);
  }

  async iterator() {
    shuffle(this.order, this.random);
    let next = 0;
    return {next: async () => next < this.size ?
      {done: false as const, value: this.batch(next++)} : {done: true as const, value: null}};
  }

  private batch(index: number): LabeledRows {
    return takeRows(this.rows, this.order.subarray(index * this.batchSize, (index + 1) * this.batchSize));
  }
}

/** The rows with these indices, as new tensors. */
export function takeRows({xs, ys}: LabeledRows, indices: Int32Array): LabeledRows {
  return tf.tidy(() => {
    const chosen = tf.tensor1d(indices, 'int32');
    return {xs: Array.isArray(xs) ? xs.map(x => tf.gather(x, chosen)) : tf.gather(xs, chosen), ys: tf.gather(ys, chosen)};
  });
}

/** The batches of one training. */
export function batchesOf(train: TrainingRows, batchSize: number, seed: number): BatchSource {
  return typeof train === 'function' ? train(seed, batchSize) : new SeededBatches(train, {batchSize, seed});
}
