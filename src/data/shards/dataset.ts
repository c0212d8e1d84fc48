import * as tf from '@tensorflow/tfjs-core';
import {weighted} from '../../training/weighted_batches';
import type {ShardBatch} from './prefetch';

/** A batch as `fitDataset` takes it. */
export interface DatasetBatch {
  /**
   * Ids [B, W], int32; where rows have weights, a list of that tensor, which brings them into `fitDataset`
   * (`weightedBatches`).
   */
  xs: tf.Tensor2D;
  /** Labels [B, 1]. */
  ys: tf.Tensor2D;
  /** Weights [B], where the shards have them. */
  weights?: Float32Array;
  /** Groups [B], where rows were split by them. */
  groups?: Int32Array;
}

type Result = {done: false; value: DatasetBatch} | {done: true; value: null};

/**
 * The batches of shards as the object that `fitDataset`, `evaluateDataset` and `validationData` read: what they need of
 * a tf.data.Dataset, without that package. Each iterator that is read is the next epoch, and ends the one before it: a
 * second reader at the same time needs a dataset of its own.
 */
export class ShardDataset {
  private epoch: number;
  private skip: number;
  /** The epoch that was last started. */
  private reading: AsyncGenerator<ShardBatch, void, void> | null = null;

  /**
   * @param size Batches per epoch.
   * @param fromStep The step to start at, over all epochs.
   * @param batches The batches of one epoch from a step on, counted over all epochs.
   * @internal
   */
  constructor(
    readonly size: number,
    fromStep: number,
    private readonly batches: (epoch: number, fromStep: number) => AsyncGenerator<ShardBatch, void, void>,
  ) {
    this.epoch = Math.floor(fromStep / size);
    this.skip = fromStep % size;
  }

  /**
   * The batches of the next epoch. An epoch counts once its first batch is asked for: fitDataset asks for iterators
   * that it does not read.
   */
  async iterator(): Promise<{next: () => Promise<Result>}> {
    let stream: AsyncGenerator<ShardBatch, void, void> | null = null;
    return weighted({
      next: async () => {
        if (stream === null) {
          // A training that stopped in the middle of an epoch did not say so.
          await this.reading?.return();
          this.reading = stream = this.batches(this.epoch, this.epoch * this.size + this.skip);
          this.epoch++;
          this.skip = 0;
        }
        const {done, value} = await stream.next();
        return done ? {done: true, value: null} : {done: false, value: tensors(value)};
      },
    }) as {next: () => Promise<Result>};
  }
}

function tensors({rows, ids, labels, ...more}: ShardBatch): DatasetBatch {
  const xs = tf.tensor2d(ids, [rows, ids.length / rows], 'int32');
  return {xs, ys: tf.tensor2d(labels, [rows, 1]), ...more};
}
