import * as tf from '@tensorflow/tfjs-core';
import {Passes, Statistics} from './passes';

/**
 * Passes over products T, [B, places], that are computed once and kept: B values a place, where gathered operands would
 * be 2 B d. T is x unless a class says where it comes from, and where its gradient goes.
 */
export abstract class HeldPasses extends Passes {
  /** The number of places of each product. */
  protected readonly multiplicity: number = 1;

  /** T of the operands. */
  protected products(operands: tf.Tensor[]): tf.Tensor2D {
    return this.list(operands);
  }

  /** The operands' gradients for dT [B, places]. */
  protected differentiate(operands: tf.Tensor[], dT: tf.Tensor2D): tf.Tensor[] {
    return this.pullBackList(operands, dT);
  }

  override hold(operands: tf.Tensor[]): tf.Tensor[] {
    return [this.products(operands), ...operands];
  }

  moments([t]: tf.Tensor[]): Statistics {
    const mean = tf.mean(t, 0) as tf.Tensor1D;
    return {mean, variance: tf.mean(tf.squaredDifference(t, mean), 0)};
  }

  weightedSum([t]: tf.Tensor[], w: tf.Tensor1D): tf.Tensor2D {
    const sum = tf.matMul(t as tf.Tensor2D, tf.reshape(w, [-1, 1]) as tf.Tensor2D) as tf.Tensor2D;
    return this.multiplicity === 1 ? sum : tf.div(sum, this.multiplicity);
  }

  correlate([t]: tf.Tensor[], g: tf.Tensor2D): tf.Tensor1D {
    return tf.reshape(tf.matMul(g, t as tf.Tensor2D, true, false), [-1]);
  }

  pullBack([t, ...operands]: tf.Tensor[], w: tf.Tensor1D, u: tf.Tensor2D, q: tf.Tensor1D, r: tf.Tensor1D): tf.Tensor[] {
    // u w^T + 1 r^T is one matmul; only the term in T itself needs an elementwise pass over [B, places].
    const outer = tf.matMul(tf.concat([u, tf.onesLike(u)], 1) as tf.Tensor2D, tf.stack([w, r]) as tf.Tensor2D);
    return this.differentiate(operands, tf.sub(outer, tf.mul(t, q)));
  }

  override folded(operands: tf.Tensor[], w: tf.Tensor1D): {value: tf.Tensor2D; saved: tf.Tensor[]} {
    const held = this.hold(operands);
    return {value: this.weightedSum(held, this.spread(w)), saved: [w, ...held]};
  }

  override foldedGradients(dy: tf.Tensor2D, [w, ...held]: tf.Tensor[], ofWeights: boolean): tf.Tensor[] {
    // Not as a matmul: the wasm backend packs its right side once for each memory, and weightedSum's has another shape.
    const outer = tf.mul(dy, this.spread(w as tf.Tensor1D)) as tf.Tensor2D;
    const gradients = this.differentiate(held.slice(1), outer);
    return ofWeights ? [...gradients, this.collect(this.correlate(held, dy))] : gradients;
  }
}
