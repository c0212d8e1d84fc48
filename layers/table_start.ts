import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {nativeBackend} from '../src/tfjs_internals';
import {NativeOps} from '../src/native/ops';

export type Initializer = ReturnType<typeof tfl.initializers.zeros>;

/** Most rows of a table that starts as the initializer has it. */
const ROWS = 1e6;

/**
 * The start [V, d] of a table. tfjs makes it in JavaScript, value by value, in an array that the garbage collector may
 * leave in memory for the whole training: nothing for a small weight, 640 MB for 10 M x 16. On tfjs-node TensorFlow
 * itself therefore draws the uniform start of a table of more than a million rows: with other numbers, but the same
 * ones for the same seed. It also fills one that starts at a constant.
 */
export function tableStart(initializer: Initializer, shape: [number, number]): tf.Tensor2D {
  const native = nativeBackend();
  const {seed, minval, maxval, value} = initializer.getConfig() as Record<string, number | undefined>;
  if (native === null || shape[0] <= ROWS) return initializer.apply(shape) as tf.Tensor2D;
  const kind = initializer.getClassName();
  if (kind === 'Zeros' || kind === 'Constant') return tf.fill(shape, value ?? 0);
  if (kind !== 'RandomUniform') return initializer.apply(shape) as tf.Tensor2D;
  return tf.tidy(() => {
    // Not in parts: memory that is given back serves the next tensor only if that is no larger.
    const unit = new NativeOps(native).uniform(shape, [seed ?? Math.floor(Math.random() * 2 ** 31), 0]);
    const scaled = tf.mul(unit, maxval! - minval!);
    unit.dispose();
    return tf.add(scaled, minval!);
  });
}
