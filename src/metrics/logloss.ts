import {checkPairs} from './auc';

/**
 * Mean binary cross-entropy in nats, -mean(y ln p + (1 - y) ln(1 - p)), with p kept `epsilon` away from 0 and 1.
 */
export function logloss(labels: ArrayLike<number>, probabilities: ArrayLike<number>, epsilon = 1e-7): number {
  checkPairs('logloss', labels, probabilities);
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    const p = Math.min(Math.max(probabilities[i], epsilon), 1 - epsilon);
    sum -= labels[i] === 1 ? Math.log(p) : Math.log1p(-p);
  }
  return sum / labels.length;
}
