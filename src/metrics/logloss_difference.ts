import {AutofisError} from '../errors';
import {meanOfRows} from '../statistics';
import type {ScoreDifference} from './auc_difference';
import {checkProbabilities} from './check_scores';
import {rowLogloss} from './logloss';

/**
 * The difference of two loglosses on the same rows and its standard error: of n differences d, mean(d) and sd(d) /
 * sqrt(n).
 *
 * Both models are seen on the same rows, so what they have in common cancels.  O(n).
 *
 * With weights of n rows above 0, m = sum(w d) / sum(w) and the error is sqrt(n / (n - 1) sum(w^2 (d - m)^2)) / sum(w).
 *
 * Rows of one group, such as a user, are correlated: their w (d - m) are added up before they are squared, and n is the
 * number of groups.
 *
 * @param weights One per row, finite numbers >= 0; without them all rows count alike.
 * @param groups The group of each row, as a number.
 * @throws AutofisError unless there are two rows, or groups, and on what is not a probability.
 *
 * @example
 * const {difference, standardError} = loglossDifference(labels, ours, theirs);
 */
export function loglossDifference(
  labels: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  weights?: ArrayLike<number>,
  groups?: ArrayLike<number>,
): ScoreDifference {
  checkProbabilities('loglossDifference', labels, a, weights);
  checkProbabilities('loglossDifference', labels, b);
  const differences = Array.from(a, (p, i) => rowLogloss(labels[i], p) - rowLogloss(labels[i], b[i]));
  const {mean, error, rows} = meanOfRows(differences, weights, groups);
  if (rows < 2)
    throw new AutofisError(
      `loglossDifference: needs two ${groups ? 'groups' : 'rows'}${weights ? ' with weights above 0' : ''}. ` +
        `Received: ${rows}.`,
    );
  return {difference: mean, standardError: error};
}
