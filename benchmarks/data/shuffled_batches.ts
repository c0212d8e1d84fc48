import * as tf from '@tensorflow/tfjs-core';
import {seededRandom, shuffle} from '../random';
import type {Table} from '../../examples/flights/data';

/**
 * Batches of a table in a new seeded order each epoch, in the form that `model.fitDataset` reads.
 * (`model.fit` shuffles by Math.random, so its runs cannot be repeated.)
 */
export class ShuffledBatches {
  /** Batches per epoch. */
  readonly size: number;
  private readonly order: Uint32Array;
  private readonly random: () => number;

  constructor(
    private readonly table: Table,
    private readonly batchSize: number,
    seed: number,
  ) {
    this.size = Math.ceil(table.rows / batchSize);
    this.order = new Uint32Array(table.rows).map((_, i) => i);
    this.random = seededRandom(seed);
  }

  async iterator() {
    const {order, random} = this;
    shuffle(order, random);
    let next = 0;
    return {
      next: async () => {
        if (next === this.size) return {done: true as const, value: null};
        return {done: false as const, value: this.batch(next++)};
      },
    };
  }

  private batch(index: number): {xs: tf.Tensor2D; ys: tf.Tensor2D} {
    const {ids, labels, rows} = this.table;
    const width = ids.length / rows;
    const chosen = this.order.subarray(index * this.batchSize, (index + 1) * this.batchSize);
    const xs = new Int32Array(chosen.length * width);
    const ys = new Float32Array(chosen.length);
    for (let i = 0; i < chosen.length; i++) {
      const row = chosen[i];
      for (let f = 0; f < width; f++) xs[i * width + f] = ids[row * width + f];
      ys[i] = labels[row];
    }
    return {xs: tf.tensor2d(xs, [chosen.length, width], 'int32'), ys: tf.tensor2d(ys, [chosen.length, 1])};
  }
}
