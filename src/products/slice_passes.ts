import * as tf from '@tensorflow/tfjs-core';
import {HeldPasses} from './held_passes';
import type {Slice} from './plan';
import {
  collect,
  collectColumns,
  multiplicity,
  products,
  pullBack,
  SliceRows,
  spread,
  spreadColumns,
  sliceRows,
} from './slice';

/** The passes by tensor ops that every backend has, from T, [B, a * b], which is kept between them. */
export class SlicePasses extends HeldPasses {
  readonly start: number;
  readonly count: number;
  protected override readonly multiplicity: number;

  constructor(private readonly slice: Slice) {
    super();
    this.start = slice.start;
    this.count = slice.count;
    this.multiplicity = multiplicity(slice);
  }

  operands(embeddings: tf.Tensor): tf.Tensor[] {
    return sliceRows(embeddings as tf.Tensor3D, this.slice);
  }

  override spread(values: tf.Tensor1D): tf.Tensor1D {
    return spread(values, this.slice);
  }

  override collect(values: tf.Tensor1D): tf.Tensor1D {
    return collect(values, this.slice);
  }

  protected products(operands: tf.Tensor[]): tf.Tensor2D {
    return products(operands as SliceRows);
  }

  protected differentiate(operands: tf.Tensor[], dT: tf.Tensor2D): tf.Tensor[] {
    return pullBack(operands as SliceRows, dT);
  }

  list(operands: tf.Tensor[]): tf.Tensor2D {
    return collectColumns(products(operands as SliceRows), this.slice);
  }

  pullBackList(operands: tf.Tensor[], dx: tf.Tensor2D): tf.Tensor[] {
    return pullBack(operands as SliceRows, spreadColumns(dx, this.slice));
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
