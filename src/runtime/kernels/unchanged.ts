import * as tf from '@tensorflow/tfjs-core';
import type {FrontKernel} from './front_kernel';

/** Where a result equals its input, let it share the input's data: tensors never change. */
function unchanged(isUnchanged: (x: tf.TensorInfo, attrs: unknown) => boolean): FrontKernel {
  return ({inputs, backend, attrs}) => {
    const {x} = inputs as {x: tf.TensorInfo};
    if (!isUnchanged(x, attrs)) return null;
    (backend as tf.KernelBackend).incRef(x.dataId);
    return {dataId: x.dataId, shape: x.shape, dtype: x.dtype};
  };
}

// tfjs-node calls TensorFlow for these also where nothing changes, as gradients of broadcasts and losses do.
export const tensorflowReshape = unchanged((x, attrs) =>
  tf.util.arraysEqual(x.shape, (attrs as {shape: number[]}).shape),
);
export const tensorflowCast = unchanged((x, attrs) => x.dtype === (attrs as {dtype: tf.DataType}).dtype);

/**
 * `Identity` for wasm, whose kernel copies: every `tf.clone`, hence every tensor that a gradient keeps, some sixty in a
 * step. As on the cpu backend and as `Reshape` does on wasm, the result is another name of the same memory, which is
 * freed with its last name. Strings go to the stock kernel.
 */
export const wasmIdentity = unchanged(({dtype}) => dtype !== 'string');
