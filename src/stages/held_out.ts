import * as tf from '@tensorflow/tfjs-core';
import {checkInteger, checkKeys} from '../checks';
import {checkRowTensors} from '../metrics/row_tensors';
import {checkWeights} from '../metrics/row_weights';

export interface HeldOut {
  /** Inputs that are not trained on, as `fit` takes them. The caller keeps and disposes them. */
  xs: tf.Tensor | tf.Tensor[];
  /** Their labels. */
  ys: tf.Tensor | tf.Tensor[];
  /**
   * Weights of the rows in the gradients: finite numbers >= 0, [rows] or [rows, 1]. Without them all rows count alike.
   * Class weights passed to `fit` apply to these rows, too.
   */
  weights?: tf.Tensor;
  /** Rows per step; by default `fit`'s batchSize, and 2,000 under `fitDataset`. */
  batchSize?: number;
  /** Decides on the order of the rows, a new one each pass; an integer >= 0, default 1. */
  seed?: number;
}

/** Check that the held-out data is rows of tensors. */
export function checkHeldOut(where: string, heldOut: HeldOut): void {
  checkKeys(`${where}: heldOut`, heldOut, ['xs', 'ys', 'weights', 'batchSize', 'seed']);
  const rows = checkRowTensors(where, 'heldOut', heldOut);
  const {weights} = heldOut;
  if (weights !== undefined) checkWeights(`${where}: \`heldOut\``, weights.dataSync(), rows);
  if (heldOut.batchSize !== undefined) checkInteger(where, 'heldOut.batchSize', heldOut.batchSize, 1);
  if (heldOut.seed !== undefined) checkInteger(where, 'heldOut.seed', heldOut.seed, 0);
}
