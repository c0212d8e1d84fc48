import {checkInteger} from '../checks';
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
        labels: valuesAt(labels, own, rowCount(this.rows)),
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
