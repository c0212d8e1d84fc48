import * as tf from '@tensorflow/tfjs-core';
import {AutofisError} from '../errors';
import {checkBatchWeights, ofMeanOne} from '../metrics/row_weights';
import {noteRowWeights} from '../stages/class_weights';

/** One batch as a source gives it. */
export interface Batch {
  /** The model's input, or one for each of its inputs. */
  xs: tf.Tensor | tf.Tensor[];
  /** Labels, [B, 1] or [B]. */
  ys: tf.Tensor;
  /** Weight of each row: finite numbers >= 0. Without weights all rows count equally. */
  weights?: Float32Array | tf.Tensor;
  /** Group of each row as a number, which only `autoSelect` reads. */
  groups?: ArrayLike<number>;
}

/** Batches one after another. */
export interface BatchIterator {
  next(): Promise<IteratorResult<Batch>>;
}

/** One batch as typed arrays. */
export interface BatchArrays {
  /** Ids of the first input, row-major. */
  ids: Int32Array;
  labels: ArrayLike<number>;
  weights?: Float32Array;
}

/** Source of batches for `fitDataset`: a tf.data.Dataset of {xs, ys}, or any object of this form. */
export interface BatchSource {
  /** Batches per epoch. */
  readonly size: number;
  iterator(): Promise<BatchIterator>;
  /** The batches that `iterator` would give, without tensors: for trainings that compute without them. */
  arrays?(): Iterable<BatchArrays>;
}

/**
 * Return batches whose row weights `fitDataset` applies; by itself it reads none. The loss of a batch is the weighted
 * mean of its rows' losses, sum(w l) / sum(w), so that weights and a multiple of them train alike. Class weights given
 * to `fitDataset` multiply the row's weight.
 *
 * `SeededBatches` and the datasets of `openShards` apply weights already; wrap any other source. Stock
 * `evaluateDataset`, which `validationData` calls, cannot apply weights: reading such batches with it is an error. Use
 * `EpochMetrics` or `evaluateMetrics`.
 *
 * @example
 * await model.fitDataset(weightedBatches(source), {epochs: 3});
 */
export function weightedBatches(source: BatchSource): BatchSource {
  return {size: source.size, iterator: async () => weighted(await source.iterator())};
}

/** Apply row weights as {@link weightedBatches} does, for one pass. */
export function weighted(iterator: BatchIterator): BatchIterator {
  let last: WeightedBatch | null = null;
  return {
    next: async () => {
      last?.checkUse();
      const {done, value} = await iterator.next();
      if (done === true) return {done, value};
      if (value.weights === undefined) return {done: false, value};
      last = new WeightedBatch(value.xs, value.ys, await plain(value.weights), value.groups);
      return {done: false, value: last};
    },
  };
}

async function plain(weights: Float32Array | tf.Tensor): Promise<Float32Array> {
  if (!(weights instanceof tf.Tensor)) return weights;
  const values = (await weights.data()) as Float32Array;
  weights.dispose();
  return values;
}

/**
 * A batch whose weights reach the training step of tfjs.
 *
 * The step takes a list of inputs, then targets, then weights by which it multiplies the loss of each row. `fitDataset`
 * makes that list by `xs.concat(ys).concat(classWeights)`, and knows class weights only. Here `xs` is a list whose
 * `concat` adds those of the rows.
 */
class WeightedBatch implements Batch {
  readonly xs: tf.Tensor[];
  private joined = false;
  private weighed = false;

  constructor(
    xs: tf.Tensor | tf.Tensor[],
    readonly ys: tf.Tensor,
    readonly weights: Float32Array,
    readonly groups: ArrayLike<number> | undefined,
  ) {
    // A batch of a stream may have rows of weight 0 only, which teach nothing.
    checkBatchWeights('weightedBatches', weights, ys.shape[0]);
    const inputs = [xs].flat();
    this.xs = withConcat(inputs, targets => {
      this.joined = true;
      return withConcat([...inputs, ...targets], classWeights => {
        this.weighed = true;
        return [...inputs, ...targets, ...targets.map((_, i) => this.rowWeights(classWeights[i]))];
      });
    });
  }

  /** Check that the batch was not joined for a computation that left its weights out. */
  checkUse(): void {
    if (!this.joined || this.weighed) return;
    throw new AutofisError(
      'evaluateDataset: these rows have weights, which TensorFlow.js ignores when it evaluates (also as ' +
        '`validationData`). ' +
        'Use EpochMetrics or evaluateMetrics.',
    );
  }

  /** Weights of mean 1, times those of the classes. */
  private rowWeights(classWeights: tf.Tensor | undefined): tf.Tensor {
    const scaled = ofMeanOne(this.weights);
    noteRowWeights(this.ys, scaled);
    return tf.tidy(() => {
      const rowWeights = tf.tensor1d(scaled);
      if (classWeights === undefined) return rowWeights;
      const product = tf.mul(rowWeights, classWeights);
      // It is in no list that fitDataset disposes.
      classWeights.dispose();
      return product;
    });
  }
}

function withConcat(list: tf.Tensor[], concat: (more: tf.Tensor[]) => tf.Tensor[]): tf.Tensor[] {
  return Object.defineProperty([...list], 'concat', {value: concat});
}
