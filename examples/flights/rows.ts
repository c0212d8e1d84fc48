import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {Table} from './data';

/** All rows of a table as tensors. */
export function asTensors({ids, labels, rows}: Table): {xs: tf.Tensor2D; ys: tf.Tensor2D} {
  return {xs: tf.tensor2d(ids, [rows, ids.length / rows], 'int32'), ys: tf.tensor2d(labels, [rows, 1])};
}

/** Predicted probabilities for all rows of a table. */
export function predict(model: tfl.LayersModel, table: Table): Float32Array {
  const {xs, ys} = asTensors(table);
  const output = model.predict(xs, {batchSize: 10000}) as tf.Tensor;
  const probabilities = output.dataSync() as Float32Array;
  tf.dispose([xs, ys, output]);
  return probabilities;
}
