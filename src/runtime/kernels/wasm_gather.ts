import * as tf from '@tensorflow/tfjs-core';

/** The part of the wasm backend that the kernel needs. */
interface WasmBackend extends tf.KernelBackend {
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array | Int32Array;
  disposeData(dataId: tf.DataId): boolean;
}

/**
 * Wraps the wasm backend's `GatherV2`, which works out the place of every single value from strides: for the rows of a batch
 * that takes as long as the gates' products. The wrapper copies row by row, with the same check of the indices and the same
 * error. It serves the first axis of float32 and int32 data with int32 indices; anything else goes to the stock kernel.
 *
 * @param stock The kernel as the backend registered it.
 */
export function wasmGather(stock: tf.KernelConfig): tf.KernelConfig {
  const kernelFunc: tf.KernelFunc = ({inputs, backend, attrs}) => {
    const {x, indices} = inputs as {x: tf.TensorInfo, indices: tf.TensorInfo};
    const {axis, batchDims} = attrs as {axis: number, batchDims: number};
    const known = (x.dtype === 'float32' || x.dtype === 'int32') && indices.dtype === 'int32';
    if (!known || axis !== 0 || batchDims !== 0) return stock.kernelFunc({inputs, backend, attrs});
    const wasm = backend as WasmBackend;
    const [size, ...rowShape] = x.shape;
    const width = tf.util.sizeFromShape(rowShape);
    const output = wasm.makeOutput([...indices.shape, ...rowShape], x.dtype);
    // Making the output may have grown the heap, which leaves older views empty: all are taken here.
    const [values, rows, to] = [x, indices, output].map(info => {
      // Floats as bits, so that the loop below is compiled for one kind of array.
      const {buffer, byteOffset, length} = wasm.typedArrayFromHeap(info);
      return new Int32Array(buffer, byteOffset, length);
    });
    for (let i = 0, at = 0; i < rows.length; i++) {
      const row = rows[i];
      if (row < 0 || row >= size) {
        wasm.disposeData(output.dataId);
        throw new Error(`GatherV2: the index value ${row} is not in [0, ${size - 1}]`);
      }
      for (let from = row * width, end = from + width; from < end; from++) to[at++] = values[from];
    }
    return output;
  };
  return {...stock, kernelFunc};
}
