import {checkPairs} from './auc';

/**
 * Mean binary cross-entropy in nats, -mean(y ln p + (1 - y) ln(1 - p)), with p kept `epsilon` away from 0 and 1.
 */
export function logloss(labels: ArrayLike<number>, probabilities: ArrayLike<number>, epsilon = 1e-7): number {
  checkPairs('logloss', labels, probabilities);
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += rowLogloss(labels[i], probabilities[i], epsilon);
  return sum / labels.length;
}

/** What one row adds. */
export function rowLogloss(label: number, probability: number, epsilon = 1e-7): number {
  const p = Math.min(Math.max(probability, epsilon), 1 - epsilon);
  return label === 1 ? -Math.log(p) : -Math.log1p(-p);
}
