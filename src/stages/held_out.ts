import * as tf from '@tensorflow/tfjs-core';
import {checkInteger, checkKeys} from '../checks';
import {checkRowTensors} from '../metrics/row_tensors';
import {checkWeights} from '../metrics/row_weights';

/** Rows that are not trained on. The caller disposes them. */
export interface HeldOut {
  /** Inputs, as `fit` takes them. */
  xs: tf.Tensor | tf.Tensor[];
  /** Their labels. */
  ys: tf.Tensor | tf.Tensor[];
  /** Weights of the rows: finite numbers >= 0, [rows] or [rows, 1]. Without them all rows count alike. */
  weights?: tf.Tensor;
}

/** Held-out rows that give gradients, batch by batch. Class weights passed to `fit` apply to them, too. */
export interface HeldOutBatches extends HeldOut {
  /** Rows per step; by default `fit`'s batchSize, and 2,000 under `fitDataset`. */
  batchSize?: number;
  /** Decides on the order of the rows, a new one each pass; an integer >= 0, default 1. */
  seed?: number;
}

/** Check that held-out rows are tensors with weights in range. */
export function checkHeldOut(where: string, name: string, held: HeldOut, more: readonly string[] = []): void {
  checkKeys(`${where}: ${name}`, held, ['xs', 'ys', 'weights', ...more]);
  const rows = checkRowTensors(where, name, held);
  if (held.weights !== undefined) checkWeights(`${where}: \`${name}\``, held.weights.dataSync(), rows);
}

/** Check the same, and how the rows are read. */
export function checkHeldOutBatches(where: string, name: string, held: HeldOutBatches): void {
  checkHeldOut(where, name, held, ['batchSize', 'seed']);
  if (held.batchSize !== undefined) checkInteger(where, `${name}.batchSize`, held.batchSize, 1);
  if (held.seed !== undefined) checkInteger(where, `${name}.seed`, held.seed, 0);
}
