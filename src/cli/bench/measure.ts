import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {formOf, interactionCount} from '../../judge/contestants';
import {LabeledRows} from '../../training/rows';
import {SeededBatches} from '../../training/seeded_batches';
import {randomSelection} from '../../stages/random_selection';
import {SearchStage} from '../../stages/search';
import {buildModel} from '../steps/build_model';
import type {BenchShape} from './shape';

/** Times of one thing, in milliseconds. */
export interface Times {
  median: number;
  min: number;
  max: number;
  /** Number of measurements. */
  count: number;
  /** Rows per second at the median. */
  rowsPerSecond: number;
}

/** Times of one backend for a model. */
export interface Measured {
  /** A step of the search with gradients of validation rows for alpha, a step of the slim model's training. */
  searchStep: Times;
  retrainStep: Times;
  /** Predictions of the slim model by the rows of a batch; each call makes its tensor and reads the result. */
  predict: {[rows: string]: Times};
}

const PREDICTED = [1, 100, 10_000];
/** Steps that are timed together, so that all of their work is done when their time is taken. */
const STEPS = 5;
/** Most and least runs of each measurement, after a first one. */
const MOST = 200;
const LEAST = 3;

/**
 * Measure the current backend.
 *
 * @param seconds How long each measurement runs.
 */
export async function measure({fields, plan, selection, rows}: BenchShape, seconds: number): Promise<Measured> {
  const {batchSize, seed} = plan;
  const {ids, labels} = await rows(Math.max(STEPS * batchSize, PREDICTED[PREDICTED.length - 1]));
  const columns = ids.length / labels.length;
  const xs = tf.tensor2d(ids.subarray(0, STEPS * batchSize * columns), [STEPS * batchSize, columns], 'int32');
  const ys = tf.tensor2d(labels.subarray(0, STEPS * batchSize), [STEPS * batchSize, 1]);
  const {model, optimizer} = buildModel(plan, fields);
  const chosen =
    selection ?? randomSelection(model, {size: Math.max(1, Math.round(interactionCount(model) / 2)), seed});
  const slim = formOf(model, chosen, 'gated', seed);
  const warn = console.warn;
  // A search that ends early warns.
  console.warn = () => {};
  try {
    const search = new SearchStage({heldOut: {xs, ys}});
    const searchStep = await timeSteps(seconds, model, {xs, ys}, batchSize, [search]);
    const retrainStep = await timeSteps(seconds, slim, {xs, ys}, batchSize);
    const predict: Measured['predict'] = {};
    for (const count of PREDICTED) {
      predict[count] = await timeCalls(seconds, count, async () => {
        const input = tf.tensor2d(ids.slice(0, count * columns), [count, columns], 'int32');
        const output = slim.predictOnBatch(input) as tf.Tensor;
        await output.data();
        tf.dispose([input, output]);
      });
    }
    return {searchStep, retrainStep, predict};
  } finally {
    console.warn = warn;
    [model, optimizer, slim, xs, ys].forEach(each => each.dispose());
  }
}

/** Times of a training's steps, each the mean of an epoch's; the first epoch is not counted. */
async function timeSteps(
  seconds: number,
  model: tfl.LayersModel,
  rows: LabeledRows,
  batchSize: number,
  callbacks: tfl.Callback[] = [],
): Promise<Times> {
  const times: number[] = [];
  let began = 0;
  let all = 0;
  const clock = new tfl.CustomCallback({
    onEpochBegin: async () => {
      began = performance.now();
    },
    onEpochEnd: async (epoch: number, logs?: tfl.Logs) => {
      // Reading the loss waits for the epoch's work, where a backend computes on its own.
      await Promise.all(
        Object.values(logs ?? {}).map(value => (typeof value === 'number' ? value : (value as tf.Tensor).data())),
      );
      const ended = performance.now();
      if (epoch === 0) all = ended;
      else times.push((ended - began) / STEPS);
      if (times.length >= LEAST && ended - all > 1e3 * seconds) model.stopTraining = true;
    },
  });
  await model.fitDataset(new SeededBatches(rows, {batchSize, seed: 1}) as never, {
    epochs: MOST,
    verbose: 0,
    callbacks: [...callbacks, clock],
  });
  return timesOf(times, batchSize);
}

async function timeCalls(seconds: number, rows: number, call: () => Promise<void>): Promise<Times> {
  await call();
  const times: number[] = [];
  const end = performance.now() + 1e3 * seconds;
  while (times.length < LEAST || (performance.now() < end && times.length < MOST)) {
    const began = performance.now();
    await call();
    times.push(performance.now() - began);
  }
  return timesOf(times, rows);
}

function timesOf(times: number[], rows: number): Times {
  const sorted = times.sort((a, b) => a - b);
  const median = (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.floor(sorted.length / 2)]) / 2;
  return {
    median,
    min: sorted[0],
    max: sorted[sorted.length - 1],
    count: sorted.length,
    rowsPerSecond: (1e3 * rows) / median,
  };
}
