import * as tf from '@tensorflow/tfjs-core';

/**
 * Wrap the wasm backend's `Identity`, which copies: every `tf.clone`, hence every tensor that a gradient keeps, some
 * sixty in a step. The wrapper gives another name to the same memory, as the cpu backend does and as `Reshape` does on
 * wasm: tensors never change, and memory is freed with its last name. Strings go to the stock kernel.
 *
 * @param stock The kernel as the backend registered it.
 */
export function wasmIdentity(stock: tf.KernelConfig): tf.KernelConfig {
  const kernelFunc: tf.KernelFunc = ({inputs, backend, attrs}) => {
    const {x} = inputs as {x: tf.TensorInfo};
    if (x.dtype === 'string') return stock.kernelFunc({inputs, backend, attrs});
    (backend as tf.KernelBackend).incRef(x.dataId);
    return {dataId: x.dataId, shape: x.shape, dtype: x.dtype};
  };
  return {...stock, kernelFunc};
}
