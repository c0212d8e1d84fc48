import * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend} from '../../tfjs_internals';

/**
 * Wrap the `Reshape` kernel of tfjs-node, which calls TensorFlow also where the shape stays: gradients of broadcasts
 * reshape what they do not sum. Then the result shares the tensor's data, as `Identity`'s does.
 *
 * @param stock The kernel as tfjs-node registered it.
 */
export function tensorflowReshape(stock: tf.KernelConfig): tf.KernelConfig {
  const kernelFunc: tf.KernelFunc = ({inputs, backend, attrs}) => {
    const {x} = inputs as {x: tf.TensorInfo};
    const {shape} = attrs as {shape: number[]};
    if (!tf.util.arraysEqual(x.shape, shape)) return stock.kernelFunc({inputs, backend, attrs});
    (backend as NativeBackend).incRef(x.dataId);
    return {dataId: x.dataId, shape: x.shape, dtype: x.dtype};
  };
  return {...stock, kernelFunc};
}
