import type * as tf from '@tensorflow/tfjs-core';
import {isWorthCasts} from '../../native/mixed_products';
import {mixedProducts} from '../../native/precision';
import type {NativeBackend} from '../../tfjs_internals';

/**
 * Wrap the `BatchMatMul` kernel of tfjs-node, which all products of dense layers and of their gradients go through:
 * where mixed precision is on, large ones are computed in bfloat16.
 *
 * @param stock The kernel as tfjs-node registered it.
 */
export function tensorflowMatMul(stock: tf.KernelConfig): tf.KernelConfig {
  const kernelFunc: tf.KernelFunc = ({inputs, backend, attrs}) => {
    const mixed = mixedProducts(backend as NativeBackend);
    const {a, b} = inputs as {a: tf.TensorInfo; b: tf.TensorInfo};
    const {transposeA, transposeB} = attrs as {transposeA: boolean; transposeB: boolean};
    return mixed !== undefined && isWorthCasts(a, b, transposeA, transposeB)
      ? mixed.product(a, b, transposeA, transposeB)
      : stock.kernelFunc({inputs, backend, attrs});
  };
  return {...stock, kernelFunc};
}
