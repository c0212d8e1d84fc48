import * as tf from '@tensorflow/tfjs-core';
import {WasmBackend, wasmBackend} from '../tfjs_internals';

export type Values = Float32Array | Int32Array;

/** Tell whether tensor values can be read at once, without waiting for a device. */
export function hasValuesAtHand(): boolean {
  return ['wasm', 'cpu'].includes(tf.getBackend());
}

/**
 * Where the values of tensors lie on wasm's heap. Making another tensor may grow the heap, which detaches these views.
 *
 * A tensor of another backend moves to wasm when it is first asked for, and that makes a tensor, too: so all of them
 * move before the first view is taken.
 */
export function viewsOf(backend: WasmBackend, infos: readonly tf.TensorInfo[]): Values[] {
  for (const {dataId} of infos) backend.dataIdMap.get(dataId);
  return infos.map(info => backend.typedArrayFromHeap(info));
}

/**
 * The values of tensors: on wasm where they lie, until the next tensor is made, which may move the heap; elsewhere a
 * copy.
 */
export function valuesOf(...tensors: tf.Tensor[]): Values[] {
  const backend = wasmBackend();
  return backend === null ? tensors.map(tensor => tensor.dataSync() as Values) : viewsOf(backend, tensors);
}

/**
 * A new float32 tensor whose values `fill` writes from those of `inputs`: on wasm all of them where they lie. `fill`
 * makes no tensors.
 */
export function filledTensor(
  shape: number[],
  inputs: readonly tf.Tensor[],
  fill: (result: Float32Array, ...inputs: Values[]) => void,
): tf.Tensor {
  const backend = wasmBackend();
  if (backend === null) {
    const values = new Float32Array(tf.util.sizeFromShape(shape));
    fill(values, ...valuesOf(...inputs));
    return tf.tensor(values, shape, 'float32');
  }
  const info = backend.makeOutput(shape, 'float32');
  const [result, ...values] = viewsOf(backend, [info, ...inputs]);
  fill(result as Float32Array, ...values);
  return tf.engine().makeTensorFromTensorInfo(info);
}
