import * as tf from '@tensorflow/tfjs-core';

/**
 * How rows of a table are looked up in blocks: column c of `starts` [B, C] names the first of lengths[c] consecutive
 * rows, and the k-th row of all of a batch row's blocks, S in all, goes to place places[k]. Equal starts are equal
 * blocks.
 */
export class BlockShape {
  /** S, the number of rows that one row of the batch looks up. */
  readonly count: number;
  /** For each place its column, and which row of that column's block it holds. */
  private readonly columns: Int32Array;
  private readonly offsets: Int32Array;

  constructor(
    readonly lengths: Int32Array,
    readonly places: Int32Array,
  ) {
    this.count = places.length;
    this.columns = new Int32Array(this.count);
    this.offsets = new Int32Array(this.count);
    let k = 0;
    lengths.forEach((length, c) => {
      for (let offset = 0; offset < length; offset++, k++) {
        this.columns[places[k]] = c;
        this.offsets[places[k]] = offset;
      }
    });
  }

  /** The rows themselves: starts [B, C] -> [B, S]. */
  rowsOf(starts: tf.Tensor): tf.Tensor {
    return tf.tidy(() => tf.add(tf.gather(starts, tf.tensor1d(this.columns), 1), tf.tensor1d(this.offsets)));
  }
}
