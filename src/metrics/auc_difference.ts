import {AutofisError} from '../errors';
import {deviation, mean} from '../statistics';
import {checkScores} from './check_scores';

export interface AucDifference {
  /** AUC of a - AUC of b. */
  difference: number;
  /** Its standard error over rows; 0 where both put the rows in the same order. */
  standardError: number;
}

/**
 * The difference of two AUCs on the same rows and its standard error (DeLong, DeLong and Clarke-Pearson, Biometrics 1988).
 *
 * With V(x) the share of the other class that a row x is on the right side of, ties counting one half, AUC is the mean of V over the
 * P positives, and over the N negatives; for D = V_a - V_b
 *
 *   var(AUC_a - AUC_b) = var_positives(D) / P + var_negatives(D) / N.
 *
 * Both models are seen on the same rows, so what they have in common cancels: the error is far below those of the two AUCs.
 * Throws unless there are two rows of each class. O(n log n).
 *
 * ```ts
 * const {difference, standardError} = aucDifference(labels, ours, theirs);
 * ```
 */
export function aucDifference(labels: ArrayLike<number>, a: ArrayLike<number>, b: ArrayLike<number>): AucDifference {
  checkScores('aucDifference', labels, a);
  checkScores('aucDifference', labels, b);
  const ofA = placements(labels, a), ofB = placements(labels, b);
  const [positives, negatives] = [1, 0].map(label => {
    const differences = ofA.flatMap((value, i) => labels[i] === label ? [value - ofB[i]] : []);
    return {rows: differences.length, mean: mean(differences), error: deviation(differences) / Math.sqrt(differences.length)};
  });
  if (positives.rows < 2 || negatives.rows < 2) {
    throw new AutofisError(
        `aucDifference: needs two rows of each class. Received: ${positives.rows} positive and ${negatives.rows} negative rows.`);
  }
  return {
    difference: positives.mean,
    standardError: Math.hypot(positives.error, negatives.error),
  };
}

/** For each row the share of the other class on the right side of it: below a positive, above a negative. */
function placements(labels: ArrayLike<number>, scores: ArrayLike<number>): number[] {
  const sorted = [0, 1].map(label => Float64Array.from(scores).filter((_, i) => labels[i] === label).sort());
  return Array.from(scores, (score, i) => {
    const others = sorted[1 - labels[i]];
    const below = (countBelow(others, score, false) + countBelow(others, score, true)) / 2 / others.length;
    return labels[i] === 1 ? below : 1 - below;
  });
}

/** How many sorted values are smaller than x, those equal to it counted or not. */
function countBelow(sorted: Float64Array, x: number, equal: boolean): number {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < x || (equal && sorted[middle] === x)) low = middle + 1;
    else high = middle;
  }
  return low;
}
