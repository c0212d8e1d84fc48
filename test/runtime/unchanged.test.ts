import * as tf from '@tensorflow/tfjs-core';
import {useBackend} from '../../src/runtime/index';
import {nativeBackend} from '../../src/tfjs_internals';

/** Without the native addon there is nothing to look at. */
const withNative = (name: string, body: (ops: jest.SpyInstance) => void) =>
  it(name, async () => {
    await useBackend();
    const backend = nativeBackend();
    if (backend === null) return;
    const ops = jest.spyOn(backend, 'executeSingleOutput');
    try {
      body(ops);
    } finally {
      ops.mockRestore();
    }
  });

describe('Reshape and Cast on tfjs-node', () => {
  withNative('call TensorFlow only where the shape or the type changes', ops => {
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    const same = tf.reshape(tf.cast(x, 'float32'), [2, 3]);
    expect(ops).not.toHaveBeenCalled();
    const other = tf.reshape(x, [3, 2]);
    const implied = tf.reshape(x, [-1, 3]);
    expect(ops).toHaveBeenCalled();
    expect([same, other, implied].map(({shape}) => shape)).toEqual([
      [2, 3],
      [3, 2],
      [2, 3],
    ]);
    x.dispose();
    for (const each of [same, other, implied]) expect([...each.dataSync()]).toEqual([1, 2, 3, 4, 5, 6]);
    const whole = tf.cast(same, 'int32');
    expect([whole.dtype, ...whole.dataSync()]).toEqual(['int32', 1, 2, 3, 4, 5, 6]);
    tf.dispose([same, other, implied, whole]);
  });

  withNative('shares data that is freed with its last user, and gradients pass it', () => {
    const before = tf.memory();
    const x = tf.tensor1d([3, 4]);
    const gradient = tf.grad((y: tf.Tensor) => tf.sum(tf.square(tf.reshape(y, [2]))))(x);
    expect([...gradient.dataSync()]).toEqual([6, 8]);
    const shared = tf.reshape(x, [2]);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers + 2);
    tf.dispose([x, gradient]);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers + 1);
    shared.dispose();
    expect(tf.memory()).toMatchObject({numTensors: before.numTensors, numDataBuffers: before.numDataBuffers});
  });
});
