import {AutofisError} from '../errors';
import {meanOfRows} from '../statistics';
import {checkProbabilities} from './check_scores';
import {rowLogloss} from './logloss';

export interface LoglossDifference {
  /** Logloss of a - logloss of b. */
  difference: number;
  /** Its standard error over rows. */
  standardError: number;
}

/**
 * The difference of two loglosses on the same rows and its standard error: of n differences d, mean(d) and sd(d) /
 * sqrt(n).
 *
 * Both models are seen on the same rows, so what they have in common cancels.  O(n).
 *
 * With weights of n rows above 0, m = sum(w d) / sum(w) and the error is sqrt(n / (n - 1) sum(w^2 (d - m)^2)) / sum(w).
 *
 * @param weights One per row, finite numbers >= 0; without them all rows count alike.
 * @throws AutofisError unless there are two rows, and on what is not a probability.
 *
 * @example
 * const {difference, standardError} = loglossDifference(labels, ours, theirs);
 */
export function loglossDifference(
  labels: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  weights?: ArrayLike<number>,
): LoglossDifference {
  checkProbabilities('loglossDifference', labels, a, weights);
  checkProbabilities('loglossDifference', labels, b);
  const differences = Array.from(a, (p, i) => rowLogloss(labels[i], p) - rowLogloss(labels[i], b[i]));
  const {mean, error, rows} = meanOfRows(differences, weights);
  if (rows < 2)
    throw new AutofisError(
      `loglossDifference: needs two rows${weights ? ' with weights above 0' : ''}. Received: ${rows}.`,
    );
  return {difference: mean, standardError: error};
}
