import type * as tf from '@tensorflow/tfjs-core';

/** A B, either transposed where asked for, of matrices or batches of them [..., r, c]. */
export interface Product {
  a: tf.TensorInfo;
  b: tf.TensorInfo;
  transposeA: boolean;
  transposeB: boolean;
}

/** Another way to compute what dense layers and their gradients consist of. Null for what stays with TensorFlow. */
export interface DenseKernels {
  product(product: Product): tf.Tensor | null;
  /** x [R, C] + bias [C], or the sum of two tensors of one shape. */
  add(a: tf.TensorInfo, b: tf.TensorInfo): tf.Tensor | null;
  /** max(x, 0) of x [R, C]. */
  relu(x: tf.TensorInfo): tf.Tensor | null;
  /** dy [R, C] where relu's result y is above 0, else 0. */
  reluGradient(dy: tf.TensorInfo, y: tf.TensorInfo): tf.Tensor | null;
  /** A product that has not been computed, in another shape. */
  reshape(x: tf.TensorInfo, shape: number[]): tf.Tensor | null;
  /** The sums of the columns of x [R, C]: [C]. */
  columnSums(x: tf.TensorInfo): tf.Tensor | null;
}

/** The sizes of a product: of its result, and how many numbers each of these is a sum of. */
export function productSizes({a, b, transposeA, transposeB}: Product) {
  const [rows, inner] = transposeA ? a.shape.slice(-2).reverse() : a.shape.slice(-2);
  const columns = b.shape[b.shape.length - (transposeB ? 2 : 1)];
  return {rows, inner, columns};
}

/** Tell whether both factors are float32 matrices, or both batches of one such matrix. */
export function areMatrices({a, b}: Product): boolean {
  return isMatrix(a) && isMatrix(b) && a.shape.length === b.shape.length;
}

function isMatrix({dtype, shape}: tf.TensorInfo): boolean {
  const isOne = shape.length === 2 || (shape.length === 3 && shape[0] === 1);
  return dtype === 'float32' && isOne && shape.every(size => size > 0);
}

/** Tell whether a tensor holds one number per column of x [R, C], and adding it keeps x's shape. */
export function isBiasOf(x: tf.TensorInfo, bias: tf.TensorInfo): boolean {
  const columns = x.shape[x.shape.length - 1];
  return (
    bias.dtype === 'float32' &&
    bias.shape.length <= x.shape.length &&
    bias.shape.at(-1) === columns &&
    bias.shape.every((n, i) => n === 1 || i === bias.shape.length - 1)
  );
}
