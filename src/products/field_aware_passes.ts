import * as tf from '@tensorflow/tfjs-core';
import {HeldPasses} from './held_passes';

/**
 * The passes over field-aware products, x_bp = <E_bp0, E_bp1> of E [B, P, 2, d], by tensor ops that every backend has.
 */
export class FieldAwarePasses extends HeldPasses {
  list([e]: tf.Tensor[]): tf.Tensor2D {
    const side = (which: number) => tf.slice(e, [0, 0, which, 0], [-1, -1, 1, -1]);
    return tf.reshape(tf.sum(tf.mul(side(0), side(1)), 3), [e.shape[0], this.count]);
  }

  /** dE_bps = dx_bp E_bp(1-s). */
  pullBackList([e]: tf.Tensor[], dx: tf.Tensor2D): tf.Tensor[] {
    return [tf.mul(tf.reverse(e, 2), tf.reshape(dx, [e.shape[0], this.count, 1, 1]))];
  }
}
