import * as tf from '@tensorflow/tfjs-core';
import {registerKernels, useBackend} from '../../src/runtime/index';

/** a b by its definition, for one pair of matrices of which each may be stored transposed. */
function expected(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  [m, k, n]: number[],
  transposeA: boolean,
  transposeB: boolean,
) {
  const product: number[] = [];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) {
        sum += a[transposeA ? l * m + i : i * k + l] * b[transposeB ? j * k + l : l * n + j];
      }
      product.push(sum);
    }
  }
  return product;
}

const SIDES = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
];

describe('BatchMatMul on wasm', () => {
  beforeAll(async () => {
    await useBackend('wasm');
  });

  it.each(SIDES)('equals the definition, transposed sides %s %s', (transposeA, transposeB) => {
    for (const [m, k, n] of [
      [1, 1, 1],
      [2, 3, 4],
      [16, 20, 24],
      [33, 7, 65],
      [40, 1, 40],
      [1, 50, 30],
      [30, 50, 1],
    ]) {
      const before = tf.memory().numTensors;
      const a = tf.randomNormal(transposeA ? [k, m] : [m, k], 0, 1, 'float32', 1) as tf.Tensor2D;
      const b = tf.randomNormal(transposeB ? [n, k] : [k, n], 0, 1, 'float32', 2) as tf.Tensor2D;
      const product = tf.matMul(a, b, transposeA, transposeB);
      expect(product.shape).toEqual([m, n]);
      const wanted = expected(a.dataSync(), b.dataSync(), [m, k, n], transposeA, transposeB);
      product.dataSync().forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 4));
      tf.dispose([a, b, product]);
      expect(tf.memory().numTensors).toBe(before);
      expect(tf.engine().backend.numDataIds()).toBe(tf.memory().numDataBuffers);
    }
  });

  it.each([[[3]], [[1]], [[2, 3]], [[1, 1]]])('keeps batches of shape %j', batch => {
    tf.tidy(() => {
      const a = tf.randomNormal([...batch, 20, 12], 0, 1, 'float32', 3);
      const b = tf.randomNormal([...batch, 30, 20], 0, 1, 'float32', 4);
      const product = tf.matMul(a, b, true, true);
      expect(product.shape).toEqual([...batch, 12, 30]);
      const [x, y, z] = [a, b, product].map(tensor => tensor.dataSync());
      for (let i = 0; i < x.length / 240; i++) {
        const wanted = expected(
          x.slice(i * 240, (i + 1) * 240),
          y.slice(i * 600, (i + 1) * 600),
          [12, 20, 30],
          true,
          true,
        );
        wanted.forEach((value, j) => expect(z[i * 360 + j]).toBeCloseTo(value, 4));
      }
    });
  });

  it('is wrapped once however often it is registered', () => {
    const kernel = tf.getKernel(tf.BatchMatMul, 'wasm').kernelFunc;
    registerKernels();
    expect(tf.getKernel(tf.BatchMatMul, 'wasm').kernelFunc).toBe(kernel);
  });
});
