import * as tf from '@tensorflow/tfjs-core';
import {pieces, pieceRows} from './pieces';

/** W_k [H_{k-1} m, H_k] of each layer; row i m + j weighs the product of the layer's input i and field j. */
export type CompressedKernels = readonly tf.Tensor2D[];

/** [X^0, ..., X^K] of some rows, and X^0 again as [n d, 1, m]. */
interface Layers {
  /** [n d, H_k] each, X^0 first, so that every row of a matrix is one place of the embeddings. */
  x: tf.Tensor2D[];
  fields: tf.Tensor3D;
}

/** The sums over d of X^1, ..., X^K, side by side: [B, m, d] -> [B, H_1 + ... + H_K]. */
export function compressedSums(e: tf.Tensor3D, kernels: CompressedKernels): tf.Tensor2D {
  return tf.tidy(() =>
    tf.concat(
      pieces(e.shape[0], valuesOfRow(e, kernels)).map(([start, count]) =>
        tf.tidy(() => {
          const d = e.shape[2];
          const [, ...layers] = layersOf(pieceRows(e, start, count), kernels).x;
          return tf.concat(
            layers.map(x => tf.sum(tf.reshape(x, [count, d, x.shape[1]]), 1) as tf.Tensor2D),
            1,
          );
        }),
      ),
    ),
  );
}

/** The gradients for e and each W_k, with the layers made again. */
export function compressedSumsGradient(dy: tf.Tensor2D, e: tf.Tensor3D, kernels: CompressedKernels): tf.Tensor[] {
  return tf.tidy(() => {
    const parts = pieces(e.shape[0], valuesOfRow(e, kernels)).map(([start, count]) =>
      tf.tidy(() => pieceGradient(pieceRows(dy, start, count), pieceRows(e, start, count), kernels)),
    );
    return [tf.concat(parts.map(([de]) => de)), ...kernels.map((_, k) => tf.addN(parts.map(part => part[k + 1])))];
  });
}

function layersOf(e: tf.Tensor3D, kernels: CompressedKernels): Layers {
  const [n, m, d] = e.shape;
  const first = tf.reshape(tf.transpose(e, [0, 2, 1]), [n * d, m]) as tf.Tensor2D;
  const fields = tf.reshape(first, [n * d, 1, m]) as tf.Tensor3D;
  const x = [first];
  for (const kernel of kernels) x.push(tf.matMul(productsOf(x[x.length - 1], fields), kernel));
  return {x, fields};
}

/** Each input times each field, place by place: [n d, H m]. */
function productsOf(x: tf.Tensor2D, fields: tf.Tensor3D): tf.Tensor2D {
  const [places, inputs] = x.shape;
  return tf.reshape(tf.mul(tf.reshape(x, [places, inputs, 1]), fields), [places, inputs * fields.shape[2]]);
}

/**
 * With Z_k the products that layer k reads and G_k the gradient for X^k, of its sum and of layer k + 1:
 * dW_k = Z_k^T G_k and dZ_k = G_k W_k^T, which goes to X^{k-1} times X^0 and to X^0 times X^{k-1}.
 */
function pieceGradient(dy: tf.Tensor2D, e: tf.Tensor3D, kernels: CompressedKernels): tf.Tensor[] {
  const [n, m, d] = e.shape;
  const {x, fields} = layersOf(e, kernels);
  const places = n * d;
  const own = tf.split(
    dy,
    kernels.map(({shape}) => shape[1]),
    1,
  );
  const dKernels: tf.Tensor[] = [];
  let dFields: tf.Tensor = tf.zeros([places, m]);
  let dNext: tf.Tensor | null = null;
  for (let k = kernels.length; k >= 1; k--) {
    const [inputs, units] = [x[k - 1].shape[1], kernels[k - 1].shape[1]];
    const sums = tf.reshape(tf.tile(tf.reshape(own[k - 1], [n, 1, units]), [1, d, 1]), [places, units]);
    const g = (dNext === null ? sums : tf.add(sums, dNext)) as tf.Tensor2D;
    dKernels.unshift(tf.matMul(productsOf(x[k - 1], fields), g, true, false));
    const dProducts = tf.reshape(tf.matMul(g, kernels[k - 1], false, true), [places, inputs, m]);
    dFields = tf.add(dFields, tf.sum(tf.mul(dProducts, tf.reshape(x[k - 1], [places, inputs, 1])), 1));
    dNext = tf.sum(tf.mul(dProducts, fields), 2);
  }
  const de = tf.transpose(tf.reshape(tf.add(dFields, dNext!), [n, d, m]), [0, 2, 1]);
  return [de, ...dKernels];
}

/** Values of the largest tensor of a row. */
function valuesOfRow(e: tf.Tensor3D, kernels: CompressedKernels): number {
  return e.shape[2] * Math.max(...kernels.map(({shape}) => shape[0]));
}
