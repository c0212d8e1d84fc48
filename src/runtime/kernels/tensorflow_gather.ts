import * as tf from '@tensorflow/tfjs-core';

/** The part of the tfjs-node backend that the kernel needs. */
interface TensorflowBackend extends tf.KernelBackend {
  readonly binding: {readonly TF_ATTR_TYPE: number, readonly TF_ATTR_INT: number, readonly TF_FLOAT: number, readonly TF_INT32: number};
  executeSingleOutput(
      op: string, attributes: Array<{name: string, type: number, value: number}>,
      inputs: tf.TensorInfo[]): tf.Tensor;
  readSync(dataId: tf.DataId): Int32Array;
}

/**
 * Wraps the `GatherV2` kernel of tfjs-node, which looks at every index through a closure of its own: for the 16,000
 * ids of a batch that takes longer than the gather. The wrapper makes the same check, with the same error, in one pass.
 * It serves float32 and int32 data with int32 indices; anything else goes to the stock kernel.
 *
 * @param stock The kernel as tfjs-node registered it.
 */
export function tensorflowGather(stock: tf.KernelConfig): tf.KernelConfig {
  const kernelFunc: tf.KernelFunc = ({inputs, backend, attrs}) => {
    const {x, indices} = inputs as {x: tf.TensorInfo, indices: tf.TensorInfo};
    const {axis, batchDims} = attrs as {axis: number, batchDims: number};
    if ((x.dtype !== 'float32' && x.dtype !== 'int32') || indices.dtype !== 'int32') {
      return stock.kernelFunc({inputs, backend, attrs});
    }
    const native = backend as TensorflowBackend;
    const {binding} = native;
    const size = x.shape[axis];
    const values = native.readSync(indices.dataId);
    for (let i = 0; i < values.length; i++) {
      if (values[i] < 0 || values[i] >= size) {
        throw new Error(`GatherV2: the index value ${values[i]} is not in [0, ${size - 1}]`);
      }
    }
    const axisTensor = tf.scalar(axis, 'int32');
    const type = x.dtype === 'float32' ? binding.TF_FLOAT : binding.TF_INT32;
    const result = native.executeSingleOutput(tf.GatherV2, [
      {name: 'batch_dims', type: binding.TF_ATTR_INT, value: batchDims},
      {name: 'Tparams', type: binding.TF_ATTR_TYPE, value: type},
      {name: 'Tindices', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32},
      {name: 'Taxis', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32},
    ], [x, indices, axisTensor]);
    axisTensor.dispose();
    return result;
  };
  return {...stock, kernelFunc};
}
