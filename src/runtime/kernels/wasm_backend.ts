import type * as tf from '@tensorflow/tfjs-core';
import {viewsOf} from '../../wasm/heap';
import type {WasmBackend} from '../../tfjs_internals';

/** Tell whether values take four bytes each, so that kernels may move them as bits. */
export function hasWords({dtype}: tf.TensorInfo): boolean {
  return dtype === 'float32' || dtype === 'int32';
}

/**
 * {@link viewsOf} tensors of four bytes per value, as integers: a loop over them is then compiled for one kind of
 * array.
 */
export function heapWords(backend: WasmBackend, infos: readonly tf.TensorInfo[]): Int32Array[] {
  return viewsOf(backend, infos).map(({buffer, byteOffset, length}) => new Int32Array(buffer, byteOffset, length));
}
