import * as tf from '@tensorflow/tfjs-core';
import type {MixedPrecision, Product} from '../../native/mixed_precision';
import {mixedPrecision} from '../../native/precision';
import type {NativeBackend} from '../../tfjs_internals';

type Inputs = Record<string, tf.TensorInfo>;

/** A kernel in mixed precision: null for what is computed in float32. */
type MixedKernel = (mixed: MixedPrecision, inputs: Inputs, attrs: unknown) => tf.TensorInfo | null;

/**
 * The kernels of tfjs-node that dense layers and their gradients go through, each computed in bfloat16 where mixed
 * precision is on and its numbers are such.
 */
export const mixedKernels: Readonly<Record<string, MixedKernel>> = {
  [tf.BatchMatMul]: (mixed, inputs, attrs) => mixed.product({...inputs, ...(attrs as object)} as unknown as Product),
  [tf.Add]: (mixed, {a, b}) => mixed.addBias(a, b),
  [tf.Relu]: (mixed, {x}) => mixed.relu(x),
  [tf.Sum]: (mixed, {x}, attrs) => {
    const {axis, keepDims} = attrs as {axis: number | number[]; keepDims?: boolean};
    return [axis].flat().join() === '0' && keepDims !== true ? mixed.columnSums(x) : null;
  },
};

/** Wrap a kernel of tfjs-node by one in mixed precision. */
export function tensorflowMixed(kernel: MixedKernel): (stock: tf.KernelConfig) => tf.KernelConfig {
  return stock => ({
    ...stock,
    kernelFunc: args => {
      const mixed = mixedPrecision(args.backend as NativeBackend);
      const half = mixed === undefined ? null : kernel(mixed, args.inputs as Inputs, args.attrs);
      return half ?? stock.kernelFunc(args);
    },
  });
}
