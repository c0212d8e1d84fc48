import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkKeys} from '../checks';
import {predicted} from '../training/evaluation';
import {checkRows, LabeledRows, rowsOf} from '../training/rows';
import {auc} from '../metrics/auc';
import {logloss} from '../metrics/logloss';
import type {CalibrationBin, ModelRecord} from './run';

export interface EvaluateModelArgs {
  /** What the report calls the model. */
  name: string;
  role?: ModelRecord['role'];
  model: tfl.LayersModel;
  /** The test rows. */
  rows: LabeledRows;
  /** Interactions that the model computes, of how many; leave it out for a model without gates. */
  interactions?: {open: number, total: number};
  /** How many one-row predictions are timed, after as many that are not; default 200, 0 for none. */
  latencyRuns?: number;
}

/** Scores, calibration, size and speed of a model, as a report tells them. */
export async function evaluateModel(args: EvaluateModelArgs): Promise<ModelRecord> {
  const where = 'evaluateModel';
  checkKeys(where, args, ['name', 'role', 'model', 'rows', 'interactions', 'latencyRuns']);
  const {name, role = 'other', model, rows, interactions = null, latencyRuns = 200} = args;
  checkRows(where, 'rows', rows);
  checkInteger(where, 'latencyRuns', latencyRuns, 0);
  const labels = await rows.ys.data() as Float32Array, probabilities = predicted(model, rows);
  return {
    name, role, auc: auc(labels, probabilities), logloss: logloss(labels, probabilities),
    calibration: calibrationBins(labels, probabilities), interactions, parameters: model.countParams(),
    bytes: model.weights.reduce((sum, {shape}) => sum + 4 * shape.reduce<number>((size, n) => size * n!, 1), 0),
    latency: latencyRuns === 0 ? null : await latency(model, rows, latencyRuns),
  };
}

/**
 * Rows by rising prediction in bins of as many rows each (up to one more), with mean prediction and share of positives.
 *
 * @param bins How many; default 10.
 */
export function calibrationBins(labels: ArrayLike<number>, probabilities: ArrayLike<number>, bins = 10): CalibrationBin[] {
  const order = new Uint32Array(labels.length).map((_, i) => i)
    .sort((a, b) => probabilities[a] - probabilities[b] || a - b);
  const count = Math.min(bins, order.length);
  return Array.from({length: count}, (_, b) => {
    const own = order.subarray(Math.floor(b * order.length / count), Math.floor((b + 1) * order.length / count));
    const mean = (values: ArrayLike<number>) => own.reduce((sum, i) => sum + values[i], 0) / own.length;
    return {rows: own.length, predicted: mean(probabilities), observed: mean(labels)};
  });
}

/** Milliseconds from a row of ids to its prediction: the middle and the 95th percentile. */
async function latency(model: tfl.LayersModel, {xs, ys}: LabeledRows, runs: number): Promise<ModelRecord['latency']> {
  const total = rowsOf({xs, ys}), times: number[] = [];
  // As many beforehand: the first model of a process would else pay for what the others find compiled.
  const warmup = runs;
  for (let i = 0; i < warmup + runs; i++) {
    const row = i % total;
    const one = (t: tf.Tensor) => tf.slice(t, [row, ...t.shape.slice(1).map(() => 0)], [1, ...t.shape.slice(1)]);
    const input = Array.isArray(xs) ? xs.map(one) : one(xs);
    const start = performance.now();
    const output = model.predict(input) as tf.Tensor;
    await output.data();
    if (i >= warmup) times.push(performance.now() - start);
    tf.dispose([input, output]);
  }
  times.sort((a, b) => a - b);
  const quantile = (q: number) => times[Math.ceil(q * times.length) - 1];
  return {p50: quantile(0.5), p95: quantile(0.95), runs};
}
