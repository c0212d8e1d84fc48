import * as tf from '@tensorflow/tfjs-core';
import {AutofisError} from '../../errors';
import {viewsOf} from '../../wasm/heap';
import type {WasmBackend} from '../../tfjs_internals';
import {hasWords} from './wasm_backend';

/**
 * Add rows of `x` into the rows of `sums` that `ids` names: sums[ids[i]] += x[i].
 *
 * @param sums [numSegments * width], changed in place.
 * @param x [ids.length * width].
 * @param ids [N] row of `sums` for each row of `x`; a row outside of `sums` drops that row of `x`.
 * @param width Values per row.
 */
export function addRowsInto(
  sums: Float32Array | Int32Array,
  x: Float32Array | Int32Array,
  ids: ArrayLike<number>,
  width: number,
): void {
  const numSegments = width === 0 ? 0 : sums.length / width;
  for (let i = 0, from = 0; i < ids.length; i++, from += width) {
    const id = ids[i];
    if (id < 0 || id >= numSegments) continue;
    const to = id * width;
    for (let j = 0; j < width; j++) sums[to + j] += x[from + j];
  }
}

function unsortedSegmentSum({
  inputs,
  backend,
  attrs,
}: {
  inputs: tf.NamedTensorInfoMap;
  backend: unknown;
  attrs?: tf.NamedAttrMap;
}): tf.TensorInfo {
  const {x, segmentIds} = inputs as {x: tf.TensorInfo; segmentIds: tf.TensorInfo};
  const numSegments = attrs!.numSegments as number;
  const wasm = backend as WasmBackend;
  if (!hasWords(x) || segmentIds.shape.length !== 1 || segmentIds.shape[0] !== x.shape[0]) {
    throw new AutofisError(
      'unsortedSegmentSum on wasm: `x` must be a float32 or int32 tensor with one row for each of the 1-D ' +
        `\`segmentIds\`. Received: x ${x.dtype} [${x.shape}], segmentIds [${segmentIds.shape}].`,
    );
  }
  const rowShape = x.shape.slice(1);
  const sums = wasm.makeOutput([numSegments, ...rowShape], x.dtype);
  const [values, rows, ids] = viewsOf(wasm, [sums, x, segmentIds]);
  addRowsInto(values.fill(0), rows, ids, tf.util.sizeFromShape(rowShape));
  return sums;
}

/**
 * `UnsortedSegmentSum` for the wasm backend, which lacks it: without this kernel the gradient of
 * `tf.gather`, hence of every embedding, fails there. Works on the wasm heap without copies.
 *
 * x [N, ...], segmentIds [N] -> [numSegments, ...]; ids outside of [0, numSegments) are dropped, as
 * on the cpu backend.
 */
export const wasmUnsortedSegmentSum: tf.KernelConfig = {
  kernelName: tf.UnsortedSegmentSum,
  backendName: 'wasm',
  kernelFunc: unsortedSegmentSum as tf.KernelFunc,
};
