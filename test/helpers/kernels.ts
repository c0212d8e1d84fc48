import * as tf from '@tensorflow/tfjs-core';
import {loadNative} from '../../src/runtime/native_backend';

/** tfjs-node's own kernel, also where it has been wrapped; undefined without the native addon. */
export async function stockNativeKernel(name: string): Promise<tf.KernelConfig | undefined> {
  try {
    await loadNative('@tensorflow/tfjs-node');
  } catch {
    return undefined;
  }
  const kernel = tf.getKernel(name, 'tensorflow');
  const wrapped = kernel.kernelFunc as unknown as Record<symbol, tf.KernelConfig | undefined>;
  return wrapped[Symbol.for('tfjs-autofis.wrapped-kernel')] ?? kernel;
}
