import * as tf from '@tensorflow/tfjs-core';
import type {Slice} from './plan';

/** The rows that a slice multiplies: E' [B, n, d] and, for triples, the scaling row [B, 1, d]. */
export interface SliceRows {
  readonly rows: tf.Tensor3D;
  readonly scale: tf.Tensor3D | null;
}

/** Takes a slice's rows out of E [B, m, d]; differentiable, and free when the slice spans all fields. */
export function takeRows(embeddings: tf.Tensor3D, slice: Slice): SliceRows {
  return {
    rows: takeFields(embeddings, slice.fields),
    scale: slice.scale === null ? null : takeFields(embeddings, [slice.scale]),
  };
}

function takeFields(embeddings: tf.Tensor3D, fields: readonly number[]): tf.Tensor3D {
  const [batch, m, d] = embeddings.shape;
  const n = fields.length, first = fields[0];
  if (n === m) return embeddings;
  if (fields[n - 1] - first === n - 1) return tf.slice(embeddings, [0, first, 0], [-1, n, -1]);
  // tf.gather's own gradient along axis 1 transposes twice and sums by segment; an inverse gather does the same work once.
  const inverse = new Int32Array(m).fill(n);
  fields.forEach((field, i) => { inverse[field] = i; });
  return tf.customGrad(e => ({
    value: tf.gather(e as tf.Tensor, tf.tensor1d(fields as number[], 'int32'), 1),
    gradFunc: (dy: tf.Tensor) => tf.gather(
        tf.concat([dy as tf.Tensor3D, tf.zeros([batch, 1, d]) as tf.Tensor3D], 1), tf.tensor1d(inverse), 1),
  }))(embeddings) as tf.Tensor3D;
}

/** T = E' diag(s) E'^T, flattened: [B, n * n]. */
export function products({rows, scale}: SliceRows): tf.Tensor2D {
  const [batch, n] = rows.shape;
  const left = scale === null ? rows : tf.mul(rows, scale);
  return tf.reshape(tf.matMul(left, rows, false, true), [batch, n * n]);
}

/**
 * Pulls a gradient of T back to the rows. With D the symmetric [B, n, n] gradient (both of T[j, k] and T[k, j]
 * stand for the one product) and R = D E':  dE' = s o R  and  ds = 1/2 sum_j e_j o R_j.
 */
export function pullBack({rows, scale}: SliceRows, gradient: tf.Tensor2D): tf.Tensor[] {
  const [batch, n] = rows.shape;
  const r = tf.matMul(tf.reshape(gradient, [batch, n, n]), rows) as tf.Tensor3D;
  if (scale === null) return [r];
  return [tf.mul(r, scale), tf.mul(0.5, tf.sum(tf.mul(rows, r), 1, true))];
}

/** Spreads one value per interaction of the slice over both mirror places of T: [count] -> [n * n], zero elsewhere. */
export function spread(values: tf.Tensor1D, slice: Slice): tf.Tensor1D {
  return tf.gather(tf.concat([values, tf.zeros([1]) as tf.Tensor1D]), tf.tensor1d(slice.symmetric));
}

/** The inverse of `spread`: one value per interaction out of [n * n] values of T. */
export function collect(values: tf.Tensor1D, slice: Slice): tf.Tensor1D {
  return tf.gather(values, tf.tensor1d(slice.flat));
}

/** [B, n * n] products to [B, count], one column per interaction. */
export function collectColumns(values: tf.Tensor2D, slice: Slice): tf.Tensor2D {
  return tf.gather(values, tf.tensor1d(slice.flat), 1);
}

/** [B, count] to [B, n * n], both mirror places, zero elsewhere. */
export function spreadColumns(values: tf.Tensor2D, slice: Slice): tf.Tensor2D {
  const zero = tf.zeros([values.shape[0], 1]) as tf.Tensor2D;
  return tf.gather(tf.concat([values, zero], 1), tf.tensor1d(slice.symmetric), 1);
}
