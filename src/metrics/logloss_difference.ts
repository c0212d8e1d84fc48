import {AutofisError} from '../errors';
import {deviation, mean} from '../statistics';
import {checkProbabilities} from './check_scores';
import {rowLogloss} from './logloss';

export interface LoglossDifference {
  /** Logloss of a - logloss of b. */
  difference: number;
  /** Its standard error over rows. */
  standardError: number;
}

/**
 * The difference of two loglosses on the same rows and its standard error: of n differences d, mean(d) and sd(d) / sqrt(n).
 *
 * Both models are seen on the same rows, so what they have in common cancels. Throws unless there are two rows, and on what is no probability. O(n).
 *
 * ```ts
 * const {difference, standardError} = loglossDifference(labels, ours, theirs);
 * ```
 */
export function loglossDifference(labels: ArrayLike<number>, a: ArrayLike<number>, b: ArrayLike<number>): LoglossDifference {
  checkProbabilities('loglossDifference', labels, a);
  checkProbabilities('loglossDifference', labels, b);
  const n = labels.length;
  if (n < 2) throw new AutofisError('loglossDifference: needs two rows. Received: 1.');
  const differences = Array.from(a, (p, i) => rowLogloss(labels[i], p) - rowLogloss(labels[i], b[i]));
  return {difference: mean(differences), standardError: deviation(differences) / Math.sqrt(n)};
}
