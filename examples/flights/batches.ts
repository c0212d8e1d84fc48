import * as tf from '@tensorflow/tfjs-core';
import type {Table} from './data';

/** A generator of uniform numbers in [0, 1) (mulberry32): the same numbers for the same seed everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6D2B79F5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Batches of a table in a new seeded order each epoch, in the form that `model.fitDataset` reads.
 * (`model.fit` shuffles by Math.random, so its runs cannot be repeated.)
 */
export class ShuffledBatches {
  /** Batches an epoch. */
  readonly size: number;
  private readonly order: Uint32Array;
  private readonly random: () => number;

  constructor(private readonly table: Table, private readonly batchSize: number, seed: number) {
    this.size = Math.ceil(table.rows / batchSize);
    this.order = new Uint32Array(table.rows).map((_, i) => i);
    this.random = seededRandom(seed);
  }

  async iterator() {
    const {order, random} = this;
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    let next = 0;
    return {next: async () => {
      if (next === this.size) return {done: true as const, value: null};
      return {done: false as const, value: this.batch(next++)};
    }};
  }

  private batch(index: number): {xs: tf.Tensor2D, ys: tf.Tensor2D} {
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
