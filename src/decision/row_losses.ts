import {logitLoss} from '../logistic';
import {meanOfRows} from '../statistics';

/** Labels of rows, how much each counts, and the cluster that it belongs to, such as a user. */
interface Labels {
  labels: ArrayLike<number>;
  weights?: ArrayLike<number>;
  clusters?: ArrayLike<number>;
}

/** Logloss of each row: [n]. */
export function rowLosses(logits: ArrayLike<number>, {labels}: Labels): Float64Array {
  const losses = new Float64Array(logits.length);
  for (let i = 0; i < losses.length; i++) losses[i] = logitLoss(logits[i], labels[i]);
  return losses;
}

/** Mean of the rows' losses. */
export function meanLoss(losses: Float64Array, {weights}: Labels): number {
  return meanOfRows(losses, weights).mean;
}

/** Return the mean excess of the first losses over the second on the same rows, with its standard error. */
export function lossDifference(
  first: Float64Array,
  second: Float64Array,
  {weights, clusters}: Labels,
): {difference: number; standardError: number} {
  const {mean, error} = meanOfRows(
    first.map((loss, i) => loss - second[i]),
    weights,
    clusters,
  );
  return {difference: mean, standardError: error};
}
