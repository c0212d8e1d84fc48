import * as tf from '@tensorflow/tfjs-core';
import {rowsChecksum} from '../../src/training/rows_checksum';
import {SeededBatches} from '../../src/training/seeded_batches';

describe('rowsChecksum', () => {
  const of = (ids: number[][], labels: number[], weights?: number[]) =>
    tf.tidy(() =>
      rowsChecksum({
        xs: tf.tensor2d(ids, undefined, 'int32'),
        ys: tf.tensor1d(labels),
        ...(weights && {weights: tf.tensor1d(weights)}),
      }),
    );

  it('depends on shapes, values and their order', () => {
    const ids = [
      [1, 2],
      [3, 4],
    ];
    // 1 + 2 (1 + K) + 3 (1 + 2 K) + 4 (1 + 3 K), and 1065353216 (1 + K), by K = 0x9E3779B97F4A7C15, modulo 2^64.
    expect(of(ids, [0, 1])).toBe('[2,2] 5c55827df1d1b1ae, [2] 8312f9c775000000');
    const others = [
      of(ids, [1, 0]),
      of([[1, 2, 3, 4]], [1]),
      of([...ids].reverse(), [0, 1]),
      of(ids, [0, 1], [1, 1]),
      of(ids, [0, 1], [1, 2]),
    ];
    expect(new Set([of(ids, [0, 1]), ...others]).size).toBe(6);
  });

  it('is the same whatever labels are made of, and of a stream its number of rows', () => {
    tf.tidy(() => {
      const xs = tf.zeros([3, 1], 'int32');
      const [asBooleans, asIntegers] = (['bool', 'int32'] as const).map(dtype => tf.tensor1d([1, 0, 1], dtype));
      expect(rowsChecksum({xs, ys: asBooleans})).toBe(rowsChecksum({xs, ys: asIntegers}));
      const stream = (seed: number, batchSize: number) => new SeededBatches({xs, ys: asIntegers}, {seed, batchSize});
      expect(rowsChecksum(stream)).toBe('3 rows');
    });
  });

  it('sums a large table piece by piece', () => {
    tf.tidy(() => {
      const xs = tf.ones([1 << 19, 3], 'int32');
      const ys = tf.zeros([1 << 19]);
      // n + K n (n - 1) / 2 of n = 3 * 2^19 ones.
      const n = BigInt(3 << 19);
      const sum = BigInt.asUintN(64, n + (0x9e3779b97f4a7c15n * n * (n - 1n)) / 2n).toString(16);
      expect(rowsChecksum({xs, ys})).toBe(`[524288,3] ${sum}, [524288] 0`);
    });
  });
});
