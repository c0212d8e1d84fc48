import * as tf from '@tensorflow/tfjs-core';
import type {CallbackState} from '../metrics/callbacks';

/** Values of one tensor for some rows, row by row. */
export interface RowValues {
  values: tf.TypedArray;
  /** Values of a row. */
  width: number;
}

/** Rows of a training: one entry for each input and output of the model. */
export interface SampledRows {
  inputs: RowValues[];
  labels: RowValues[];
  /** Weight of each row. */
  weights: Float32Array;
}

/** Rows with the hash of each, of 32 bits. */
export interface HashedRows extends SampledRows {
  hashes: Int32Array;
}

/**
 * A sample of rows as batches bring them: all while they fit, then those with the smallest hashes. So it is the same
 * for every order of the rows.
 */
export class RowSample {
  private readonly chunks: HashedRows[] = [];
  private values = 0;
  /** Rows whose hash as a share of all is below it are in. */
  private below = 1;

  /** @param most Values of inputs and labels at most. */
  constructor(private readonly most: number) {}

  /** Add some of the rows of a batch. */
  add(batch: HashedRows, rows: readonly number[]): void {
    const chunk = hashedRows(
      batch,
      rows.filter(row => shareOf(batch.hashes[row]) < this.below),
    );
    this.values += sizeOf(chunk);
    this.chunks.push(chunk);
    while (this.values > this.most) this.thin();
  }

  /** All rows of the sample. */
  rows(): SampledRows {
    const {chunks} = this;
    const column = (part: 'inputs' | 'labels') => chunks[0][part].map((_, k) => joined(chunks.map(c => c[part][k])));
    const weights = joined(chunks.map(chunk => ({values: chunk.weights, width: 1}))).values as Float32Array;
    return {inputs: column('inputs'), labels: column('labels'), weights};
  }

  /** Return the state that `restore` continues from: tensors of the inputs, labels, weights and hashes. */
  state(): CallbackState {
    const {below, count} = this;
    if (count === 0) return {values: {below, inputs: 0, labels: 0}, tensors: []};
    const {inputs, labels, weights} = this.rows();
    const hashes = joined(this.chunks.map(chunk => ({values: chunk.hashes, width: 1})));
    const parts = [...inputs, ...labels, {values: weights, width: 1}, hashes];
    return {
      values: {below, inputs: inputs.length, labels: labels.length},
      tensors: parts.map(({values, width}) => tf.tensor(values, [count, width])),
    };
  }

  /** Continue from a state; disposes its tensors. */
  restore({values, tensors}: CallbackState): void {
    const {below, inputs, labels} = values as {below: number; inputs: number; labels: number};
    this.below = below;
    const parts = tensors.map(tensor => ({values: tensor.dataSync() as tf.TypedArray, width: tensor.shape[1]!}));
    tf.dispose(tensors);
    this.chunks.length = 0;
    if (parts.length > 0) {
      const [weights, hashes] = parts.slice(inputs + labels);
      this.chunks.push({
        inputs: parts.slice(0, inputs),
        labels: parts.slice(inputs, inputs + labels),
        weights: weights.values as Float32Array,
        hashes: hashes.values as Int32Array,
      });
    }
    this.values = this.chunks.reduce((sum, chunk) => sum + sizeOf(chunk), 0);
  }

  /** Number of rows. */
  get count(): number {
    return this.chunks.reduce((sum, {weights}) => sum + weights.length, 0);
  }

  private thin(): void {
    this.below /= 2;
    this.values = 0;
    this.chunks.forEach((chunk, i) => {
      const stay = [...chunk.hashes.keys()].filter(row => shareOf(chunk.hashes[row]) < this.below);
      this.chunks[i] = hashedRows(chunk, stay);
      this.values += sizeOf(this.chunks[i]);
    });
  }
}

/** Tables of one width below each other. */
function joined(parts: RowValues[]): RowValues {
  const total = parts.reduce((sum, {values}) => sum + values.length, 0);
  const all = parts[0].values instanceof Int32Array ? new Int32Array(total) : new Float32Array(total);
  let at = 0;
  for (const {values} of parts) {
    all.set(values, at);
    at += values.length;
  }
  return {values: all, width: parts[0].width};
}

function shareOf(hash: number): number {
  return (hash >>> 0) / 2 ** 32;
}

/** Some rows of a batch or sample. */
export function sampleRows({inputs, labels, weights}: SampledRows, rows: readonly number[]): SampledRows {
  const taken = ({values, width}: RowValues): RowValues => {
    const size = rows.length * width;
    const subset = values instanceof Int32Array ? new Int32Array(size) : new Float32Array(size);
    rows.forEach((row, i) => subset.set(values.subarray(row * width, (row + 1) * width), i * width));
    return {values: subset, width};
  };
  return {inputs: inputs.map(taken), labels: labels.map(taken), weights: Float32Array.from(rows, row => weights[row])};
}

function hashedRows(batch: HashedRows, rows: readonly number[]): HashedRows {
  return {...sampleRows(batch, rows), hashes: Int32Array.from(rows, row => batch.hashes[row])};
}

function sizeOf({inputs, labels}: HashedRows): number {
  return [...inputs, ...labels].reduce((sum, {values}) => sum + values.length, 0);
}

/** Return the values of a tensor of some rows. */
export function rowValues(tensor: tf.Tensor, rows: number): RowValues {
  return {values: tensor.dataSync() as tf.TypedArray, width: tensor.size / rows};
}
