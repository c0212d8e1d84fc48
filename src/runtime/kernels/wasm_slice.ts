import * as tf from '@tensorflow/tfjs-core';
import type {WasmBackend} from '../../tfjs_internals';
import {hasWords, heapWords} from './wasm_backend';
import type {FrontKernel} from './front_kernel';

/**
 * Stand in for the wasm backend's `Slice`, which first copies the whole tensor out of wasm's memory: a batch costs what
 * all rows cost, and a field what all fields cost. This one copies what is asked for, run by run. It serves float32 and
 * int32 data; anything else goes to the stock kernel.
 */
export const wasmSlice: FrontKernel = ({inputs, backend, attrs}) => {
  const x = inputs['x'] as tf.Tensor;
  if (!hasWords(x)) return null;
  const [begin, size] = tf.slice_util.parseSliceParams(x, attrs!['begin'] as number[], attrs!['size'] as number[]);
  return slice(backend as WasmBackend, x, begin, size);
};

/**
 * Stand in for the wasm backend's `SplitV`, which makes each part by a `Slice` of that kind: the gradient of every
 * concatenation.
 */
export const wasmSplit: FrontKernel = ({inputs, backend, attrs}) => {
  const x = inputs['x'] as tf.Tensor;
  if (!hasWords(x)) return null;
  const [axis] = tf.util.parseAxisParam(attrs!['axis'] as number, x.shape);
  const begin = x.shape.map(() => 0);
  return tf.backend_util.prepareSplitSize(x, attrs!['numOrSizeSplits'] as number[], axis).map(count => {
    const part = slice(
      backend as WasmBackend,
      x,
      begin,
      x.shape.map((size, i) => (i === axis ? count : size)),
    );
    begin[axis] += count;
    return part;
  });
};

function slice(backend: WasmBackend, x: tf.TensorInfo, begin: number[], size: number[]): tf.TensorInfo {
  const output = backend.makeOutput(size, x.dtype);
  const [values, to] = heapWords(backend, [x, output]);
  const strides = [...tf.util.computeStrides(x.shape), 1];
  // From this axis on, what is asked for lies side by side.
  const inner = size.reduce((axis, count, i) => (count === x.shape[i] ? axis : i), 0);
  const run = size[inner] * strides[inner];
  let at = 0;
  const copy = (axis: number, start: number) => {
    let from = start + begin[axis] * strides[axis];
    if (axis === inner) for (const end = from + run; from < end; from++) to[at++] = values[from];
    else for (let i = 0; i < size[axis]; i++, from += strides[axis]) copy(axis + 1, from);
  };
  if (to.length > 0) copy(0, 0);
  return output;
}
