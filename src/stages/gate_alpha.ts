import * as tf from '@tensorflow/tfjs-core';
import type {Gate} from './gates';

/** A gate's alpha [P], 0 where it is closed for good, where the backend computes. */
export function alphaTensor({layer}: Gate): tf.Tensor1D {
  return tf.mul(layer.alpha!.read(), layer.open!.read());
}

/** The values of {@link alphaTensor}. */
export function alphaOf(gate: Gate): Float32Array {
  const alpha = alphaTensor(gate);
  const values = alpha.dataSync() as Float32Array;
  alpha.dispose();
  return values;
}

/** The number of gates that are open. */
export function openCount(gates: readonly Gate[]): number {
  return gates.reduce((sum, gate) => sum + alphaOf(gate).filter(a => a !== 0).length, 0);
}
