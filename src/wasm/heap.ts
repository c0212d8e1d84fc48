import * as tf from '@tensorflow/tfjs-core';
import type {WasmBackend} from './module';

/** Whether the values of a tensor can be read at once, without waiting for a device. */
export function hasValuesAtHand(): boolean {
  return ['wasm', 'cpu'].includes(tf.getBackend());
}

/** A tensor's values: on wasm where they lie, until the next tensor is made, which may move the heap; elsewhere a copy. */
export function valuesOf(tensor: tf.Tensor): Float32Array | Int32Array {
  if (tf.getBackend() !== 'wasm') return tensor.dataSync() as Float32Array | Int32Array;
  return (tf.backend() as WasmBackend).typedArrayFromHeap(tensor);
}

/** A new float32 tensor whose values `fill` writes: on wasm where they are to lie. `fill` makes no tensors. */
export function filledTensor(shape: number[], fill: (values: Float32Array) => void): tf.Tensor {
  if (tf.getBackend() !== 'wasm') {
    const values = new Float32Array(tf.util.sizeFromShape(shape));
    fill(values);
    return tf.tensor(values, shape, 'float32');
  }
  const backend = tf.backend() as WasmBackend;
  const info = backend.makeOutput(shape, 'float32');
  fill(backend.typedArrayFromHeap(info) as Float32Array);
  return tf.engine().makeTensorFromTensorInfo(info);
}
