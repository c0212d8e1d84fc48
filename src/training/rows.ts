import * as tf from '@tensorflow/tfjs-core';
import {checkInteger} from '../checks';
import {AutofisError} from '../errors';
import {checkWeights} from '../metrics/row_weights';
import {seededRandom, shuffle} from '../random';
import {Batch, BatchArrays, BatchIterator, BatchSource, weighted, weightedBatches} from './weighted_batches';

/** Rows in memory; the caller keeps and disposes them. */
export interface LabeledRows {
  /** The model's input, or one for each of its inputs. */
  xs: tf.Tensor | tf.Tensor[];
  /** 0 or 1, [rows, 1] or [rows]. */
  ys: tf.Tensor;
  /**
   * How much each row counts in losses, gradients and scores: finite numbers >= 0, [rows, 1] or [rows]. Without it all
   * rows count alike. Only ratios matter, and a row of weight 0 is as if it were not there.
   */
  weights?: tf.Tensor;
}

/**
 * Rows to train on: in memory, or a stream of batches whose order follows from a seed, such as
 * `(seed, batchSize) => shards.dataset({seed, batchSize})` of `openShards`.
 */
export type TrainingRows = LabeledRows | ((seed: number, batchSize: number) => BatchSource);

/**
 * Check that `rows` are tensors with the same number of rows, at least one, and their weights, if they have some,
 * are weights.
 */
export function checkRows(where: string, name: string, rows: unknown): asserts rows is LabeledRows {
  const {xs, ys, weights} = (rows ?? {}) as LabeledRows;
  const tensors = [xs, ys, ...(weights === undefined ? [] : [weights])].flat();
  const count = tensors[0]?.shape?.[0];
  if (tensors.some(t => !(t instanceof tf.Tensor) || t.shape[0] !== count) || !count) {
    throw new AutofisError(
      `${where}: \`${name}\` must be {xs, ys}, tensors with the same number of rows, at least one. ` +
        `Received: ${tensors.map(t => (t?.shape === undefined ? typeof t : `[${t.shape}]`)).join(', ')}.`,
    );
  }
  if (weights !== undefined) checkWeights(`${where}: \`${name}\``, weights.dataSync() as Float32Array, count);
}

/** Check that `rows` can be scored: labels are 0 or 1, and both occur with weights above 0, else there is no AUC. */
export function checkScoredRows(where: string, name: string, rows: unknown): asserts rows is LabeledRows {
  checkRows(where, name, rows);
  const weights = weightsOf(rows);
  const labels = labelsOfRows(rows).filter((_, i) => weights?.[i] !== 0);
  const [zeros, ones] = [0, 1].map(label => labels.reduce((sum, y) => (y === label ? sum + 1 : sum), 0));
  if (zeros > 0 && ones > 0 && zeros + ones === labels.length) return;
  throw new AutofisError(
    `${where}: the labels of \`${name}\` must be 0 or 1, some of each. ` +
      `Received: ${zeros} times 0, ${ones} times 1, ${labels.length - zeros - ones} others.`,
  );
}

/** Check that `rows` can be trained on. */
export function checkTrainingRows(where: string, name: string, rows: unknown): asserts rows is TrainingRows {
  if (typeof rows !== 'function') checkRows(where, name, rows);
}

/** How many rows there are. */
export function rowCount({ys}: LabeledRows): number {
  return ys.shape[0];
}

/**
 * How many rows there are to train on. A stream knows its batches, and of batches of one row there is one for each row.
 */
export function rowsIn(train: TrainingRows): number {
  return typeof train === 'function' ? train(0, 1).size : rowCount(train);
}

/** The labels. */
export function labelsOfRows({ys}: LabeledRows): Float32Array {
  return ys.dataSync() as Float32Array;
}

/** The weights; undefined where all rows count alike. */
export function weightsOf({weights}: LabeledRows): Float32Array | undefined {
  return weights?.dataSync() as Float32Array | undefined;
}

/**
 * Batches of rows in memory, in a new order each epoch that follows from the seed; `fitDataset` reads them. (`fit`
 * shuffles by Math.random, so its runs cannot be repeated.) Rows with weights are trained on by their weights, as
 * `weightedBatches` says; those of weight 0 are left out.
 *
 * @throws AutofisError if the rows are not tensors of the same number of rows, or an option breaks its rule.
 * @example
 * await model.fitDataset(new SeededBatches({xs: ids, ys: labels}, {batchSize: 500, seed: 1}) as never, {epochs: 3});
 */
export class SeededBatches implements BatchSource {
  readonly size: number;
  private readonly order: Int32Array;
  private readonly random: () => number;
  private readonly batchSize: number;
  private readonly weights: Float32Array | undefined;

  constructor(
    private readonly rows: LabeledRows,
    options: {batchSize: number; seed: number},
  ) {
    const {batchSize, seed} = options ?? {};
    checkRows('SeededBatches', 'rows', rows);
    checkInteger('SeededBatches', 'batchSize', batchSize, 1);
    checkInteger('SeededBatches', 'seed', seed, 0);
    this.weights = weightsOf(rows);
    this.order = new Int32Array(rowCount(rows)).map((_, i) => i).filter(i => this.weights?.[i] !== 0);
    this.batchSize = batchSize;
    this.size = Math.ceil(this.order.length / batchSize);
    this.random = seededRandom(seed);
  }

  async iterator(): Promise<BatchIterator> {
    shuffle(this.order, this.random);
    let next = 0;
    const iterator: BatchIterator = {
      next: async () => (next < this.size ? {done: false, value: this.batch(next++)} : {done: true, value: null}),
    };
    return this.weights === undefined ? iterator : weighted(iterator);
  }

  *arrays(): Iterable<BatchArrays> {
    shuffle(this.order, this.random);
    const ids = [this.rows.xs].flat()[0].dataSync() as Int32Array;
    const labels = labelsOfRows(this.rows);
    for (let next = 0; next < this.size; next++) {
      const own = this.indices(next);
      yield {
        ids: valuesAt(ids, own, rowCount(this.rows)),
        labels: Float32Array.from(own, i => labels[i]),
        ...this.weightsAt(own),
      };
    }
  }

  private batch(index: number): Batch {
    const {xs, ys} = this.rows;
    const own = this.indices(index);
    return {...takeRows({xs, ys}, own), ...this.weightsAt(own)};
  }

  private indices(batch: number): Int32Array {
    return this.order.subarray(batch * this.batchSize, (batch + 1) * this.batchSize);
  }

  private weightsAt(indices: Int32Array): {weights?: Float32Array} {
    const {weights} = this;
    return weights === undefined ? {} : {weights: Float32Array.from(indices, i => weights[i])};
  }
}

/** The values of rows with these indices, of `rows` in all. */
function valuesAt(values: Int32Array, indices: Int32Array, rows: number): Int32Array {
  const columns = values.length / rows;
  // Of the same kind: an id may be a fraction, which a check finds.
  const result = values.slice(0, indices.length * columns);
  indices.forEach((row, i) => {
    for (let column = 0; column < columns; column++) result[i * columns + column] = values[row * columns + column];
  });
  return result;
}

/** The rows with these indices, as new tensors. */
export function takeRows({xs, ys, weights}: LabeledRows, indices: Int32Array): LabeledRows {
  return tf.tidy(() => {
    const chosen = tf.tensor1d(indices, 'int32');
    const take = (t: tf.Tensor) => tf.gather(t, chosen);
    return {
      xs: Array.isArray(xs) ? xs.map(take) : take(xs),
      ys: take(ys),
      ...(weights === undefined ? {} : {weights: take(weights)}),
    };
  });
}

/** The batches of one training. */
export function batchesOf(train: TrainingRows, batchSize: number, seed: number): BatchSource {
  return typeof train === 'function'
    ? weightedBatches(train(seed, batchSize))
    : new SeededBatches(train, {batchSize, seed});
}

/** The rows of `train` and of `more` together; rows in memory become new tensors, which `dispose` frees. */
export function joinRows(train: TrainingRows, more: LabeledRows): {rows: TrainingRows; dispose(): void} {
  if (typeof train === 'function') {
    return {
      rows: (seed, batchSize) => interleaved(train(seed, batchSize), new SeededBatches(more, {batchSize, seed})),
      dispose: () => undefined,
    };
  }
  const rows = tf.tidy(() => {
    const xs = [train.xs].flat().map((x, i) => tf.concat([x, [more.xs].flat()[i]]));
    const weights = train.weights ?? more.weights;
    return {
      xs: Array.isArray(train.xs) ? xs : xs[0],
      ys: tf.concat([train.ys, tf.reshape(more.ys, [-1, ...train.ys.shape.slice(1)])]),
      ...(weights === undefined
        ? {}
        : {
            weights: tf.concat(
              [train, more].map(part =>
                part.weights === undefined ? tf.ones([rowCount(part)]) : tf.reshape(part.weights, [-1]),
              ),
            ),
          }),
    };
  }) as LabeledRows;
  return {rows, dispose: () => tf.dispose(rows as never)};
}

/** Both sources, the batches of the shorter spread evenly among those of the longer. */
function interleaved(long: BatchSource, short: BatchSource): BatchSource {
  const size = long.size + short.size;
  return {
    size,
    async iterator() {
      const [first, second] = [await long.iterator(), await short.iterator()];
      let taken = 0;
      let given = 0;
      return {
        next: () => {
          given++;
          const due = taken < Math.floor((given * short.size) / size);
          if (due) taken++;
          return due ? second.next() : first.next();
        },
      };
    },
  };
}
