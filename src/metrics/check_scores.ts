import {AutofisError, show} from '../errors';
import {checkWeights} from './row_weights';

/**
 * Check that labels are 0 or 1, scores are numbers, there are as many of both, and weights, where given, are
 * weights.
 */
export function checkScores(
  where: string,
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  weights?: ArrayLike<number>,
): void {
  if (labels.length !== scores.length || labels.length === 0) {
    throw new AutofisError(
      `${where}: needs as many labels as scores, at least one. Received: ${labels.length} and ${scores.length}.`,
    );
  }
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1)
      throw new AutofisError(`${where}: labels must be 0 or 1. Received: ${labels[i]} in row ${i}.`);
    // NaN becomes null in JSON.
    if (typeof scores[i] !== 'number' || Number.isNaN(scores[i])) {
      throw new AutofisError(
        `${where}: score of row ${i} is ${show(scores[i])}. The model has diverged or got bad input.`,
      );
    }
  }
  if (weights !== undefined) checkWeights(where, weights, labels.length);
}

/** The same, and scores in [0, 1]: logits, e.g., are not probabilities. */
export function checkProbabilities(
  where: string,
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  weights?: ArrayLike<number>,
): void {
  checkScores(where, labels, probabilities, weights);
  for (let i = 0; i < labels.length; i++) {
    const p = probabilities[i];
    if (p < 0 || p > 1)
      throw new AutofisError(`${where}: probabilities must lie in [0, 1]. Received: ${p} in row ${i}.`);
  }
}
