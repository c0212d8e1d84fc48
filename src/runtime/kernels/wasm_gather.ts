import * as tf from '@tensorflow/tfjs-core';
import type {WasmBackend} from '../../tfjs_internals';
import {hasWords, heapWords} from './wasm_backend';
import type {FrontKernel} from './front_kernel';

/**
 * Stand in for the wasm backend's `GatherV2`, which works out the place of every single value from strides: for the
 * rows of a batch that takes as long as the gates' products, for the sides of all pairs most of AFM's time. This one
 * copies row by row, with the same check of the indices and the same error. It serves any axis of float32 and int32
 * data with int32 indices and no batch dimensions; anything else goes to the stock kernel.
 */
export const wasmGather: FrontKernel = ({inputs, backend, attrs}) => {
  const {x, indices} = inputs as {x: tf.TensorInfo; indices: tf.TensorInfo};
  const {axis, batchDims} = attrs as {axis: number; batchDims: number};
  if (!hasWords(x) || indices.dtype !== 'int32' || batchDims !== 0) return null;
  const wasm = backend as WasmBackend;
  const [at] = tf.util.parseAxisParam(axis, x.shape);
  const before = x.shape.slice(0, at);
  const size = x.shape[at];
  const rowShape = x.shape.slice(at + 1);
  const output = wasm.makeOutput([...before, ...indices.shape, ...rowShape], x.dtype);
  const [values, rows, to] = heapWords(wasm, [x, indices, output]);
  const bad = rows.find(row => row < 0 || row >= size);
  if (bad !== undefined) {
    wasm.disposeData(output.dataId);
    throw new Error(`GatherV2: the index value ${bad} is not in [0, ${size - 1}]`);
  }
  const width = tf.util.sizeFromShape(rowShape);
  const end = tf.util.sizeFromShape(before) * size;
  for (let start = 0, k = 0; start < end; start += size) {
    for (let i = 0; i < rows.length; i++) {
      for (let from = (start + rows[i]) * width, last = from + width; from < last; from++) to[k++] = values[from];
    }
  }
  return output;
};
