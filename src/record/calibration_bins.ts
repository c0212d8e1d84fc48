import {totalWeight} from '../metrics/row_weights';
import type {CalibrationBin} from './run_record';

/**
 * Rows by rising prediction in bins of as many rows each (up to one more), with mean prediction and share of positives.
 *
 * @param bins How many; default 10. None is empty, so rows of great weight may leave fewer.
 * @param weights One per row, finite numbers >= 0: bins of as much weight each, with weighted means, of the rows with
 *   weights above 0.
 */
export function calibrationBins(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  bins = 10,
  weights?: ArrayLike<number>,
): CalibrationBin[] {
  const weightOf = (row: number) => weights?.[row] ?? 1;
  const order = new Uint32Array(labels.length)
    .map((_, i) => i)
    .filter(i => weightOf(i) > 0)
    .sort((a, b) => probabilities[a] - probabilities[b] || a - b);
  const total = totalWeight(labels.length, weights);
  const count = Math.min(bins, order.length);
  const sums = Array.from({length: count}, () => ({rows: 0, weight: 0, predicted: 0, observed: 0}));
  let upTo = 0;
  let bin = 0;
  for (const row of order) {
    const weight = weightOf(row);
    upTo += weight;
    // A row belongs to the last bin that it reaches into.
    while (bin + 1 < count && upTo * count > total * (bin + 1)) bin++;
    const sum = sums[bin];
    sum.rows++;
    sum.weight += weight;
    sum.predicted += weight * probabilities[row];
    sum.observed += weight * labels[row];
  }
  return sums
    .filter(({rows}) => rows > 0)
    .map(({rows, weight, predicted, observed}) => ({rows, predicted: predicted / weight, observed: observed / weight}));
}
