import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {evaluateMetrics} from '../metrics/epoch_metrics';
import {LabeledRows} from './rows';

/** Quality of a model's predictions on a set of rows. */
export interface Scores {
  auc: number;
  logloss: number;
}

const BATCH = 10000;

/** Predicted probabilities for all rows. */
export function predicted(model: tfl.LayersModel, {xs}: LabeledRows): Float32Array {
  const output = model.predict(xs, {batchSize: BATCH}) as tf.Tensor;
  const probabilities = output.dataSync() as Float32Array;
  output.dispose();
  return probabilities;
}

/** AUC and logloss of a model on rows. */
export async function score(model: tfl.LayersModel, rows: LabeledRows): Promise<Scores> {
  return evaluateMetrics(model, {data: rows});
}
