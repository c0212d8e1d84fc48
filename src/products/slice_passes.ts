import * as tf from '@tensorflow/tfjs-core';
import type {Passes, Statistics} from './passes';
import type {Slice} from './plan';
import {
  collect, collectColumns, multiplicity, products, pullBack, SliceRows, spread, spreadColumns, takeRows,
} from './slice';

/**
 * The passes by tensor ops that every backend has, from T, [B, a * b], which is kept between them: B values a product,
 * where gathered operands would be 2 B d.
 */
export class SlicePasses implements Passes {
  readonly start: number;
  readonly count: number;

  constructor(private readonly slice: Slice) {
    this.start = slice.start;
    this.count = slice.count;
  }

  operands(embeddings: tf.Tensor3D): tf.Tensor[] {
    return takeRows(embeddings, this.slice);
  }

  hold(operands: tf.Tensor[]): tf.Tensor[] {
    return [products(operands as SliceRows), ...operands];
  }

  spread(values: tf.Tensor1D): tf.Tensor1D {
    return spread(values, this.slice);
  }

  collect(values: tf.Tensor1D): tf.Tensor1D {
    return collect(values, this.slice);
  }

  moments([t]: tf.Tensor[]): Statistics {
    const mean = tf.mean(t, 0) as tf.Tensor1D;
    return {mean, variance: tf.mean(tf.squaredDifference(t, mean), 0)};
  }

  weightedSum([t]: tf.Tensor[], w: tf.Tensor1D): tf.Tensor2D {
    return tf.div(tf.matMul(t as tf.Tensor2D, tf.reshape(w, [-1, 1]) as tf.Tensor2D), multiplicity(this.slice));
  }

  correlate([t]: tf.Tensor[], g: tf.Tensor2D): tf.Tensor1D {
    return tf.reshape(tf.matMul(g, t as tf.Tensor2D, true, false), [-1]);
  }

  pullBack([t, ...rows]: tf.Tensor[], w: tf.Tensor1D, u: tf.Tensor2D, q: tf.Tensor1D, r: tf.Tensor1D): tf.Tensor[] {
    // u w^T + 1 r^T is one matmul; only the term in T itself needs an elementwise pass over [B, a * b].
    const outer = tf.matMul(tf.concat([u, tf.onesLike(u)], 1) as tf.Tensor2D, tf.stack([w, r]) as tf.Tensor2D);
    return pullBack(rows as SliceRows, tf.sub(outer, tf.mul(t, q)));
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
  folded(operands: tf.Tensor[], w: tf.Tensor1D): {value: tf.Tensor2D, saved: tf.Tensor[]} {
    const [left, middle, right = left] = operands as SliceRows;
    const matrix = tf.reshape(this.spread(w), [1, left.shape[1], right.shape[1]]) as tf.Tensor3D;
    const h = tf.matMul(matrix, right) as tf.Tensor3D;
    const product = middle === undefined ? tf.mul(left, h) : tf.mul(tf.mul(left, h), middle);
    const value = tf.reshape(tf.div(tf.sum(product, [1, 2]), multiplicity(this.slice)), [-1, 1]) as tf.Tensor2D;
    return {value, saved: [h, matrix, ...operands]};
  }

  /** dl_a = dy s o h_a,  ds = dy sum_a l_a o h_a,  dR = dy W^T (s o L); only dw needs T. */
  foldedGradients(dy: tf.Tensor2D, [h, matrix, ...operands]: tf.Tensor[], ofWeights: boolean): tf.Tensor[] {
    const [left, middle] = operands as SliceRows;
    const g = tf.reshape(dy, [-1, 1, 1]);
    const gradients: tf.Tensor[] = [];
    if (middle === undefined) {
      gradients.push(tf.mul(h, g));
    } else {
      const scaled = tf.mul(middle, g);
      gradients.push(tf.mul(h, scaled), tf.mul(tf.sum(tf.mul(left, h), 1, true), g),
          tf.matMul(matrix, tf.mul(left, scaled), true, false));
    }
    if (ofWeights) gradients.push(this.collect(this.correlate(this.hold(operands), dy)));
    return gradients;
  }
}
