import * as tf from '@tensorflow/tfjs-core';
import {type Effort, type FieldSpec, SeededBatches} from 'tfjs-autofis';
import {ffm} from 'tfjs-autofis/models';
import type {Estimate} from '../protocol';
import {type Dataset, fieldsOf, tensorsOf} from './dataset';
import {effortPlan} from '../../../src/select/effort';
import {fitModel} from '../../../src/training/fit_model';
import {allInteractions, type Interaction} from '../../../src/interactions';
import {mostPairs} from '../../../src/components/possible_pairs';
import {scheduleFor} from '../../../src/training/schedule';

/** Length of the vectors of products. */
const LENGTH = 8;
/** Steps of the first, short training, in which code is compiled, and milliseconds of the one that is measured. */
const WARM_UP = 24;
const MEASURED = 250;
/**
 * Seconds of a usual processor: of logistic regression, tables and cells for a million ids of one fit, of the gates for
 * a million numbers, and of the record for a million rows of a pair.
 */
const LINEAR = 7;
const GATES = 1;
const RECORD = 0.1;
const START = 1;
/** Pairs from which on the gates take half of their seconds for each number. */
const HALF_PAIRS = 150;
/** Bytes of compiled code and the like, and how often the components of all rows are in memory. */
const CODE = 60e6;
const COPIES = 3;

/** The trainings of a run. */
export interface Trainings {
  /** Fits without a fold, each with every penalty; 1 for one held-out part. */
  folds: number;
  penalties: number;
  /** Share of the rows that judge. */
  judging: number;
  /** All, those on all rows included: of each penalty at most, and of all pairs to compare with. */
  total: number;
}

/** The trainings of a run on some rows. */
export function trainingsOf(fields: readonly FieldSpec[], rows: number, effort: Effort): Trainings {
  const plan = effortPlan(effort, fields, rows);
  const {evidence} = plan;
  const [folds, judging] = evidence.by === 'folds' ? [evidence.folds, 1] : [1, evidence.share];
  const penalties = plan.penalties.length;
  return {folds, penalties, judging, total: (folds + 1) * penalties + 1};
}

/** Where a run stands, in a training that has done a share of its steps, from the seconds that it takes in all. */
export function progressOf(
  {total}: Trainings,
  trained: number,
  {share, seconds}: {share: number; seconds: number},
): {share: number; secondsLeft: number} {
  const done = Math.min(trained, total - 1) + share;
  return {share: done / total, secondsLeft: (total - done) * seconds};
}

/** One step of a training as it was measured, while others compute, too, and the number of the model's weights. */
export interface MeasuredStep {
  seconds: number;
  weights: number;
}

/** Estimate what a run costs: some steps of a training on the rows themselves tell how fast this machine is. */
export async function estimateOf(dataset: Dataset, effort: Effort): Promise<Estimate> {
  const {train, width} = dataset;
  const {batchSize} = scheduleFor(train.rows);
  const rows = Math.min(train.rows, batchSize * WARM_UP);
  const some = tensorsOf(
    {ids: train.ids.subarray(0, rows * width), labels: train.labels.subarray(0, rows), rows},
    width,
  );
  const step = await measured(dataset, new SeededBatches(some, {batchSize, seed: 1}));
  tf.dispose([some.xs, some.ys]);
  return costOf(dataset, effort, step);
}

/** What a run costs whose steps take the seconds that were measured. */
function costOf(dataset: Dataset, effort: Effort, step: MeasuredStep): Estimate {
  const {train, valid, test, width} = dataset;
  const rows = train.rows + valid.rows;
  const {folds, penalties, judging, total} = trainingsOf(fieldsOf(dataset), rows, effort);
  const {epochs, batchSize} = scheduleFor(train.rows);
  const steps = epochs * Math.ceil(rows / batchSize);
  const pairs = pairsOf(dataset).length;
  const numbers = judging * rows * pairs * penalties;
  return {
    seconds:
      START +
      total * steps * step.seconds +
      (LINEAR * (folds + 1) * rows * width + GATES * numbers * (pairs / (pairs + HALF_PAIRS)) + RECORD * rows * pairs) /
        1e6,
    // Rows as they were read, as tensors and joined; weights with two moments.
    bytes: CODE + 4 * (3 * width * (rows + test.rows) + 3 * step.weights + COPIES * numbers),
  };
}

/** Take the number of pairs that may interact; which ones these are is known later. */
function pairsOf(dataset: Dataset): Interaction[] {
  const {train, valid} = dataset;
  return allInteractions(fieldsOf(dataset).length, 2).slice(0, mostPairs(train.rows + valid.rows));
}

async function measured(dataset: Dataset, batches: SeededBatches): Promise<MeasuredStep> {
  const time = async (epochs: number) => {
    const model = ffm({fields: fieldsOf(dataset), interactions: pairsOf(dataset), embeddingDim: LENGTH, seed: 1});
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
