import * as tf from '@tensorflow/tfjs-core';
import type {Passes} from './passes';

/**
 * `Passes.foldedGradients` of passes that keep their operands and compute the products again: that of dx_bp = w_p dy_b.
 */
export function foldedGradients(
  passes: Passes,
  dy: tf.Tensor2D,
  operands: tf.Tensor[],
  w: tf.Tensor1D,
  ofWeights: boolean,
): tf.Tensor[] {
  const zeros = tf.zerosLike(w);
  const gradients = passes.pullBack(operands, w, dy, zeros, zeros);
  return ofWeights ? [...gradients, passes.correlate(operands, dy)] : gradients;
}
