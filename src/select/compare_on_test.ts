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
   * AUC of the chosen model less that of the other one; DeLong's standard error, larger where rows of a label are few:
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
  const labels = labelsOfRows(test);
  const weights = weightsOf(test);
  const own = predicted(chosen, test);
  return {
    scores: scoresOf(labels, own, weights),
    comparisons: others.map(model => comparePredictions(labels, own, predicted(model, test), weights)),
  };
}

/** Compare the predictions `own` with those of another model for the same rows. */
export function comparePredictions(
  labels: Float32Array,
  own: ArrayLike<number>,
  other: ArrayLike<number>,
  weights?: Float32Array,
): TestComparison {
  const difference = aucInterval(labels, own, other, weights);
  return {
    scores: scoresOf(labels, other, weights),
    auc: difference,
    logloss: loglossDifference(labels, own, other, weights),
    verdict: verdictOn(difference),
  };
}

function scoresOf(labels: Float32Array, predictions: ArrayLike<number>, weights?: Float32Array): Scores {
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
