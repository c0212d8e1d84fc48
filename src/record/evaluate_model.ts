import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {checkKeys} from '../checks';
import {predicted} from '../training/evaluation';
import {checkRows, LabeledRows, weightsOf} from '../training/rows';
import {auc} from '../metrics/auc';
import {gaucOrNull} from '../metrics/gauc';
import {logloss} from '../metrics/logloss';
import type {AutoSelection} from '../select/auto_select';
import {compareOnTest, TestComparison, type TestRows} from '../select/compare_on_test';
import type {ModelComparison, ModelRecord} from './run_record';
import {calibrationBins} from './calibration_bins';

export interface EvaluateModelArgs {
  /** Name of the model in the report. */
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
 * Scores, calibration and size of a model for a report, and whether the test rows can tell it from the chosen one.
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
    ...groupedAuc({labels, weights, groups: rows.groups}, probabilities),
    calibration: calibrationBins(labels, probabilities, undefined, weights),
    interactions,
    parameters: countParameters(model),
    bytes: 4 * model.countParams(),
    comparison: chosen === undefined ? null : comparisonOf(compareOnTest(chosen, [model], rows).comparisons[0]),
  };
}

/** Count the parameters of a model: the numbers in all its weights except ids that a layer looks up. */
export function countParameters({weights}: tfl.LayersModel): number {
  const learned = weights.filter(({dtype}) => dtype !== 'int32');
  return learned.reduce((sum, {shape}) => sum + tf.util.sizeFromShape(shape as number[]), 0);
}

/** Mean AUC of groups, where test rows have groups of both labels. */
export function groupedAuc(
  {labels, weights, groups}: TestRows,
  probabilities: ArrayLike<number>,
): Pick<ModelRecord, 'gauc'> {
  const gauc = groups === undefined ? null : gaucOrNull(labels, probabilities, groups, weights);
  return gauc === null ? {} : {gauc};
}

/** A comparison without the other model's scores, which its record has. */
function comparisonOf({auc, logloss, verdict}: TestComparison): ModelComparison {
  return {auc, logloss, verdict};
}

/**
 * The models of a selection on the test rows, by the comparisons that `autoSelect` made: the chosen one, and logistic
 * regression and all interactions unless one of them was chosen.
 *
 * @param rows The test rows that were given to `autoSelect`.
 */
export async function evaluateSelection(result: AutoSelection, rows: LabeledRows): Promise<ModelRecord[]> {
  const {model, selection, decision, rivals} = result;
  const total = decision.interactions.length;
  const interactionsOf = (open: number) => (open === 0 ? undefined : {open, total});
  const chosen = await evaluateModel({
    name:
      selection.length === 0
        ? 'logistic regression'
        : `${[selection.length, total].map(count => count.toLocaleString('en')).join(' of ')} interactions`,
    role: 'after',
    model,
    rows,
    interactions: interactionsOf(selection.length),
  });
  const records = [chosen];
  for (const {role, name, interactions, model: rival, test} of rivals) {
    const record = await evaluateModel({
      name,
      role: role === 'all' ? 'before' : role,
      model: rival,
      rows,
      interactions: interactionsOf(interactions),
    });
    records.push({...record, comparison: comparisonOf(test)});
  }
  return records;
}
