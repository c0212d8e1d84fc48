import * as tf from '@tensorflow/tfjs-core';
import type {NativeBackend} from '../../tfjs_internals';

/** Tell whether a kernel's result would equal its input. */
type IsUnchanged = (x: tf.TensorInfo, attrs: unknown) => boolean;

// tfjs-node calls TensorFlow for these also where nothing changes, as gradients of broadcasts and losses do.
export const isReshapeUnchanged: IsUnchanged = (x, attrs) =>
  tf.util.arraysEqual(x.shape, (attrs as {shape: number[]}).shape);
export const isCastUnchanged: IsUnchanged = (x, attrs) => x.dtype === (attrs as {dtype: tf.DataType}).dtype;

/** Wrap a kernel of tfjs-node: where nothing changes the result shares the input's data, as that of `Identity` does. */
export function tensorflowUnchanged(isUnchanged: IsUnchanged): (stock: tf.KernelConfig) => tf.KernelConfig {
  return stock => ({
    ...stock,
    kernelFunc: args => {
      const {x} = args.inputs as {x: tf.TensorInfo};
      if (!isUnchanged(x, args.attrs)) return stock.kernelFunc(args);
      (args.backend as NativeBackend).incRef(x.dataId);
      return {dataId: x.dataId, shape: x.shape, dtype: x.dtype};
    },
  });
}
