import * as tf from '@tensorflow/tfjs-core';
import {type Effort, SeededBatches} from 'tfjs-autofis';
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
 * Seconds of a usual processor: of logistic regression, tables and cells of one fold, for a million ids and for the
 * root of these; of the gates for a million numbers; of the record for a million rows, for a million rows of a pair and
 * for a pair; of ten passes of a training for a million rows and for a million rows of a pair.
 */
const LINEAR = {each: 10, root: 6.5};
const GATES = 1.3;
const RECORD = {row: 14, product: 0.07, pair: 0.0015};
const TRAINING = {row: 4, product: 0.043};
/** Share of the seconds of a fold's logistic regression, tables and cells that those of the chosen model take. */
const AGAIN = 0.35;
/** Bytes of compiled code and the like, and how often the components of all rows are in memory. */
const CODE = 60e6;
const COPIES = 3;
/** Share of a run after which its speed tells as much as the plan does. */
const TRUST = 0.1;

/** Seconds that the stages of a run take, and how many of them there are. */
export interface RunPlan {
  /** Fits without a fold, each with every penalty; 1 for one held-out part. */
  folds: number;
  penalties: number;
  /** Of all but the trainings of one fold; of one training; of the gates; of the chosen model but its training. */
  fold: number;
  training: number;
  gates: number;
  again: number;
  record: number;
  /** Trainings, and seconds in all. */
  trainings: number;
  total: number;
}

/** The point of a run that a finished stage stands for, in seconds of its plan. */
export type Reached =
  | {stage: 'folds'; done: number}
  | {stage: 'training'; trained: number; share: number}
  | {stage: 'decided'}
  | {stage: 'models'};

/** Numbers of a component for each row that judges. */
function numbersOf(dataset: Dataset, effort: Effort): number {
  const rows = dataset.train.rows + dataset.valid.rows;
  const {evidence, penalties} = effortPlan(effort, fieldsOf(dataset), rows);
  return (evidence.by === 'folds' ? 1 : evidence.share) * rows * pairsOf(dataset).length * penalties.length;
}

/**
 * Plan a run.
 *
 * @param training Seconds of one training; those of a usual processor where it was not measured.
 */
export function planOf(dataset: Dataset, effort: Effort, training?: number): RunPlan {
  const {train, valid, test, width} = dataset;
  const rows = train.rows + valid.rows;
  const {evidence, penalties} = effortPlan(effort, fieldsOf(dataset), rows);
  const folds = evidence.by === 'folds' ? evidence.folds : 1;
  const pairs = pairsOf(dataset).length;
  const [ids, products] = [(rows * width) / 1e6, (rows * pairs) / 1e6];
  const passes = scheduleFor(train.rows).epochs / 10;
  const plan = {
    folds,
    penalties: penalties.length,
    fold: Math.min(LINEAR.each * ids, LINEAR.root * Math.sqrt(ids)),
    training: training ?? passes * ((TRAINING.row * rows) / 1e6 + TRAINING.product * products),
    gates: (GATES * numbersOf(dataset, effort)) / 1e6,
    record: (RECORD.row * (rows + test.rows)) / 1e6 + RECORD.product * products + RECORD.pair * pairs,
    trainings: (folds + 1) * penalties.length + 1,
  };
  const again = AGAIN * plan.fold;
  return {...plan, again, total: folds * plan.fold + plan.trainings * plan.training + plan.gates + again + plan.record};
}

/** Seconds of the plan until a point of the run. */
export function secondsUntil(plan: RunPlan, point: Reached): number {
  const {folds, penalties, fold, training, gates, again, record, total} = plan;
  switch (point.stage) {
    case 'folds':
      return point.done * (fold + penalties * training);
    case 'training': {
      const {trained, share} = point;
      const begun = Math.min(folds, Math.floor(trained / penalties) + 1);
      const isAgain = trained >= folds * penalties;
      return Math.min(begun * fold + (isAgain ? gates + again : 0) + (trained + share) * training, total - record);
    }
    case 'decided':
      return folds * (fold + penalties * training) + gates;
    case 'models':
      return total - record;
  }
}

/**
 * The share of a run that is done, and the seconds left.
 *
 * @param from Seconds of the plan that were done when the run began or continued; `elapsed` seconds ago.
 */
export function progressOf(
  {total}: RunPlan,
  {from, until, elapsed}: {from: number; until: number; elapsed: number},
): {share: number; secondsLeft: number} {
  const trust = TRUST * total;
  return {share: until / total, secondsLeft: ((total - until) * (elapsed + trust)) / (until - from + trust)};
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
  const {epochs, batchSize} = scheduleFor(train.rows);
  return {
    seconds: planOf(dataset, effort, epochs * Math.ceil(rows / batchSize) * step.seconds).total,
    // Rows as they were read, as tensors and joined; weights with two moments.
    bytes: CODE + 4 * (3 * width * (rows + test.rows) + 3 * step.weights + COPIES * numbersOf(dataset, effort)),
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
