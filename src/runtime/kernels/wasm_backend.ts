import type * as tf from '@tensorflow/tfjs-core';

/** The part of tfjs's wasm backend that kernels need. */
export interface WasmBackend extends tf.KernelBackend {
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array | Int32Array;
  disposeData(dataId: tf.DataId): boolean;
}

/** Whether values are four bytes each, which kernels may move as bits. */
export function hasWords({dtype}: tf.TensorInfo): boolean {
  return dtype === 'float32' || dtype === 'int32';
}

/**
 * Where the values of tensors of four bytes a value lie, as integers, so that a loop over them is compiled for one kind of
 * array. Making another tensor may grow the heap, which leaves these views empty.
 */
export function wordsOf(backend: WasmBackend, info: tf.TensorInfo): Int32Array {
  const {buffer, byteOffset, length} = backend.typedArrayFromHeap(info);
  return new Int32Array(buffer, byteOffset, length);
}
