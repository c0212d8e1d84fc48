import {logitLoss} from '../logistic';
import {meanOfRows} from '../statistics';

/** Labels of rows, and how much each counts. */
interface Labels {
  labels: ArrayLike<number>;
  weights?: ArrayLike<number>;
}

/** Logloss of each row: [n]. */
export function rowLosses(logits: ArrayLike<number>, {labels}: Labels): Float64Array {
  return Float64Array.from(logits, (z, i) => logitLoss(z, labels[i]));
}

/** Mean of the rows' losses. */
export function meanLoss(losses: Float64Array, {weights}: Labels): number {
  return meanOfRows(losses, weights).mean;
}

/** How much larger the first losses are than the second on the same rows, with the standard error of the mean. */
export function lossDifference(
  first: Float64Array,
  second: Float64Array,
  {weights}: Labels,
): {difference: number; standardError: number} {
  const {mean, error} = meanOfRows(
    first.map((loss, i) => loss - second[i]),
    weights,
  );
  return {difference: mean, standardError: error};
}
