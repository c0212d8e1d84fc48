import {AutofisError} from '../errors';

/**
 * Exact area under the ROC curve: the probability that a positive scores above a negative, ties counting one half.
 * Throws unless both classes occur. O(n log n).
 */
export function auc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  checkPairs('auc', labels, scores);
  const order = new Uint32Array(scores.length).map((_, i) => i).sort((a, b) => scores[a] - scores[b]);
  let positives = 0, rankSum = 0;
  for (let start = 0; start < order.length;) {
    let end = start, tied = 0;
    const score = scores[order[start]];
    while (end < order.length && scores[order[end]] === score) tied += labels[order[end++]];
    // Ranks start+1 .. end share their mean.
    rankSum += tied * (start + 1 + end) / 2;
    positives += tied;
    start = end;
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) {
    throw new AutofisError(`auc: needs rows of both classes. Received: ${positives} positive and ${negatives} negative rows.`);
  }
  return (rankSum - positives * (positives + 1) / 2) / (positives * negatives);
}

/** Throws unless labels are 0 or 1, scores are numbers, and there are as many of both. */
export function checkPairs(where: string, labels: ArrayLike<number>, scores: ArrayLike<number>): void {
  if (labels.length !== scores.length || labels.length === 0) {
    throw new AutofisError(`${where}: needs as many labels as scores, at least one. Received: ${labels.length} and ${scores.length}.`);
  }
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1) throw new AutofisError(`${where}: labels must be 0 or 1. Received: ${labels[i]} in row ${i}.`);
    if (Number.isNaN(scores[i])) throw new AutofisError(`${where}: score of row ${i} is NaN. The model has diverged or got bad input.`);
  }
}
