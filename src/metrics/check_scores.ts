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
  checkLengths(where, 'scores', labels, scores);
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

/**
 * Check that there are as many labels as values, at least one.
 *
 * @param what What the values are called.
 */
export function checkLengths(where: string, what: string, labels: ArrayLike<number>, values: ArrayLike<number>): void {
  for (const [name, list] of Object.entries({labels, [what]: values})) {
    // A tensor has no length, and no elements to compute with.
    if (typeof list?.length === 'number') continue;
    throw new AutofisError(
      `${where}: ${name} must be an array of numbers. Received: ${list?.constructor.name ?? String(list)}. ` +
        'The numbers of a tensor are `await tensor.data()`.',
    );
  }
  if (labels.length === values.length && labels.length > 0) return;
  throw new AutofisError(
    `${where}: needs as many labels as ${what}, at least one. Received: ${labels.length} and ${values.length}.`,
  );
}

/** Check as {@link checkScores} does, and that scores lie in [0, 1], unlike logits. */
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
