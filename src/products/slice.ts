import * as tf from '@tensorflow/tfjs-core';
import type {Slice} from './plan';

/** The rows that a slice multiplies: for pairs L alone, for triples L [B, a, d], s [B, 1, d] and R [B, b, d]. */
export type SliceRows = [tf.Tensor3D] | [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];

/** Take a slice's rows out of E [B, m, d]; differentiable. */
export function sliceRows(embeddings: tf.Tensor3D, {left, middle, right}: Slice): SliceRows {
  if (middle === null) return [takeFields(embeddings, left)];
  const m = embeddings.shape[1];
  if (left.length === middle && right.length === m - 1 - middle) {
    // All fields: one split, whose gradient is one concatenation.
    return tf.split(embeddings, [left.length, 1, right.length], 1) as SliceRows;
  }
  return [takeFields(embeddings, left), takeFields(embeddings, [middle]), takeFields(embeddings, right)];
}

function takeFields(embeddings: tf.Tensor3D, fields: readonly number[]): tf.Tensor3D {
  const [batch, m, d] = embeddings.shape;
  const n = fields.length;
  const first = fields[0];
  if (n === m) return embeddings;
  if (fields[n - 1] - first === n - 1) return tf.slice(embeddings, [0, first, 0], [-1, n, -1]);
  // tf.gather's own gradient along axis 1 transposes twice and sums by segment; an inverse gather does the same work
  // once.
  const inverse = new Int32Array(m).fill(n);
  fields.forEach((field, i) => {
    inverse[field] = i;
  });
  return tf.customGrad(e => ({
    value: tf.gather(e as tf.Tensor, tf.tensor1d(fields as number[], 'int32'), 1),
    gradFunc: (dy: tf.Tensor) =>
      tf.gather(tf.concat([dy as tf.Tensor3D, tf.zeros([batch, 1, d]) as tf.Tensor3D], 1), tf.tensor1d(inverse), 1),
  }))(embeddings) as tf.Tensor3D;
}

/** T = L diag(s) R^T, flattened: [B, a * b]. */
export function products([left, middle, right = left]: SliceRows): tf.Tensor2D {
  const scaled = middle === undefined ? left : tf.mul(left, middle);
  return tf.reshape(tf.matMul(scaled, right, false, true), [left.shape[0], left.shape[1] * right.shape[1]]);
}

/**
 * Pull a gradient D of T, [B, a * b], back to the rows. For pairs D is symmetric, both mirror places standing for the
 * one product: dL = D L. For triples, with A = D R:  dL = s o A,  ds = sum_a l_a o A_a,  dR = D^T (s o L).
 */
export function pullBack([left, middle, right = left]: SliceRows, gradient: tf.Tensor2D): tf.Tensor[] {
  const d = tf.reshape(gradient, [left.shape[0], left.shape[1], right.shape[1]]);
  const a = tf.matMul(d, right) as tf.Tensor3D;
  if (middle === undefined) return [a];
  return [tf.mul(a, middle), tf.sum(tf.mul(a, left), 1, true), tf.matMul(d, tf.mul(left, middle), true, false)];
}

/** Return the number of places in T with the same product: two mirror images for pairs, one for triples. */
export function multiplicity({middle}: Slice): 1 | 2 {
  return middle === null ? 2 : 1;
}

/** Put one value per interaction into each of its places in T: [count] -> [a * b], zero elsewhere. */
export function spread(values: tf.Tensor1D, slice: Slice): tf.Tensor1D {
  return tf.gather(tf.concat([values, tf.zeros([1]) as tf.Tensor1D]), tf.tensor1d(slice.places));
}

/** The inverse of `spread`: one value per interaction out of [a * b] values of T. */
export function collect(values: tf.Tensor1D, slice: Slice): tf.Tensor1D {
  return tf.gather(values, tf.tensor1d(slice.flat));
}

/** [B, a * b] products to [B, count], one column per interaction. */
export function collectColumns(values: tf.Tensor2D, slice: Slice): tf.Tensor2D {
  return tf.gather(values, tf.tensor1d(slice.flat), 1);
}

/** [B, count] to [B, a * b], each place of an interaction, zero elsewhere. */
export function spreadColumns(values: tf.Tensor2D, slice: Slice): tf.Tensor2D {
  const zero = tf.zeros([values.shape[0], 1]) as tf.Tensor2D;
  return tf.gather(tf.concat([values, zero], 1), tf.tensor1d(slice.places), 1);
}
