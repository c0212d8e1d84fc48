import {checkInteger, checkKeys} from '../checks';
import {seededRandom, shuffle} from '../random';
import {checkRows, type LabeledRows, labelsOfRows, rowCount, takeRows, type TrainingRows, weightsOf} from './rows';
import {
  type Batch,
  type BatchArrays,
  type BatchIterator,
  type BatchSource,
  weighted,
  weightedBatches,
} from './weighted_batches';

/**
 * Batches of rows in memory, in a new order each epoch that follows from the seed; `fitDataset` reads them. (`fit`
 * shuffles by Math.random, so its runs cannot be repeated.) Rows with weights are trained on by their weights, as
 * `weightedBatches` says; those of weight 0 are left out.
 *
 * To continue a training, give `fromStep`: the step to start at, counted over all epochs (`Checkpoints.resume` returns
 * it), and `initialEpoch` to `fitDataset`.
 *
 * @throws AutofisError if the rows are not tensors of the same number of rows, or an option breaks its rule.
 * @example
 * await model.fitDataset(new SeededBatches({xs: ids, ys: labels}, {batchSize: 500, seed: 1}), {epochs: 3});
 */
export class SeededBatches implements BatchSource {
  readonly size: number;
  private readonly order: Int32Array;
  private readonly random: () => number;
  private readonly batchSize: number;
  private readonly weights: Float32Array | undefined;
  /** Batches that the first epoch leaves out. */
  private skip: number;

  constructor(
    private readonly rows: LabeledRows,
    options: {batchSize: number; seed: number; fromStep?: number},
  ) {
    checkKeys('SeededBatches', options, ['batchSize', 'seed', 'fromStep']);
    const {batchSize, seed, fromStep = 0} = options;
    checkRows('SeededBatches', 'rows', rows);
    checkInteger('SeededBatches', 'batchSize', batchSize, 1);
    checkInteger('SeededBatches', 'seed', seed, 0);
    checkInteger('SeededBatches', 'fromStep', fromStep, 0);
    this.weights = weightsOf(rows);
    this.order = new Int32Array(rowCount(rows)).map((_, i) => i).filter(i => this.weights?.[i] !== 0);
    this.batchSize = batchSize;
    this.size = Math.ceil(this.order.length / batchSize);
    this.random = seededRandom(seed);
    for (let epoch = 0; epoch < Math.floor(fromStep / this.size); epoch++) shuffle(this.order, this.random);
    this.skip = fromStep % this.size;
  }

  async iterator(): Promise<BatchIterator> {
    shuffle(this.order, this.random);
    let next: number | null = null;
    const iterator: BatchIterator = {
      next: async () => {
        // fitDataset asks for iterators that it does not read.
        next ??= this.first();
        return next < this.size ? {done: false, value: this.batch(next++)} : {done: true, value: null};
      },
    };
    return this.weights === undefined ? iterator : weighted(iterator);
  }

  *arrays(): Iterable<BatchArrays> {
    shuffle(this.order, this.random);
    const ids = [this.rows.xs].flat()[0].dataSync() as Int32Array;
    const labels = labelsOfRows(this.rows);
    for (let next = this.first(); next < this.size; next++) {
      const rows = this.indices(next);
      yield {
        ids: valuesAt(ids, rows, rowCount(this.rows)),
        labels: valuesAt(labels, rows, rowCount(this.rows)),
        ...this.weightsAt(rows),
      };
    }
  }

  /** The first batch of an epoch. */
  private first(): number {
    const {skip} = this;
    this.skip = 0;
    return skip;
  }

  private batch(index: number): Batch {
    const {xs, ys, groups} = this.rows;
    const rows = this.indices(index);
    return {
      ...takeRows({xs, ys}, rows),
      ...this.weightsAt(rows),
      ...(groups && {groups: Float64Array.from(rows, row => groups[row])}),
    };
  }

  private indices(batch: number): Int32Array {
    return this.order.subarray(batch * this.batchSize, (batch + 1) * this.batchSize);
  }

  private weightsAt(indices: Int32Array): {weights?: Float32Array} {
    const {weights} = this;
    return weights === undefined ? {} : {weights: valuesAt(weights, indices, weights.length)};
  }
}

/** The values of rows with these indices, of `rows` in all. */
function valuesAt<T extends Int32Array | Float32Array>(values: T, indices: Int32Array, rows: number): T {
  const columns = values.length / rows;
  // Of the same kind: an id may be a fraction, which a check finds.
  const result = values.slice(0, indices.length * columns) as T;
  for (let i = 0, at = 0; i < indices.length; i++) {
    for (let from = indices[i] * columns, end = from + columns; from < end; from++) result[at++] = values[from];
  }
  return result;
}

/** The batches of one training. */
export function batchesOf(train: TrainingRows, batchSize: number, seed: number): BatchSource {
  return typeof train === 'function'
    ? weightedBatches(train(seed, batchSize))
    : new SeededBatches(train, {batchSize, seed});
}
