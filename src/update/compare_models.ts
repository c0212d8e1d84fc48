import {aucInterval} from '../metrics/auc_difference';
import {auc} from '../metrics/auc';
import {calibration} from '../metrics/calibration';
import {logloss} from '../metrics/logloss';
import {loglossDifference} from '../metrics/logloss_difference';
import {TestComparison, wordsFor} from '../select/compare_on_test';
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
  words: TestComparison['words'];
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
  const each = [wordsFor(own), wordsFor({...loss, difference: -loss.difference})];
  return {
    before: scoresOf(before),
    after: scoresOf(after),
    auc: own,
    logloss: loss,
    words: jointly(each),
  };
}

function jointly(each: ReadonlyArray<TestComparison['words']>): TestComparison['words'] {
  return (['worse', 'better'] as const).find(words => each.includes(words)) ?? 'cannot be told apart';
}
