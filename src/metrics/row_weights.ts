import {AutofisError} from '../errors';

/** Check that there is a weight for each row, a finite number >= 0, and one of them is above 0. */
export function checkWeights(where: string, weights: ArrayLike<number>, rows: number): void {
  checkBatchWeights(where, weights, rows);
  for (let i = 0; i < rows; i++) if (weights[i] > 0) return;
  throw new AutofisError(`${where}: at least one weight must be above 0. Received: ${rows} times 0.`);
}

/** Check that there is one finite weight >= 0 per row; in a batch all may be 0. */
export function checkBatchWeights(where: string, weights: ArrayLike<number>, rows: number): void {
  if (weights.length !== rows) {
    throw new AutofisError(
      `${where}: needs a weight for each row. Received: ${weights.length} weights and ${rows} rows.`,
    );
  }
  for (let i = 0; i < rows; i++) {
    const weight = weights[i];
    if (!(weight >= 0 && weight < Infinity)) {
      throw new AutofisError(`${where}: weights must be finite numbers >= 0. Received: ${weight} in row ${i}.`);
    }
  }
}

/** The sum of the weights of rows, which each count 1 without weights. */
export function totalWeight(rows: number, weights: ArrayLike<number> | undefined): number {
  if (weights === undefined) return rows;
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += weights[i];
  return sum;
}

/**
 * Return each row's weight in units of the mean of those above 0, so that only ratios matter. Each row counts as this
 * many rows where sums over rows are compared with a value that is not such a sum, such as a penalty.
 */
export function rowCounts(weights: ArrayLike<number>): Float64Array {
  const used = Array.prototype.filter.call(weights, weight => weight > 0).length;
  const unit = used === 0 ? 1 : totalWeight(weights.length, weights) / used;
  return Float64Array.from(weights, weight => weight / unit);
}

/** The share of positives, by weight. */
export function baseRate({labels, weights}: {labels: ArrayLike<number>; weights?: ArrayLike<number>}): number {
  let positives = 0;
  for (let i = 0; i < labels.length; i++) positives += (weights?.[i] ?? 1) * labels[i];
  return positives / totalWeight(labels.length, weights);
}

/** The weights times what makes their mean 1; zeros stay zeros. */
export function ofMeanOne(weights: Float32Array): Float32Array {
  const total = totalWeight(weights.length, weights);
  return total === 0 ? weights : weights.map(weight => (weight * weights.length) / total);
}
