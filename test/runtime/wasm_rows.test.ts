import * as tf from '@tensorflow/tfjs-core';
import {useBackend} from 'tfjs-autofis/runtime';
import {inFrontOf} from '../../src/runtime/kernels/front_kernel';
import {wasmGather} from '../../src/runtime/kernels/wasm_gather';
import {wasmIdentity} from '../../src/runtime/kernels/unchanged';
import {wasmSlice, wasmSplit} from '../../src/runtime/kernels/wasm_slice';
import {gatherCases} from '../helpers/kernels';
import {expectNoLeak} from '../helpers/tensors';

beforeAll(async () => {
  await useBackend('wasm');
});

/** The backend's own kernel behind ours. */
function stock(name: string): tf.KernelConfig {
  const kernel = tf.getKernel(name, 'wasm').kernelFunc as unknown as Record<symbol, tf.KernelConfig>;
  return kernel[Symbol.for('tfjs-autofis.wrapped-kernel')];
}

function run(kernel: tf.KernelConfig, inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap = {}) {
  return tf.tidy(() =>
    [kernel.kernelFunc({inputs, backend: tf.backend(), attrs})].flat().map(info => {
      const output = tf.engine().makeTensorFromTensorInfo(info);
      return {shape: output.shape, dtype: output.dtype, values: [...(output.dataSync() as Float32Array)]};
    }),
  );
}

describe('GatherV2 on wasm', () => {
  it.each(gatherCases)('equals the stock kernel: %s', (_, makeX, makeIndices, axis, batchDims) => {
    tf.tidy(() => {
      const inputs = {x: makeX(), indices: makeIndices()};
      const kernel = stock(tf.GatherV2);
      expect(run(inFrontOf(kernel, wasmGather), inputs, {axis, batchDims})).toEqual(
        run(kernel, inputs, {axis, batchDims}),
      );
    });
  });

  it('gives no rows for no ids', () => {
    tf.tidy(() =>
      [0, 1].forEach(axis =>
        expect(tf.gather(tf.ones([3, 2]), tf.tensor1d([], 'int32'), axis).shape).toEqual(axis === 0 ? [0, 2] : [3, 0]),
      ),
    );
  });

  it.each([-1, 3])('says that %i is not a row, and leaves nothing behind', async row => {
    await expectNoLeak(() => {
      const before = tf.engine().backend.numDataIds();
      tf.tidy(() =>
        expect(() => tf.gather(tf.ones([3, 2]), tf.tensor1d([0, row], 'int32'))).toThrow(
          `GatherV2: the index value ${row} is not in [0, 2]`,
        ),
      );
      expect(tf.engine().backend.numDataIds()).toBe(before);
    });
  });
});

describe('Slice on wasm', () => {
  const cube = () => tf.reshape(tf.range(0, 120), [5, 4, 3, 2]);
  it.each<[string, () => tf.Tensor, number[], number[]]>([
    ['all of it', cube, [0, 0, 0, 0], [5, 4, 3, 2]],
    ['rows', cube, [1, 0, 0, 0], [3, -1, -1, -1]],
    ['a part of each axis', cube, [1, 2, 1, 1], [3, 2, 2, 1]],
    ['an axis in the middle', cube, [0, 1, 0, 0], [5, 2, 3, 2]],
    ['two axes apart', cube, [2, 0, 1, 0], [2, 4, 1, 2]],
    ['nothing', cube, [1, 0, 0, 0], [0, 4, 3, 2]],
    ['a vector', () => tf.tensor1d([0.5, NaN, -0, Infinity]), [1], [3]],
    ['five axes', () => tf.reshape(tf.range(0, 120), [5, 2, 2, 3, 2]), [1, 1, 0, 1, 0], [2, 1, 2, 2, 1]],
    ['int32 data', () => tf.reshape(tf.range(0, 6, 1, 'int32'), [2, 3]), [0, 1], [2, 2]],
    [
      'booleans, by the stock kernel',
      () =>
        tf.tensor2d(
          [
            [true, false],
            [false, true],
          ],
          [2, 2],
          'bool',
        ),
      [0, 1],
      [2, 1],
    ],
  ])('equals the stock kernel: %s', (_, make, begin, size) => {
    tf.tidy(() => {
      const inputs = {x: make()};
      const kernel = stock(tf.Slice);
      expect(run(inFrontOf(kernel, wasmSlice), inputs, {begin, size})).toEqual(run(kernel, inputs, {begin, size}));
    });
  });

  it('slices strings as the stock kernel does', () => {
    tf.tidy(() => expect(tf.slice(tf.tensor1d(['a', 'bc', 'd']), 1, 2).dataSync()).toEqual(['bc', 'd']));
  });
});

describe('SplitV on wasm', () => {
  it.each<[string, number[] | number, number]>([
    ['rows', 2, 0],
    ['fields', [1, 0, 2], 1],
    ['the rest', [1, -1], -1],
  ])('equals the stock kernel: %s', (_, numOrSizeSplits, axis) => {
    tf.tidy(() => {
      const kernel = stock(tf.SplitV);
      const attrs = {numOrSizeSplits, axis};
      for (const dtype of ['float32', 'int32', 'bool'] as const) {
        const inputs = {x: tf.cast(tf.reshape(tf.range(0, 24), [4, 3, 2]), dtype)};
        expect(run(inFrontOf(kernel, wasmSplit), inputs, attrs)).toEqual(run(kernel, inputs, attrs));
      }
    });
  });
});

describe('Identity on wasm', () => {
  it.each<[string, () => tf.Tensor]>([
    [
      'floats',
      () =>
        tf.tensor2d([
          [1, 2],
          [3, NaN],
        ]),
    ],
    ['integers', () => tf.tensor1d([1, 2], 'int32')],
    ['booleans', () => tf.tensor1d([true, false], 'bool')],
  ])('equals the stock kernel for %s', (_, make) => {
    tf.tidy(() => {
      const inputs = {x: make()};
      expect(run(inFrontOf(stock(tf.Identity), wasmIdentity), inputs)).toEqual(run(stock(tf.Identity), inputs));
    });
  });

  it('copies strings as the stock kernel does', () => {
    tf.tidy(() => expect(tf.clone(tf.tensor1d(['a', 'bc'])).dataSync()).toEqual(['a', 'bc']));
  });

  it('keeps the memory until the last name of it is gone', () => {
    const before = tf.engine().backend.numDataIds();
    const x = tf.tensor1d([1, 2, 3]);
    const y = tf.clone(x);
    const z = tf.clone(y);
    expect(y.dataId).toBe(x.dataId);
    x.dispose();
    expect([...y.dataSync()]).toEqual([1, 2, 3]);
    y.dispose();
    expect([...z.dataSync()]).toEqual([1, 2, 3]);
    z.dispose();
    expect(tf.engine().backend.numDataIds()).toBe(before);
  });
});
