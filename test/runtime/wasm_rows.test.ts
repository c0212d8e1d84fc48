import * as tf from '@tensorflow/tfjs-core';
import {useBackend} from 'tfjs-autofis/runtime';
import {wasmGather} from '../../src/runtime/kernels/wasm_gather';
import {wasmIdentity} from '../../src/runtime/kernels/wasm_identity';
import {expectNoLeak} from '../helpers/tensors';

beforeAll(async () => { await useBackend('wasm'); });

/** The backend's own kernel behind ours. */
function stock(name: string): tf.KernelConfig {
  const kernel = tf.getKernel(name, 'wasm').kernelFunc as unknown as Record<symbol, tf.KernelConfig>;
  return kernel[Symbol.for('tfjs-autofis.wrapped-kernel')];
}

function run(kernel: tf.KernelConfig, inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap = {}) {
  return tf.tidy(() => {
    const output = tf.engine().makeTensorFromTensorInfo(kernel.kernelFunc({inputs, backend: tf.backend(), attrs}) as tf.TensorInfo);
    return {shape: output.shape, dtype: output.dtype, values: [...output.dataSync() as Float32Array]};
  });
}

describe('GatherV2 on wasm', () => {
  const cases: Array<[string, () => tf.Tensor, () => tf.Tensor, number, number]> = [
    ['rows by a matrix of ids', () => tf.reshape(tf.range(0, 12), [6, 2]), () => tf.tensor2d([[5, 0], [3, 3]], [2, 2], 'int32'), 0, 0],
    ['rows of a vector', () => tf.tensor1d([0.5, NaN, -0, Infinity]), () => tf.tensor1d([3, 0, 1, 2], 'int32'), 0, 0],
    ['rows of a cube', () => tf.reshape(tf.range(0, 24), [4, 3, 2]), () => tf.tensor1d([3, 0], 'int32'), 0, 0],
    ['int32 data', () => tf.range(0, 6, 1, 'int32'), () => tf.tensor1d([5, 0], 'int32'), 0, 0],
    ['columns, by the stock kernel', () => tf.reshape(tf.range(0, 12), [3, 4]), () => tf.tensor1d([3, 1, 1], 'int32'), 1, 0],
    ['batch dimensions, by the stock kernel', () => tf.reshape(tf.range(0, 12), [2, 6]), () => tf.tensor2d([[5, 0], [1, 1]], [2, 2], 'int32'), 1, 1],
  ];
  it.each(cases)('equals the stock kernel: %s', (_, makeX, makeIndices, axis, batchDims) => {
    tf.tidy(() => {
      const inputs = {x: makeX(), indices: makeIndices()}, kernel = stock(tf.GatherV2);
      expect(run(wasmGather(kernel), inputs, {axis, batchDims})).toEqual(run(kernel, inputs, {axis, batchDims}));
    });
  });

  it('gives no rows for no ids', () => {
    tf.tidy(() => expect(tf.gather(tf.ones([3, 2]), tf.tensor1d([], 'int32')).shape).toEqual([0, 2]));
  });

  it.each([-1, 3])('says that %i is no row, and leaves nothing behind', async row => {
    await expectNoLeak(() => {
      const before = tf.engine().backend.numDataIds();
      tf.tidy(() => expect(() => tf.gather(tf.ones([3, 2]), tf.tensor1d([0, row], 'int32'))).toThrow(`GatherV2: the index value ${row} is not in [0, 2]`));
      expect(tf.engine().backend.numDataIds()).toBe(before);
    });
  });
});

describe('Identity on wasm', () => {
  it.each<[string, () => tf.Tensor]>([
    ['floats', () => tf.tensor2d([[1, 2], [3, NaN]])], ['integers', () => tf.tensor1d([1, 2], 'int32')], ['booleans', () => tf.tensor1d([true, false], 'bool')],
  ])('equals the stock kernel for %s', (_, make) => {
    tf.tidy(() => {
      const inputs = {x: make()};
      expect(run(wasmIdentity(stock(tf.Identity)), inputs)).toEqual(run(stock(tf.Identity), inputs));
    });
  });

  it('copies strings as the stock kernel does', () => {
    tf.tidy(() => expect(tf.clone(tf.tensor1d(['a', 'bc'])).dataSync()).toEqual(['a', 'bc']));
  });

  it('keeps the memory until the last name of it is gone', () => {
    const before = tf.engine().backend.numDataIds();
    const x = tf.tensor1d([1, 2, 3]), y = tf.clone(x), z = tf.clone(y);
    expect(y.dataId).toBe(x.dataId);
    x.dispose();
    expect([...y.dataSync()]).toEqual([1, 2, 3]);
    y.dispose();
    expect([...z.dataSync()]).toEqual([1, 2, 3]);
    z.dispose();
    expect(tf.engine().backend.numDataIds()).toBe(before);
  });
});
