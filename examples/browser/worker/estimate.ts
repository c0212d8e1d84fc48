import * as tf from '@tensorflow/tfjs-core';
import {
  type Effort,
  fitModel,
  libraryForms,
  type ModelForm,
  mostInteracting,
  scheduleFor,
  SeededBatches,
  type TrainingJob,
} from 'tfjs-autofis';
import type {Estimate, Trace} from '../protocol';
import {type Dataset, fieldsOf, tensorsOf} from './dataset';

/**
 * Trainings of each effort at most: bases, sets that the gates leave open, the best of them in another length and with
 * crosses, and those on all rows.
 */
const TRAININGS: Record<Effort, number> = {quick: 8, normal: 17, thorough: 23};
/** Trainings on all rows, the last ones: of the choice and a rival, and of either three with effort 'thorough'. */
const FINAL: Record<Effort, number> = {quick: 2, normal: 2, thorough: 6};
/** Trainings with all pairs that a run makes on average, the last one of a rival included; and those with some. */
const WHOLE: Record<Effort, number> = {quick: 2, normal: 7, thorough: 10.5};
const SLIM: Record<Effort, number> = {quick: 6, normal: 8, thorough: 10};
/** Pairs that these have, and how much longer their vectors are. */
const KEPT = 10;
const LONGER = 4;
/** Trainings of folds, counted by their rows, on average over tables whose validation rows may be too few. */
const IN_FOLDS = 3;
/** Rows of the rarer label in half of the validation rows from which on these decide alone. */
const ENOUGH = 10_000;
/** Steps of the first, short training, in which code is compiled, and milliseconds of the one that is measured. */
const WARM_UP = 24;
const MEASURED = 250;
/**
 * Seconds of a usual processor: of logistic regression and GA2M for a million ids, of the gates for a million products
 * where pairs are many, and of the record for a million rows of a pair. Measured on flights and on 20 and 57 columns.
 */
const LINEAR = 7;
const GATES = 1;
const RECORD = 0.1;
const START = 1;
/** Pairs from which on the gates take half of their seconds for each product. */
const HALF_PAIRS = 150;
/** Numbers that gates are fitted to at most. */
const MOST_PRODUCTS = 4e6;
/**
 * Bytes of compiled code and the like, and how often products are in memory: for gates, half-samples and what they
 * leave.
 */
const CODE = 60e6;
const COPIES = 22;

/** Where a run stands, in a training that has done a share of its steps, from the seconds that it takes in all. */
export function progressOf(
  effort: Effort,
  {trained, refitted}: Trace,
  {purpose, share, seconds}: {purpose: TrainingJob['purpose']; share: number; seconds: number},
): {share: number; secondsLeft: number} {
  const all = TRAININGS[effort];
  // A run that cross-validates trains more often: the bar then waits at its last training.
  const before = all - FINAL[effort];
  const done = share + (purpose === 'again' ? Math.min(before + refitted, all - 1) : Math.min(trained, before - 1));
  return {share: done / all, secondsLeft: (all - done) * seconds};
}

/** One step of a training as it was measured, while others compute, too, and the number of the model's weights. */
export interface MeasuredStep {
  seconds: number;
  weights: number;
}

/** What a run will cost: some steps of the first base on the rows themselves tell how fast this machine is. */
export async function estimateOf(dataset: Dataset, effort: Effort): Promise<Estimate> {
  const {train, width} = dataset;
  const {schedule, bases} = planOf(dataset);
  const rows = Math.min(train.rows, schedule.batchSize * WARM_UP);
  const some = tensorsOf(
    {ids: train.ids.subarray(0, rows * width), labels: train.labels.subarray(0, rows), rows},
    width,
  );
  const [form] = bases[effort][0](null);
  const step = await measured(form, new SeededBatches(some, {batchSize: schedule.batchSize, seed: 1}));
  tf.dispose([some.xs, some.ys]);
  return costOf(dataset, effort, step);
}

/** What a run costs whose steps take the seconds that were measured. */
export function costOf(dataset: Dataset, effort: Effort, step: MeasuredStep): Estimate {
  const {train, valid, test, width} = dataset;
  const {schedule, bases} = planOf(dataset);
  const steps = schedule.epochs * Math.ceil(train.rows / schedule.batchSize);
  const mayInteract = Math.min(width, mostInteracting(train.rows));
  const pairs = (mayInteract * (mayInteract - 1)) / 2;
  const products = Math.min(MOST_PRODUCTS, (valid.rows / 2) * pairs);
  const positives = valid.labels.reduce((sum, label) => sum + label, 0);
  const isFew = Math.min(positives, valid.rows - positives) / 2 < ENOUGH;
  const whole = WHOLE[effort] + (isFew ? IN_FOLDS : 0);
  const ids = width * (train.rows + valid.rows + test.rows);
  return {
    seconds:
      START +
      (whole + SLIM[effort] * Math.min(1, KEPT / pairs) * LONGER) * steps * step.seconds +
      (LINEAR * train.rows * width +
        bases[effort].length * GATES * products * (pairs / (pairs + HALF_PAIRS)) +
        RECORD * train.rows * pairs) /
        1e6,
    // Rows as they were read, as tensors and joined for the last trainings; weights with two moments.
    bytes: CODE + 4 * (3 * ids + 3 * step.weights + COPIES * products),
  };
}

function planOf(dataset: Dataset) {
  const {rows} = dataset.train;
  const schedule = scheduleFor(rows);
  const fields = fieldsOf(dataset);
  // Which fields of many may interact is known later: these stand for them.
  const some = new Set(fields.slice(0, mostInteracting(rows)).map(({name}) => name));
  return {schedule, bases: libraryForms(fields, schedule, rows, some).bases};
}

async function measured(form: ModelForm, batches: SeededBatches): Promise<MeasuredStep> {
  const time = async (epochs: number) => {
    const model = form.build(form.all, 1);
    const begun = performance.now();
    await fitModel(model, batches, {epochs, callbacks: []});
    const milliseconds = performance.now() - begun;
    const weights = model.countParams();
    model.dispose();
    return {milliseconds, weights};
  };
  const {milliseconds: first, weights} = await time(1);
  const epochs = Math.max(1, Math.round(MEASURED / first));
  const {milliseconds} = await time(epochs);
  return {seconds: milliseconds / epochs / batches.size / 1000, weights};
}
