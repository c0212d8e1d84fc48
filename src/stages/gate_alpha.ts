import * as tf from '@tensorflow/tfjs-core';
import type {Gate} from './gates';

/** The values of a gate's alpha [P], 0 where it is closed for good. */
export function alphaOf({layer}: Gate): Float32Array {
  const alpha = tf.mul(layer.alpha!.read(), layer.open!.read());
  const values = alpha.dataSync() as Float32Array;
  alpha.dispose();
  return values;
}

/** The number of gates that are open. */
export function openCount(gates: readonly Gate[]): number {
  return gates.reduce((sum, gate) => sum + alphaOf(gate).filter(a => a !== 0).length, 0);
}
