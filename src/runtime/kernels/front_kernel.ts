import type * as tf from '@tensorflow/tfjs-core';

/** A kernel in front of the one that a backend registered, its stock kernel; null for what stays with that. */
export type FrontKernel = (
  args: Parameters<tf.KernelFunc>[0],
  stock: tf.KernelConfig,
) => tf.TensorInfo | tf.TensorInfo[] | null;

/** Put a kernel in front of a stock one. */
export function inFrontOf(stock: tf.KernelConfig, kernel: FrontKernel): tf.KernelConfig {
  return {...stock, kernelFunc: args => kernel(args, stock) ?? stock.kernelFunc(args)};
}
