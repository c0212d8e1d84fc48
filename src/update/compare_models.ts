import {aucInterval} from '../metrics/auc_difference';
import {auc} from '../metrics/auc';
import {calibration} from '../metrics/calibration';
import {logloss} from '../metrics/logloss';
import {loglossDifference} from '../metrics/logloss_difference';
import {TestComparison, verdictOn} from '../select/compare_on_test';
import type {Scores} from '../training/evaluation';

/** Scores with the sum of the probabilities over the number of positives. */
export interface UpdateScores extends Scores {
  calibration: number;
}

/** Two models on the same rows; plain JSON. */
export interface UpdateComparison {
  before: UpdateScores;
  after: UpdateScores;
  /** AUC after less AUC before; DeLong's standard error. */
  auc: {difference: number; standardError: number};
  /** Logloss after less logloss before: below 0 is better. */
  logloss: {difference: number; standardError: number};
  /** Worse where AUC or logloss is, by more than its 95 % interval; better where neither is worse and one is better. */
  verdict: TestComparison['verdict'];
}

/**
 * Compare the probabilities of a model before and after an update.
 * @param labels 0 or 1, two rows of each at least.
 */
export function compareUpdate(
  labels: ArrayLike<number>,
  before: Float32Array,
  after: Float32Array,
  weights?: ArrayLike<number>,
): UpdateComparison {
  const scoresOf = (p: Float32Array): UpdateScores => ({
    auc: auc(labels, p, weights),
    logloss: logloss(labels, p, undefined, weights),
    calibration: calibration(labels, p, weights),
  });
  const own = aucInterval(labels, after, before, weights);
  const loss = loglossDifference(labels, after, before, weights);
  // A lower logloss is the better one.
  const each = [verdictOn(own), verdictOn({...loss, difference: -loss.difference})];
  return {
    before: scoresOf(before),
    after: scoresOf(after),
    auc: own,
    logloss: loss,
    verdict: jointly(each),
  };
}

function jointly(each: ReadonlyArray<TestComparison['verdict']>): TestComparison['verdict'] {
  return (['worse', 'better'] as const).find(verdict => each.includes(verdict)) ?? 'undecided';
}
