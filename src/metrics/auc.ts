import {AutofisError} from '../errors';
import {checkScores} from './check_scores';

/**
 * Exact area under the ROC curve: the probability that a positive scores above a negative, ties counting one half.
 * With weights, rows are drawn with a probability in proportion to theirs:
 *   sum_ij w_i w_j [s_i > s_j] / (sum_i w_i sum_j w_j),  i over the positives, j over the negatives.
 * O(n log n).
 *
 * @param weights One per row, finite numbers >= 0; without them all rows count alike.
 * @throws AutofisError unless both classes occur, with a weight above 0.
 */
export function auc(labels: ArrayLike<number>, scores: ArrayLike<number>, weights?: ArrayLike<number>): number {
  checkScores('auc', labels, scores, weights);
  const value = aucOrNull(labels, scores, weights);
  if (value === null) {
    const counted = Array.from(labels).filter((_, i) => weights?.[i] !== 0);
    const positives = counted.filter(label => label === 1).length;
    throw new AutofisError(
      `auc: needs rows of both classes${weights === undefined ? '' : ' with weights above 0'}. ` +
        `Received: ${positives} positive and ${counted.length - positives} negative rows.`,
    );
  }
  return value;
}

/** Compute {@link auc} of rows that are already checked; null where a class is missing. */
export function aucOrNull(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number | null {
  return weights === undefined ? unweighted(labels, scores) : weighted(labels, scores, weights);
}

function unweighted(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  let count = 0;
  for (let i = 0; i < labels.length; i++) count += labels[i];
  const positives = new Float64Array(count);
  const negatives = new Float64Array(labels.length - count);
  for (let i = 0, p = 0, n = 0; i < labels.length; i++) {
    if (labels[i] === 1) positives[p++] = scores[i];
    else negatives[n++] = scores[i];
  }
  if (positives.length === 0 || negatives.length === 0) return null;
  // Two sorts of plain numbers and a merge: no comparator is called, which is most of the time of sorting rows.
  positives.sort();
  negatives.sort();
  let wins = 0;
  let below = 0;
  let upTo = 0;
  for (const score of positives) {
    while (below < negatives.length && negatives[below] < score) below++;
    while (upTo < negatives.length && negatives[upTo] <= score) upTo++;
    wins += (below + upTo) / 2;
  }
  return wins / (positives.length * negatives.length);
}

function weighted(labels: ArrayLike<number>, scores: ArrayLike<number>, weights: ArrayLike<number>): number | null {
  const order = new Uint32Array(labels.length).map((_, i) => i).sort((a, b) => scores[a] - scores[b]);
  let wins = 0;
  let positives = 0;
  let negatives = 0;
  for (let start = 0; start < order.length;) {
    // Rows of equal scores.
    let end = start;
    let tiedPositives = 0;
    let tiedNegatives = 0;
    for (; end < order.length && scores[order[end]] === scores[order[start]]; end++) {
      if (labels[order[end]] === 1) tiedPositives += weights[order[end]];
      else tiedNegatives += weights[order[end]];
    }
    wins += tiedPositives * (negatives + tiedNegatives / 2);
    positives += tiedPositives;
    negatives += tiedNegatives;
    start = end;
  }
  return positives === 0 || negatives === 0 ? null : wins / (positives * negatives);
}
