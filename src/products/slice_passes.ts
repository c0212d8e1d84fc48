import * as tf from '@tensorflow/tfjs-core';
import {HeldPasses} from './held_passes';
import type {Slice} from './plan';

/** The passes by tensor ops that every backend has, from T, [B, a * b], which is kept between them. */
export class SlicePasses extends HeldPasses {
  protected override readonly multiplicity: number;

  constructor(private readonly slice: Slice) {
    super(slice.count, slice.start);
    // Pairs have two places, which mirror each other.
    this.multiplicity = slice.middle === null ? 2 : 1;
  }

  override operands(embeddings: tf.Tensor): tf.Tensor[] {
    return sliceRows(embeddings as tf.Tensor3D, this.slice);
  }

  override spread<T extends tf.Tensor1D | tf.Tensor2D>(values: T): T {
    const zeros = tf.zeros([...values.shape.slice(0, -1), 1]);
    return tf.gather(tf.concat([values, zeros], -1), tf.tensor1d(this.slice.products), values.rank - 1) as T;
  }

  override collect<T extends tf.Tensor1D | tf.Tensor2D>(values: T): T {
    return tf.gather(values as tf.Tensor, tf.tensor1d(this.slice.flat), values.rank - 1) as T;
  }

  protected override products(operands: tf.Tensor[]): tf.Tensor2D {
    return products(operands as SliceRows);
  }

  protected override differentiate(operands: tf.Tensor[], dT: tf.Tensor2D): tf.Tensor[] {
    return pullBack(operands as SliceRows, dT);
  }

  list(operands: tf.Tensor[]): tf.Tensor2D {
    return this.collect(products(operands as SliceRows));
  }

  pullBackList(operands: tf.Tensor[], dx: tf.Tensor2D): tf.Tensor[] {
    return pullBack(operands as SliceRows, this.spread(dx));
  }

  /**
   * With W the [a, b] matrix of w and H = W R:  y = sum_d s_d sum_a l_ad h_ad, half of it for pairs, whose W has every
   * weight twice.
   */
  override folded(operands: tf.Tensor[], w: tf.Tensor1D): {value: tf.Tensor2D; saved: tf.Tensor[]} {
    const [left, middle, right = left] = operands as SliceRows;
    const matrix = tf.reshape(this.spread(w), [1, left.shape[1], right.shape[1]]) as tf.Tensor3D;
    const h = tf.matMul(matrix, right) as tf.Tensor3D;
    const product = middle === undefined ? tf.mul(left, h) : tf.mul(tf.mul(left, h), middle);
    const value = tf.reshape(tf.div(tf.sum(product, [1, 2]), this.multiplicity), [-1, 1]) as tf.Tensor2D;
    return {value, saved: [h, matrix, ...operands]};
  }

  /** dl_a = dy s o h_a,  ds = dy sum_a l_a o h_a,  dR = dy W^T (s o L); only dw needs T. */
  override foldedGradients(dy: tf.Tensor2D, [h, matrix, ...operands]: tf.Tensor[], ofWeights: boolean): tf.Tensor[] {
    const [left, middle] = operands as SliceRows;
    const g = tf.reshape(dy, [-1, 1, 1]);
    const gradients: tf.Tensor[] = [];
    if (middle === undefined) {
      gradients.push(tf.mul(h, g));
    } else {
      const scaled = tf.mul(middle, g);
      gradients.push(
        tf.mul(h, scaled),
        tf.mul(tf.sum(tf.mul(left, h), 1, true), g),
        tf.matMul(matrix, tf.mul(left, scaled), true, false),
      );
    }
    if (ofWeights) gradients.push(this.collect(this.correlate(this.hold(operands), dy)));
    return gradients;
  }
}

/** The rows that a slice multiplies: for pairs L alone, for triples L [B, a, d], s [B, 1, d] and R [B, b, d]. */
type SliceRows = [tf.Tensor3D] | [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D];

/** Take a slice's rows out of E [B, m, d]; differentiable. */
function sliceRows(embeddings: tf.Tensor3D, {left, middle, right}: Slice): SliceRows {
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
function products([left, middle, right = left]: SliceRows): tf.Tensor2D {
  const scaled = middle === undefined ? left : tf.mul(left, middle);
  return tf.reshape(tf.matMul(scaled, right, false, true), [left.shape[0], left.shape[1] * right.shape[1]]);
}

/**
 * Pull a gradient D of T, [B, a * b], back to the rows. For pairs D is symmetric, both mirror places standing for the
 * one product: dL = D L. For triples, with A = D R:  dL = s o A,  ds = sum_a l_a o A_a,  dR = D^T (s o L).
 */
function pullBack([left, middle, right = left]: SliceRows, gradient: tf.Tensor2D): tf.Tensor[] {
  const d = tf.reshape(gradient, [left.shape[0], left.shape[1], right.shape[1]]);
  const a = tf.matMul(d, right) as tf.Tensor3D;
  if (middle === undefined) return [a];
  return [tf.mul(a, middle), tf.sum(tf.mul(a, left), 1, true), tf.matMul(d, tf.mul(left, middle), true, false)];
}
