import * as tf from '@tensorflow/tfjs-core';
import {inFrontOf} from '../../src/runtime/kernels/front_kernel';
import {tensorflowGather} from '../../src/runtime/kernels/tensorflow_gather';
import {gatherCases, stockNativeKernel} from '../helpers/kernels';

let stock: tf.KernelConfig | undefined;

beforeAll(async () => {
  stock = await stockNativeKernel(tf.GatherV2);
});

/** Without the native addon there is nothing to compare with. */
const withNative = (name: string, body: (stock: tf.KernelConfig, ours: tf.KernelConfig) => void) =>
  it(name, () => {
    if (stock) body(stock, inFrontOf(stock, tensorflowGather));
  });

function gather(kernel: tf.KernelConfig, x: tf.Tensor, indices: tf.Tensor, axis: number, batchDims = 0) {
  return tf.tidy(() => {
    const output = kernel.kernelFunc({
      inputs: {x, indices},
      backend: tf.backend(),
      attrs: {axis, batchDims},
    }) as tf.Tensor;
    return {shape: output.shape, dtype: output.dtype, values: [...output.dataSync()]};
  });
}

describe('GatherV2 on tfjs-node', () => {
  const noRows = (): tf.Tensor => tf.tensor1d([], 'int32');
  const all = [...gatherCases, ['no rows', () => tf.ones([3, 2]), noRows, 0, 0] as const];
  for (const [name, makeX, makeIndices, axis, batchDims] of all) {
    withNative(`equals the stock kernel: ${name}`, (stock, ours) => {
      tf.tidy(() => {
        const x = makeX();
        const indices = makeIndices();
        expect(gather(ours, x, indices, axis, batchDims)).toEqual(gather(stock, x, indices, axis, batchDims));
      });
    });
  }

  for (const index of [-1, 4]) {
    withNative(`refuses index ${index} with the stock kernel's error`, (stock, ours) => {
      tf.tidy(() => {
        const x = tf.range(0, 4);
        const indices = tf.tensor1d([0, index], 'int32');
        const message = `GatherV2: the index value ${index} is not in [0, 3]`;
        expect(() => gather(stock, x, indices, 0)).toThrow(message);
        expect(() => gather(ours, x, indices, 0)).toThrow(message);
      });
    });
  }

  const shapes: Array<[string, number[], number[], number, number, RegExp]> = [
    [
      'more batch dimensions than the axis',
      [2, 2, 2],
      [1, 1, 3],
      2,
      3,
      /^batchDims \(3\) must be less than or equal to axis \(2\)\.$/,
    ],
    [
      'more batch dimensions than the indices have',
      [1, 2, 2, 2],
      [1, 3],
      2,
      3,
      /^Expect batchDims in the range of \[-2, 2\], but got 3$/,
    ],
    [
      'batch dimensions that differ',
      [2, 2, 2],
      [1, 3],
      2,
      1,
      /^x\.shape\[0\]: 2 should be equal to indices\.shape\[0\]: 1\.$/,
    ],
  ];
  for (const [name, shape, indexShape, axis, batchDims, message] of shapes) {
    withNative(`refuses ${name} with the stock kernel's error`, (stock, ours) => {
      tf.tidy(() => {
        const x = tf.ones(shape);
        const indices = tf.zeros(indexShape, 'int32');
        for (const kernel of [stock, ours]) expect(() => gather(kernel, x, indices, axis, batchDims)).toThrow(message);
      });
    });
  }

  withNative('counts a negative axis from the end, as on wasm and cpu', (_, ours) => {
    tf.tidy(() => {
      const x = tf.reshape(tf.range(0, 6), [2, 3]);
      const indices = tf.tensor1d([2, 0], 'int32');
      expect(gather(ours, x, indices, -1)).toEqual(gather(ours, x, indices, 1));
    });
  });

  withNative('leaves no tensor behind', (_, ours) => {
    const x = tf.range(0, 4);
    const indices = tf.tensor1d([0, 1], 'int32');
    const before = tf.memory().numTensors;
    gather(ours, x, indices, 0);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([x, indices]);
  });
});
