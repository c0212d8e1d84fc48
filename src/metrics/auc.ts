import {AutofisError} from '../errors';
import {checkScores} from './check_scores';

/**
 * Exact area under the ROC curve: the probability that a positive scores above a negative, ties counting one half.
 * Throws unless both classes occur. O(n log n).
 */
export function auc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  checkScores('auc', labels, scores);
  const value = aucOrNull(labels, scores);
  if (value === null) {
    let positives = 0;
    for (let i = 0; i < labels.length; i++) positives += labels[i];
    throw new AutofisError(
        `auc: needs rows of both classes. Received: ${positives} positive and ${labels.length - positives} negative rows.`);
  }
  return value;
}

/** The same for checked rows; null where a class is missing. */
export function aucOrNull(labels: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  let count = 0;
  for (let i = 0; i < labels.length; i++) count += labels[i];
  const positives = new Float64Array(count), negatives = new Float64Array(labels.length - count);
  for (let i = 0, p = 0, n = 0; i < labels.length; i++) {
    if (labels[i] === 1) positives[p++] = scores[i];
    else negatives[n++] = scores[i];
  }
  if (positives.length === 0 || negatives.length === 0) return null;
  // Two sorts of plain numbers and a merge: no comparator is called, which is most of the time of sorting rows.
  positives.sort();
  negatives.sort();
  let wins = 0, below = 0, upTo = 0;
  for (const score of positives) {
    while (below < negatives.length && negatives[below] < score) below++;
    while (upTo < negatives.length && negatives[upTo] <= score) upTo++;
    wins += (below + upTo) / 2;
  }
  return wins / (positives.length * negatives.length);
}
