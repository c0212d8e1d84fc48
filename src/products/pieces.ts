import * as tf from '@tensorflow/tfjs-core';

/** Values that one tensor of a piece may have. */
export const PIECE_VALUES = 2 ** 21;

/**
 * [start, count] of each piece of a batch whose rows need tensors of `valuesOfRow` values each: as many rows as make
 * PIECE_VALUES, one at least. A batch without rows is one piece without rows.
 */
export function pieces(batch: number, valuesOfRow: number): Array<[number, number]> {
  const size = Math.max(1, Math.floor(PIECE_VALUES / valuesOfRow));
  return Array.from({length: Math.max(1, Math.ceil(batch / size))}, (_, i) => [
    i * size,
    Math.min(size, batch - i * size),
  ]);
}

/** The rows of one piece. */
export function pieceRows<T extends tf.Tensor>(tensor: T, start: number, count: number): T {
  return tf.slice(tensor, [start, ...tensor.shape.slice(1).map(() => 0)], [count, ...tensor.shape.slice(1)]) as T;
}
