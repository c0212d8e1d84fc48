import * as tf from '@tensorflow/tfjs-core';

/** Values that one tensor of a piece may have. */
export const PIECE_VALUES = 2 ** 21;

/**
 * [start, count] of each piece of a batch whose rows need tensors of `valuesOfRow` values each: as many rows as make
 * PIECE_VALUES, one at least. A batch without rows is one piece without rows.
 */
function pieces(batch: number, valuesOfRow: number): Array<[number, number]> {
  const size = Math.max(1, Math.floor(PIECE_VALUES / valuesOfRow));
  return Array.from({length: Math.max(1, Math.ceil(batch / size))}, (_, i) => [
    i * size,
    Math.min(size, batch - i * size),
  ]);
}

/** Compute [B, n] of embeddings [B, m, d], piece by piece. */
export function byPieces(e: tf.Tensor3D, valuesOfRow: number, compute: (e: tf.Tensor3D) => tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() =>
    tf.concat(
      pieces(e.shape[0], valuesOfRow).map(([start, count]) => tf.tidy(() => compute(tf.slice(e, start, count)))),
    ),
  );
}

/** The gradients for e, and for weights, which are summed over the pieces. */
export function gradientsByPieces(
  dy: tf.Tensor2D,
  e: tf.Tensor3D,
  valuesOfRow: number,
  compute: (dy: tf.Tensor2D, e: tf.Tensor3D) => tf.Tensor[],
): tf.Tensor[] {
  return tf.tidy(() => {
    const parts = pieces(e.shape[0], valuesOfRow).map(([start, count]) =>
      tf.tidy(() => compute(tf.slice(dy, start, count), tf.slice(e, start, count))),
    );
    const [, ...weights] = parts[0];
    return [tf.concat(parts.map(([de]) => de)), ...weights.map((_, k) => tf.addN(parts.map(part => part[k + 1])))];
  });
}
