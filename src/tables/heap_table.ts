import * as tf from '@tensorflow/tfjs-core';
import {filledTensor, valuesOf} from '../wasm/heap';
import type {BlockShape} from './blocks';
import type {AdamStep} from '../native/ops';
import type {RowStore} from './row_store';

/**
 * A weight as a typed array of its own, outside of every tensor: for wasm and cpu, whose kernels only make new tensors.
 * It also takes the rows out of wasm's memory, which ends at 4 GB.
 */
export class HeapRows implements RowStore {
  private values = new Float32Array(0);
  private readonly width: number;
  /** For each row 1 + its place among the rows of the step that is being taken; 0 between steps. */
  private slots: Int32Array | null = null;
  /** Buffers of the current step: its different rows, and the sum of each row's gradients. Steps reuse them. */
  private touched = new Int32Array(0);
  private sums = new Float32Array(0);

  constructor(private readonly shape: number[]) {
    this.width = tf.util.sizeFromShape(shape.slice(1));
  }

  write(value: tf.Tensor): void {
    // A copy: the cpu backend hands out the array that the tensor itself uses.
    this.values = new Float32Array(value.dataSync());
  }

  read(): tf.Tensor {
    return tf.tensor(this.values.slice(), this.shape, 'float32');
  }

  gather(rows: tf.Tensor, blocks?: BlockShape): tf.Tensor {
    const {values, width} = this;
    if (blocks !== undefined) return this.gatherBlocks(rows, blocks);
    return filledTensor([...rows.shape, ...this.shape.slice(1)], [rows], (result, at) => {
      for (let i = 0, to = 0; i < at.length; i++) {
        for (let from = at[i] * width, end = from + width; from < end; from++) result[to++] = values[from];
      }
    });
  }

  private gatherBlocks(starts: tf.Tensor, {lengths, positions, count}: BlockShape): tf.Tensor {
    const {values, width} = this;
    const columns = lengths.length;
    return filledTensor([starts.shape[0], count, ...this.shape.slice(1)], [starts], (result, at) => {
      for (let i = 0, base = 0; i < at.length; base += count) {
        for (let c = 0, k = 0; c < columns; c++, i++) {
          for (let from = at[i] * width, end = k + lengths[c]; k < end; k++) {
            for (let to = (base + positions[k]) * width, last = to + width; to < last; to++)
              result[to] = values[from++];
          }
        }
      }
    });
  }

  adamRows(m: HeapRows, v: HeapRows, rows: tf.Tensor, gradient: tf.Tensor, step: AdamStep, blocks?: BlockShape): void {
    const [at, from] = valuesOf(rows, gradient);
    const touched = blocks === undefined ? this.sumByRow(at, from) : this.sumByBlock(at, from, blocks);
    adamRowsInto(this.values, m.values, v.values, touched, this.sums, this.width, step);
  }

  /** Add up the gradients of each block: give the rows of the different blocks, and their sums in `sums`. */
  private sumByBlock(
    at: ArrayLike<number>,
    gradient: ArrayLike<number>,
    {lengths, positions, count}: BlockShape,
  ): Int32Array {
    const {width} = this;
    const columns = lengths.length;
    const ofRow = (this.slots ??= new Int32Array(this.shape[0]));
    this.reserve((at.length / columns) * count);
    const {touched, sums} = this;
    let rows = 0;
    for (let i = 0, base = 0; i < at.length; base += count) {
      for (let c = 0, k = 0; c < columns; c++, i++) {
        const length = lengths[c];
        const start = at[i];
        const known = ofRow[start] > 0;
        if (!known) {
          ofRow[start] = rows + 1;
          for (let row = start; row < start + length; row++) touched[rows++] = row;
          sums.fill(0, (rows - length) * width, rows * width);
        }
        for (let to = (ofRow[start] - 1) * width, end = k + length; k < end; k++) {
          for (let from = (base + positions[k]) * width, last = from + width; from < last; from++)
            sums[to++] += gradient[from];
        }
      }
    }
    for (let u = 0; u < rows; u++) ofRow[touched[u]] = 0;
    return touched.subarray(0, rows);
  }

  private reserve(rows: number): void {
    if (this.touched.length >= rows) return;
    this.touched = new Int32Array(rows);
    this.sums = new Float32Array(rows * this.width);
  }

  /**
   * Add up the gradients of each row: gives its different rows [U] in order of appearance, and their sums in `sums`.
   */
  private sumByRow(at: ArrayLike<number>, gradient: ArrayLike<number>): Int32Array {
    const {width} = this;
    const slots = (this.slots ??= new Int32Array(this.shape[0]));
    this.reserve(at.length);
    const {touched, sums} = this;
    let count = 0;
    for (let i = 0, from = 0; i < at.length; i++) {
      const slot = slots[at[i]];
      if (slot === 0) {
        for (let j = 0, to = count * width; j < width; j++) sums[to++] = gradient[from++];
        touched[count] = at[i];
        slots[at[i]] = ++count;
      } else {
        for (let j = 0, to = (slot - 1) * width; j < width; j++) sums[to++] += gradient[from++];
      }
    }
    for (let i = 0; i < count; i++) slots[touched[i]] = 0;
    return touched.subarray(0, count);
  }

  dispose(): void {
    this.values = this.sums = new Float32Array(0);
    this.touched = new Int32Array(0);
    this.slots = null;
  }
}

/**
 * The rule on plain arrays, in place: m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2,
 * w -= rate m / (sqrt(v) + epsilon), for the rows `touched`; g [U * width] has one row for each of them.
 */
export function adamRowsInto(
  w: Float32Array,
  m: Float32Array,
  v: Float32Array,
  touched: ArrayLike<number>,
  g: ArrayLike<number>,
  width: number,
  {beta1, beta2, rate, epsilon}: AdamStep,
): void {
  for (let u = 0, from = 0; u < touched.length; u++) {
    const end = (touched[u] + 1) * width;
    for (let i = end - width; i < end; i++, from++) {
      m[i] = beta1 * m[i] + (1 - beta1) * g[from];
      v[i] = beta2 * v[i] + (1 - beta2) * g[from] * g[from];
      w[i] -= (rate * m[i]) / (Math.sqrt(v[i]) + epsilon);
    }
  }
}
