import * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend} from '../../tfjs_internals';
import {NativeOps} from '../../native/ops';
import {backendWithKernels} from '../../native/kernel_ops';
import type {FrontKernel} from './front_kernel';

/**
 * Stand in for the `GatherV2` kernel of tfjs-node, which checks every index through a closure of its own: for the
 * 16,000 ids of a batch that takes longer than the gather. This one makes the same checks, with the same errors, in one
 * pass. It serves float32 and int32 data with int32 indices; anything else goes to the stock kernel. Rows of float32
 * data come by an op of our own where the addon has it, which does not wait for one row from memory before it asks for
 * the next.
 */
export const tensorflowGather: FrontKernel = ({inputs, backend, attrs}) => {
  const {x, indices} = inputs as {x: tf.TensorInfo; indices: tf.TensorInfo};
  const {batchDims} = attrs as {batchDims: number};
  if ((x.dtype !== 'float32' && x.dtype !== 'int32') || indices.dtype !== 'int32') return null;
  const native = backend as NativeBackend;
  const {binding} = native;
  const [axis] = tf.util.parseAxisParam(attrs!['axis'] as number, x.shape);
  const size = x.shape[axis];
  const values = native.readSync(indices.dataId) as Int32Array;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < 0 || values[i] >= size) {
      throw new Error(`GatherV2: the index value ${values[i]} is not in [0, ${size - 1}]`);
    }
  }
  // For its errors: TensorFlow has others.
  tf.backend_util.segment_util.collectGatherOpShapeInfo(x, indices, axis, batchDims);
  if (x.dtype === 'float32' && axis === 0 && batchDims === 0 && backendWithKernels() === native) {
    return new NativeOps(native).gatherFrom(x as tf.Tensor, indices as tf.Tensor);
  }
  const axisTensor = tf.scalar(axis, 'int32');
  const type = x.dtype === 'float32' ? binding.TF_FLOAT : binding.TF_INT32;
  const result = native.executeSingleOutput(
    tf.GatherV2,
    [
      {name: 'batch_dims', type: binding.TF_ATTR_INT, value: batchDims},
      {name: 'Tparams', type: binding.TF_ATTR_TYPE, value: type},
      {name: 'Tindices', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32},
      {name: 'Taxis', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32},
    ],
    [x, indices, axisTensor],
  );
  axisTensor.dispose();
  return result;
};
