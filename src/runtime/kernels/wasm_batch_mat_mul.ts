import * as tf from '@tensorflow/tfjs-core';
import type {WasmBackend} from '../../tfjs_internals';
import type {FrontKernel} from './front_kernel';

// A transposed side costs the multiplication 0.4-0.7 ns for each product of two numbers, and
// writing out a transposed matrix 4 ns for each of its elements, both measured with SIMD.
const PRODUCTS_PER_ELEMENT = 8;

/** Tell whether transposing first is faster than [m, k] times [k, n] with a transposed side. */
function transposingPaysOff(m: number, k: number, n: number, transposeA: boolean, transposeB: boolean): boolean {
  const elements = (transposeA ? m * k : 0) + (transposeB ? k * n : 0);
  return elements > 0 && elements * PRODUCTS_PER_ELEMENT <= m * k * n;
}

/** The matrix with its last two axes exchanged, as a new tensor. */
function transposed(x: tf.TensorInfo, backend: WasmBackend): tf.TensorInfo {
  const rank = x.shape.length;
  const perm = [...x.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2);
  const transpose = tf.getKernel(tf.Transpose, 'wasm');
  return transpose.kernelFunc({inputs: {x}, backend, attrs: {perm}}) as tf.TensorInfo;
}

/**
 * Stand in for the wasm backend's `BatchMatMul`: with a transposed side that kernel leaves the fast path (2
 * against 28 GFLOP/s), and the gradient of every dense layer has one. This one transposes first
 * and multiplies then, where that pays off: for a single product of float32 matrices, large enough.
 * Several products at once never take the fast path and are left as they are.
 */
export const wasmBatchMatMul: FrontKernel = ({inputs, backend, attrs}, stock) => {
  const {a, b} = inputs as {a: tf.TensorInfo; b: tf.TensorInfo};
  const {transposeA, transposeB} = attrs as {transposeA: boolean; transposeB: boolean};
  const [rowsA, columnsA] = a.shape.slice(-2);
  const [rowsB, columnsB] = b.shape.slice(-2);
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const n = transposeB ? rowsB : columnsB;
  const single = tf.util.sizeFromShape(a.shape) === m * k && tf.util.sizeFromShape(b.shape) === k * n;
  const float = a.dtype === 'float32' && b.dtype === 'float32';
  if (!single || !float || !transposingPaysOff(m, k, n, transposeA, transposeB)) return null;
  const wasm = backend as WasmBackend;
  const left = transposeA ? transposed(a, wasm) : a;
  const right = transposeB ? transposed(b, wasm) : b;
  const product = stock.kernelFunc({
    inputs: {a: left, b: right},
    backend,
    attrs: {transposeA: false, transposeB: false},
  });
  if (transposeA) wasm.disposeData(left.dataId);
  if (transposeB) wasm.disposeData(right.dataId);
  return product;
};
