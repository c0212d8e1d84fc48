import {checkNumber} from '../checks';
import {checkProbabilities} from './check_scores';
import {totalWeight} from './row_weights';

/**
 * Mean binary cross-entropy in nats, -mean(y ln p + (1 - y) ln(1 - p)), with p kept `epsilon` away from 0 and 1.
 *
 * @param epsilon In [0, 0.5), default 1e-7. scikit-learn takes the least step of the number type: 1.2e-7 or 2.2e-16.
 * @param weights One per row, finite numbers >= 0: the weighted mean.
 * @throws AutofisError on what is not a probability, such as a logit.
 */
export function logloss(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  epsilon = 1e-7,
  weights?: ArrayLike<number>,
): number {
  checkProbabilities('logloss', labels, probabilities, weights);
  checkNumber('logloss', 'epsilon', epsilon, '[0, 0.5)');
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += (weights?.[i] ?? 1) * rowLogloss(labels[i], probabilities[i], epsilon);
  return sum / totalWeight(labels.length, weights);
}

/** Return the loss of one row, its probability clipped to [epsilon, 1 - epsilon]. */
export function rowLogloss(label: number, probability: number, epsilon = 1e-7): number {
  const p = Math.min(Math.max(probability, epsilon), 1 - epsilon);
  return label === 1 ? -Math.log(p) : -Math.log1p(-p);
}
