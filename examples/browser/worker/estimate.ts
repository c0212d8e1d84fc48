import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {
  type Effort,
  ffmForm,
  fitModel,
  fmForm,
  type ModelForm,
  scheduleFor,
  SeededBatches,
  type TrainingJob,
} from 'tfjs-autofis';
import type {Estimate, Way} from '../protocol';
import {type Dataset, fieldsOf, tensorsOf} from './dataset';

/** Trainings of each effort at most: bases, sets that the gates leave open, crosses, and two on all rows. */
const TRAININGS: Record<Effort, number> = {quick: 6, normal: 8, thorough: 9};
/** Trainings on all rows, the last ones. */
const FINAL = 2;
/** Of all trainings, those that a run makes on average. */
const USUAL = 0.75;
/** Steps that are measured at most. The first ones are slow, as code is compiled. */
const MEASURED = 24;
/** Numbers that gates are fitted to at most, and seconds for each million of them on a usual processor. */
const MOST_PRODUCTS = 4e6;
const SECONDS_A_MILLION = 1.2;

/** Where a run stands, in a training that has done a share of its steps and takes so many seconds in all. */
export function progressOf(
  effort: Effort,
  {trained, refitted}: Way,
  {purpose, share, seconds}: {purpose: TrainingJob['purpose']; share: number; seconds: number},
): {share: number; secondsLeft: number} {
  const all = TRAININGS[effort];
  // A run that cross-validates trains more often: the bar then waits at its last training.
  const done =
    share + (purpose === 'again' ? Math.min(all - FINAL + refitted, all - 1) : Math.min(trained, all - FINAL - 1));
  return {share: done / all, secondsLeft: (all - done) * seconds};
}

/** What a run will cost: some steps of each base on the rows themselves tell how fast this machine is. */
export async function estimateOf(dataset: Dataset, effort: Effort): Promise<Estimate> {
  const fields = fieldsOf(dataset);
  const {train, valid, test, width} = dataset;
  const schedule = scheduleFor(train.rows);
  const steps = schedule.epochs * Math.ceil(train.rows / schedule.batchSize);
  const bases = [
    fmForm({fields, embeddingDim: 16, l2: 0.012}),
    ...(effort === 'quick' ? [] : [ffmForm({fields, embeddingDim: 8, l2: 0.006})]),
  ];
  const rows = Math.min(train.rows, schedule.batchSize * MEASURED);
  const some = tensorsOf(
    {ids: train.ids.subarray(0, rows * width), labels: train.labels.subarray(0, rows), rows},
    width,
  );
  let slowest = 0;
  let tables = 0;
  for (const form of bases) {
    const {seconds, weights} = await measured(form, new SeededBatches(some, {batchSize: schedule.batchSize, seed: 1}));
    slowest = Math.max(slowest, seconds);
    tables = Math.max(tables, weights);
  }
  tf.dispose([some.xs, some.ys]);
  const pairs = (fields.length * (fields.length - 1)) / 2;
  const products = Math.min(MOST_PRODUCTS, (valid.rows / 2) * pairs);
  const ids = width * (train.rows + valid.rows + test.rows);
  return {
    seconds: USUAL * TRAININGS[effort] * steps * slowest + bases.length * (products / 1e6) * SECONDS_A_MILLION,
    // Rows as they were read, as tensors and joined for the last trainings; weights with two moments; products twice.
    bytes: 4 * (3 * ids + 3 * tables + 2 * products + 2 * schedule.batchSize * pairs),
  };
}

/** Milliseconds of each step. */
class Stopwatch extends tfl.Callback {
  readonly times: number[] = [];
  private last = performance.now();

  override async onBatchEnd(): Promise<void> {
    const now = performance.now();
    this.times.push(now - this.last);
    this.last = now;
  }
}

/** Seconds of one step, and the number of weights. */
async function measured(form: ModelForm, batches: SeededBatches): Promise<{seconds: number; weights: number}> {
  const model = form.build(form.all, 1);
  const weights = model.countParams();
  const watch = new Stopwatch();
  await fitModel(model, batches, {epochs: 1, callbacks: [watch]});
  model.dispose();
  // The lower quartile: what slows a step for a moment does not slow the run.
  return {seconds: watch.times.sort((x, y) => x - y)[watch.times.length >> 2] / 1000, weights};
}
