import * as tf from '@tensorflow/tfjs-core';
import type {DenseKernels, Product} from '../../native/dense_kernels';
import {fusedLayers} from '../../native/fused_layers';
import {mixedPrecision} from '../../native/precision';
import type {NativeBackend} from '../../tfjs_internals';
import type {FrontKernel} from './front_kernel';

type Inputs = Record<string, tf.TensorInfo>;

/** A kernel of dense layers: null for what stays with TensorFlow. */
type DenseKernel = (ways: DenseKernels, inputs: Inputs, attrs: unknown) => tf.TensorInfo | null;

/** The kernels of tfjs-node that dense layers and their gradients go through. */
export const denseKernels: Readonly<Record<string, DenseKernel>> = {
  [tf.BatchMatMul]: (way, inputs, attrs) => way.product({...inputs, ...(attrs as object)} as unknown as Product),
  [tf.Add]: (way, {a, b}) => way.add(a, b),
  [tf.Relu]: (way, {x}) => way.relu(x),
  [tf.Sum]: (way, {x}, attrs) => {
    const {axis, keepDims} = attrs as {axis: number | number[]; keepDims?: boolean};
    return [axis].flat().join() === '0' && keepDims !== true ? way.columnSums(x) : null;
  },
};

export const denseReshape: DenseKernel = (way, {x}, attrs) => way.reshape(x, (attrs as {shape: number[]}).shape);

/**
 * Compute by the first way that takes it: in bfloat16 where mixed precision is on, in float32 by own ops where these
 * are allowed and fast; null for what stays with TensorFlow.
 */
export function computeDense(
  backend: NativeBackend,
  compute: (way: DenseKernels) => tf.TensorInfo | null,
): tf.TensorInfo | null {
  for (const way of [mixedPrecision(backend), fusedLayers(backend)]) {
    const result = way === undefined ? null : compute(way);
    if (result) return result;
  }
  return null;
}

/** A kernel of dense layers in front of one of tfjs-node. */
export function tensorflowDense(kernel: DenseKernel): FrontKernel {
  return ({inputs, backend, attrs}) =>
    computeDense(backend as NativeBackend, way => kernel(way, inputs as Inputs, attrs));
}
