import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkKeys} from '../checks';
import {predicted} from '../training/evaluation';
import {checkRows, LabeledRows, rowsOf, weightsOf} from '../training/rows';
import {auc} from '../metrics/auc';
import {totalWeight} from '../metrics/row_weights';
import {logloss} from '../metrics/logloss';
import type {CalibrationBin, ModelRecord} from './run_record';

export interface EvaluateModelArgs {
  /** What the report calls the model. */
  name: string;
  role?: ModelRecord['role'];
  model: tfl.LayersModel;
  /** The test rows. */
  rows: LabeledRows;
  /** Interactions that the model computes, of how many; leave it out for a model without gates. */
  interactions?: {open: number; total: number};
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
  const labels = (await rows.ys.data()) as Float32Array;
  const weights = weightsOf(rows);
  const probabilities = predicted(model, rows);
  return {
    name,
    role,
    auc: auc(labels, probabilities, weights),
    logloss: logloss(labels, probabilities, undefined, weights),
    calibration: calibrationBins(labels, probabilities, undefined, weights),
    interactions,
    parameters: model.countParams(),
    bytes: model.weights.reduce((sum, {shape}) => sum + 4 * shape.reduce<number>((size, n) => size * n!, 1), 0),
    latency: latencyRuns === 0 ? null : await latency(model, rows, latencyRuns),
  };
}

/**
 * Rows by rising prediction in bins of as many rows each (up to one more), with mean prediction and share of positives.
 *
 * @param bins How many; default 10. None is empty, so rows of great weight may leave fewer.
 * @param weights One a row, finite numbers >= 0: bins of as much weight each, with weighted means, of the rows with weights above 0.
 */
export function calibrationBins(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  bins = 10,
  weights?: ArrayLike<number>,
): CalibrationBin[] {
  const weightOf = (row: number) => weights?.[row] ?? 1;
  const order = new Uint32Array(labels.length)
    .map((_, i) => i)
    .filter(i => weightOf(i) > 0)
    .sort((a, b) => probabilities[a] - probabilities[b] || a - b);
  const total = totalWeight(labels.length, weights);
  const count = Math.min(bins, order.length);
  const sums = Array.from({length: count}, () => ({rows: 0, weight: 0, predicted: 0, observed: 0}));
  let upTo = 0;
  let bin = 0;
  for (const row of order) {
    const weight = weightOf(row);
    upTo += weight;
    // A row belongs to the last bin that it reaches into.
    while (bin + 1 < count && upTo * count > total * (bin + 1)) bin++;
    const sum = sums[bin];
    sum.rows++;
    sum.weight += weight;
    sum.predicted += weight * probabilities[row];
    sum.observed += weight * labels[row];
  }
  return sums
    .filter(({rows}) => rows > 0)
    .map(({rows, weight, predicted, observed}) => ({rows, predicted: predicted / weight, observed: observed / weight}));
}

/** Milliseconds from a row of ids to its prediction: the middle and the 95th percentile. */
async function latency(model: tfl.LayersModel, {xs, ys}: LabeledRows, runs: number): Promise<ModelRecord['latency']> {
  const total = rowsOf({xs, ys});
  const times: number[] = [];
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
