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

/** Gathers of every kind: what from, the ids, the axis and the batch dimensions. */
export const gatherCases: Array<[string, () => tf.Tensor, () => tf.Tensor, number, number]> = [
  [
    'rows by a matrix of ids',
    () => tf.reshape(tf.range(0, 12), [6, 2]),
    () =>
      tf.tensor2d(
        [
          [5, 0],
          [3, 3],
        ],
        [2, 2],
        'int32',
      ),
    0,
    0,
  ],
  ['rows of a vector', () => tf.tensor1d([0.5, NaN, -0, Infinity]), () => tf.tensor1d([3, 0, 1, 2], 'int32'), 0, 0],
  ['rows of a cube', () => tf.reshape(tf.range(0, 24), [4, 3, 2]), () => tf.tensor1d([3, 0], 'int32'), 0, 0],
  ['int32 data', () => tf.range(0, 6, 1, 'int32'), () => tf.tensor1d([5, 0], 'int32'), 0, 0],
  ['columns', () => tf.reshape(tf.range(0, 12), [3, 4]), () => tf.tensor1d([3, 1, 1], 'int32'), 1, 0],
  [
    'fields by a matrix of ids',
    () => tf.reshape(tf.range(0, 24), [2, 3, 4]),
    () =>
      tf.tensor2d(
        [
          [2, 0, 1],
          [1, 1, 2],
        ],
        [2, 3],
        'int32',
      ),
    1,
    0,
  ],
  [
    'booleans, by the stock kernel',
    () => tf.tensor1d([true, false, true], 'bool'),
    () => tf.tensor1d([2, 1], 'int32'),
    0,
    0,
  ],
  [
    'batch dimensions, by the stock kernel',
    () => tf.reshape(tf.range(0, 12), [2, 6]),
    () =>
      tf.tensor2d(
        [
          [5, 0],
          [1, 1],
        ],
        [2, 2],
        'int32',
      ),
    1,
    1,
  ],
];
