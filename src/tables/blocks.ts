import * as tf from '@tensorflow/tfjs-core';

/**
 * Lengths of the blocks that a batch row looks up in a table, and the positions of their rows.
 *
 * Column c of `starts` [B, C] holds the first of lengths[c] consecutive rows. All blocks of a batch row have S rows
 * together; the k-th of them goes to position places[k]. Equal starts mean equal blocks.
 */
export class BlockShape {
  /** S, the number of rows that one row of the batch looks up. */
  readonly count: number;
  /** For each place its column, and which row of that column's block it holds. */
  private readonly columns: Int32Array;
  private readonly offsets: Int32Array;

  constructor(
    readonly lengths: Int32Array,
    readonly positions: Int32Array,
  ) {
    this.count = positions.length;
    this.columns = new Int32Array(this.count);
    this.offsets = new Int32Array(this.count);
    let k = 0;
    lengths.forEach((length, c) => {
      for (let offset = 0; offset < length; offset++, k++) {
        this.columns[positions[k]] = c;
        this.offsets[positions[k]] = offset;
      }
    });
  }

  /** The rows themselves: starts [B, C] -> [B, S]. */
  rowsOf(starts: tf.Tensor): tf.Tensor {
    return tf.tidy(() => tf.add(tf.gather(starts, tf.tensor1d(this.columns), 1), tf.tensor1d(this.offsets)));
  }
}
