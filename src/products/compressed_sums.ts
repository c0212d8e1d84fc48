import * as tf from '@tensorflow/tfjs-core';
import {byPieces, gradientsByPieces} from './pieces';

/** W_k [H_{k-1} m, H_k] of each layer; row i m + j weighs the product of the layer's input i and field j. */
export type CompressedKernels = readonly tf.Tensor2D[];

/**
 * The sums over d of X^1, ..., X^K, side by side: [B, m, d] -> [B, H_1 + ... + H_K].
 *
 * Inside, a place is one of the d numbers of a row, and places are the last axis of every tensor, so that products run
 * along memory: TensorFlow's broadcast is three times slower where the last axis is as short as m.
 */
export function compressedSums(e: tf.Tensor3D, kernels: CompressedKernels): tf.Tensor2D {
  return byPieces(e, valuesOfRow(e, kernels), piece => {
    const [count, , d] = piece.shape;
    const fields = dimensionsLast(piece);
    let x = fields;
    const sums = kernels.map(kernel => {
      x = weighed(kernel, productsOf(x, fields));
      return tf.sum(tf.reshape(x, [kernel.shape[1], count, d]), 2) as tf.Tensor2D;
    });
    return tf.transpose(tf.concat(sums, 0)) as tf.Tensor2D;
  });
}

/** The gradients for e and each W_k, with the layers made again. */
export function compressedSumsGradient(dy: tf.Tensor2D, e: tf.Tensor3D, kernels: CompressedKernels): tf.Tensor[] {
  return gradientsByPieces(dy, e, valuesOfRow(e, kernels), (g, piece) => pieceGradient(g, piece, kernels));
}

/** Rows of embeddings as X^0: [n, m, d] -> [m, n d]. */
function dimensionsLast(e: tf.Tensor3D): tf.Tensor2D {
  const [n, m, d] = e.shape;
  return tf.reshape(tf.transpose(e, [1, 0, 2]), [m, n * d]) as tf.Tensor2D;
}

/** Each input times each field, place by place: Z [H m, n d]. */
function productsOf(x: tf.Tensor2D, fields: tf.Tensor2D): tf.Tensor2D {
  const [[inputs, dimensions], [m]] = [x.shape, fields.shape];
  return tf.reshape(tf.mul(tf.reshape(x, [inputs, 1, dimensions]), tf.reshape(fields, [1, m, dimensions])), [
    inputs * m,
    dimensions,
  ]);
}

/** W^T Z: [H_k, n d]. */
function weighed(kernel: tf.Tensor2D, products: tf.Tensor2D): tf.Tensor2D {
  return tf.matMul(kernel, products, true, false) as tf.Tensor2D;
}

/**
 * With Z_k the products that layer k reads and G_k the gradient for X^k, of its sum and of layer k + 1:
 * dW_k = Z_k G_k^T and dZ_k = W_k G_k, which goes to X^{k-1} times X^0 and to X^0 times X^{k-1}.
 */
function pieceGradient(dy: tf.Tensor2D, e: tf.Tensor3D, kernels: CompressedKernels): tf.Tensor[] {
  const [n, m, d] = e.shape;
  const dimensions = n * d;
  const fields = dimensionsLast(e);
  const x = [fields];
  const products = [productsOf(fields, fields)];
  for (const kernel of kernels.slice(0, -1)) {
    x.push(weighed(kernel, products[products.length - 1]));
    products.push(productsOf(x[x.length - 1], fields));
  }
  const widths = kernels.map(({shape}) => shape[1]);
  const layerGradients = tf.split(tf.transpose(dy), widths);
  const dKernels: tf.Tensor[] = [];
  let dFields: tf.Tensor = tf.zeros([m, dimensions]);
  let dNext: tf.Tensor | null = null;
  for (let k = kernels.length - 1; k >= 0; k--) {
    const [inputs, units] = [x[k].shape[0], kernels[k].shape[1]];
    const sums = tf.reshape(tf.tile(tf.reshape(layerGradients[k], [units, n, 1]), [1, 1, d]), [units, dimensions]);
    const g = (dNext === null ? sums : tf.add(sums, dNext)) as tf.Tensor2D;
    dKernels.unshift(tf.matMul(products[k], g, false, true));
    const dProducts = tf.reshape(tf.matMul(kernels[k], g), [inputs, m, dimensions]);
    dFields = tf.add(dFields, tf.sum(tf.mul(dProducts, tf.reshape(x[k], [inputs, 1, dimensions])), 0));
    dNext = tf.sum(tf.mul(dProducts, tf.reshape(fields, [1, m, dimensions])), 1);
  }
  const de = tf.transpose(tf.reshape(tf.add(dFields, dNext!), [m, n, d]), [1, 0, 2]);
  return [de, ...dKernels];
}

/** Values of the largest tensor of a row. */
function valuesOfRow(e: tf.Tensor3D, kernels: CompressedKernels): number {
  return e.shape[2] * Math.max(...kernels.map(({shape}) => shape[0]));
}
