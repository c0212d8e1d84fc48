import type * as tfl from '@tensorflow/tfjs-layers';
import {aucInterval} from '../metrics/auc_difference';
import {loglossDifference} from '../metrics/logloss_difference';
import {INTERVAL} from '../statistics';
import {predicted, Scores} from '../training/evaluation';
import {LabeledRows, labelsOfRows, weightsOf} from '../training/rows';
import {auc} from '../metrics/auc';
import {logloss} from '../metrics/logloss';

/** Comparison of the chosen model with another one on the test rows. */
export interface TestComparison {
  /** Test scores of the other one. */
  scores: Scores;
  /**
   * AUC of the chosen model less that of the other one; DeLong's standard error, that of groups where rows have some:
   * 1.96 of them to each side are a 95 % interval by Student's t.
   */
  auc: {difference: number; standardError: number};
  /** Logloss of the chosen model less that of the other one: below 0 is better. */
  logloss: {difference: number; standardError: number};
  /** Conclusion from the AUCs at the 95 % level. */
  verdict: 'better' | 'worse' | 'undecided';
}

/** Score models on test rows, the first one compared with each of the others. */
export function compareOnTest(
  chosen: tfl.LayersModel,
  others: readonly tfl.LayersModel[],
  test: LabeledRows,
): {scores: Scores; comparisons: TestComparison[]} {
  const rows = {labels: labelsOfRows(test), weights: weightsOf(test), groups: test.groups};
  const predictions = predicted(chosen, test);
  return {
    scores: scoresOf(rows, predictions),
    comparisons: others.map(model => comparePredictions(rows, predictions, predicted(model, test))),
  };
}

/** Test rows as arrays: their labels, what each counts, and the group that it belongs to. */
export interface TestRows {
  labels: Float32Array;
  weights?: Float32Array;
  groups?: ArrayLike<number>;
}

/** Compare predictions with those of another model for the same rows. */
export function comparePredictions(
  rows: TestRows,
  predictions: ArrayLike<number>,
  other: ArrayLike<number>,
): TestComparison {
  const {labels, weights, groups} = rows;
  const difference = aucInterval(labels, predictions, other, weights, groups);
  return {
    scores: scoresOf(rows, other),
    auc: difference,
    logloss: loglossDifference(labels, predictions, other, weights, groups),
    verdict: verdictOn(difference),
  };
}

function scoresOf({labels, weights}: TestRows, predictions: ArrayLike<number>): Scores {
  return {auc: auc(labels, predictions, weights), logloss: logloss(labels, predictions, undefined, weights)};
}

/** Return better, worse or undecided, by whether the 95 % interval of the difference holds 0. */
export function verdictOn({
  difference,
  standardError,
}: {
  difference: number;
  standardError: number;
}): TestComparison['verdict'] {
  if (Math.abs(difference) <= INTERVAL * standardError) return 'undecided';
  return difference > 0 ? 'better' : 'worse';
}
