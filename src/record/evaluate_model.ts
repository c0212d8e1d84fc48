import type * as tfl from '@tensorflow/tfjs-layers';
import {checkKeys} from '../checks';
import {predicted} from '../training/evaluation';
import {checkRows, LabeledRows, weightsOf} from '../training/rows';
import {auc} from '../metrics/auc';
import {totalWeight} from '../metrics/row_weights';
import {logloss} from '../metrics/logloss';
import type {AutoSelection} from '../select/auto_select';
import type {Candidate} from '../select/candidate';
import {compareOnTest, TestComparison} from '../select/compare_on_test';
import type {CalibrationBin, ModelComparison, ModelRecord} from './run_record';

export interface EvaluateModelArgs {
  /** What the report calls the model. */
  name: string;
  role?: ModelRecord['role'];
  model: tfl.LayersModel;
  /** The test rows. */
  rows: LabeledRows;
  /** Interactions that the model computes, of how many; leave it out for a model without gates. */
  interactions?: {open: number; total: number};
  /** The chosen model, to compare this one with. */
  chosen?: tfl.LayersModel;
}

/**
 * Scores, calibration and size of a model, as a report tells them; and whether the test rows can tell it from the
 * chosen one.
 *
 * @throws AutofisError if the rows cannot be scored.
 */
export async function evaluateModel(args: EvaluateModelArgs): Promise<ModelRecord> {
  const where = 'evaluateModel';
  checkKeys(where, args, ['name', 'role', 'model', 'rows', 'interactions', 'chosen']);
  const {name, role = 'other', model, rows, interactions = null, chosen} = args;
  checkRows(where, 'rows', rows);
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
    comparison: chosen === undefined ? null : comparisonOf(compareOnTest(chosen, [model], rows).comparisons[0]),
  };
}

/** A comparison without the other model's scores, which its record has. */
function comparisonOf({auc, logloss, words}: TestComparison): ModelComparison {
  return {auc, logloss, words};
}

/**
 * The models of a selection on the test rows, by the comparisons that `autoSelect` made: the chosen one, and logistic
 * regression and all interactions unless one of them was chosen.
 *
 * @param rows The test rows that were given to `autoSelect`.
 */
export async function evaluateSelection(found: AutoSelection, rows: LabeledRows): Promise<ModelRecord[]> {
  const {model, chosen, rivals, candidates} = found;
  const total = Math.max(...candidates.map(({selection}) => selection.length));
  const interactionsOf = ({selection, ridge}: Candidate) =>
    ridge === null ? {open: selection.length, total} : undefined;
  const records = [
    await evaluateModel({name: chosen.name, role: 'after', model, rows, interactions: interactionsOf(chosen)}),
  ];
  for (const {candidate, model: rival, test} of rivals) {
    const {name, ridge} = candidate;
    const role = ridge === null ? 'before' : 'linear';
    records.push({
      ...(await evaluateModel({name, role, model: rival, rows, interactions: interactionsOf(candidate)})),
      comparison: comparisonOf(test),
    });
  }
  return records;
}

/**
 * Rows by rising prediction in bins of as many rows each (up to one more), with mean prediction and share of positives.
 *
 * @param bins How many; default 10. None is empty, so rows of great weight may leave fewer.
 * @param weights One a row, finite numbers >= 0: bins of as much weight each, with weighted means, of the rows with
 *   weights above 0.
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
