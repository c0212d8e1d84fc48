import * as tf from '@tensorflow/tfjs-core';
import {useBackend} from '../../src/runtime/index';
import {addRowsInto} from '../../src/runtime/kernels/wasm_unsorted_segment_sum';

/** The sums by their definition. */
function expected(x: ArrayLike<number>, ids: ArrayLike<number>, numSegments: number, width: number): number[] {
  const sums = new Array<number>(numSegments * width).fill(0);
  for (let i = 0; i < ids.length; i++) {
    for (let j = 0; j < width; j++) {
      if (ids[i] >= 0 && ids[i] < numSegments) sums[ids[i] * width + j] += x[i * width + j];
    }
  }
  return sums;
}

describe('addRowsInto', () => {
  it('adds to what is there and drops rows outside', () => {
    const sums = Float32Array.of(10, 20, 30, 40);
    addRowsInto(sums, Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), [1, -1, 2, 1], 2);
    expect([...sums]).toEqual([10, 20, 30 + 1 + 7, 40 + 2 + 8]);
  });
});

describe('UnsortedSegmentSum on wasm', () => {
  beforeAll(async () => {
    await useBackend('wasm');
  });

  it.each([[[]], [[3]], [[2, 5]], [[2, 1, 3]]])(
    'equals the definition for rows of shape %j',
    (...[row]: number[][]) => {
      const width = row.reduce((product, size) => product * size, 1);
      for (const dtype of ['float32', 'int32'] as const) {
        const before = tf.memory().numTensors;
        const x = tf.randomUniform([50, ...row], -9, 9, dtype, 7);
        const ids = tf.randomUniform([50], -2, 12, 'int32', 8) as tf.Tensor1D;
        const sums = tf.unsortedSegmentSum(x, ids, 10);
        expect(sums.shape).toEqual([10, ...row]);
        expect(sums.dtype).toBe(dtype);
        const wanted = expected(x.dataSync(), ids.dataSync(), 10, width);
        sums.dataSync().forEach((sum, i) => expect(sum).toBeCloseTo(wanted[i], 4));
        tf.dispose([x, ids, sums]);
        expect(tf.memory().numTensors).toBe(before);
      }
    },
  );

  it('equals the stock kernel of the cpu backend', async () => {
    const values = Float32Array.from({length: 60}, (_, i) => Math.sin(i));
    const ids = Int32Array.from({length: 20}, (_, i) => ((i * 7) % 6) - 1);
    const sum = () =>
      tf.tidy(() => tf.unsortedSegmentSum(tf.tensor2d(values, [20, 3]), tf.tensor1d(ids, 'int32'), 5).dataSync());
    const wasm = sum();
    await useBackend('cpu');
    sum().forEach((value, i) => expect(wasm[i]).toBeCloseTo(value, 5));
    await useBackend('wasm');
  });

  it('survives that the heap grows for its output', () => {
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const ids = tf.tensor1d([0, 2], 'int32');
    const outputs = [1e6, 4e6, 8e6].map(numSegments => tf.unsortedSegmentSum(x, ids, numSegments));
    for (const output of outputs) {
      const head = tf.tidy(() => tf.slice(output, [0, 0], [4, 2]).dataSync());
      expect([...head]).toEqual([1, 2, 0, 0, 3, 4, 0, 0]);
      expect(tf.tidy(() => tf.sum(output).dataSync()[0])).toBe(10);
    }
    tf.dispose([x, ids, ...outputs]);
  });

  it('takes no rows and no segments', () => {
    tf.tidy(() => {
      expect(tf.unsortedSegmentSum(tf.zeros([0, 3]), tf.tensor1d([], 'int32'), 2).dataSync()).toEqual(
        new Float32Array(6),
      );
      expect(tf.unsortedSegmentSum(tf.ones([2, 3]), tf.tensor1d([0, 1], 'int32'), 0).shape).toEqual([0, 3]);
    });
  });

  it('rejects ids that do not fit the rows', () => {
    const x = tf.ones([2, 3]);
    const ids = tf.tensor1d([0, 1, 2], 'int32');
    expect(() => tf.unsortedSegmentSum(x, ids, 3)).toThrow(
      'unsortedSegmentSum on wasm: `x` must be a float32 or int32 tensor with one row for each of the 1-D ' +
        '`segmentIds`. Received: x float32 [2,3], segmentIds [3].',
    );
    tf.dispose([x, ids]);
  });
});
