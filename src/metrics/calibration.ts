import {checkInteger} from '../checks';
import {AutofisError} from '../errors';
import {checkPairs} from './auc';

/**
 * Predicted over actual: sum of the probabilities / number of positives. 1 is right in the mean, 1.2 promises a fifth too
 * many clicks. Throws without positives.
 */
export function calibration(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  checkPairs('calibration', labels, probabilities);
  let predicted = 0, actual = 0;
  for (let i = 0; i < labels.length; i++) {
    predicted += probabilities[i];
    actual += labels[i];
  }
  if (actual === 0) throw new AutofisError(`calibration: needs a positive row. Received: ${labels.length} negative rows.`);
  return predicted / actual;
}

/**
 * Expected calibration error (Naeini et al., AAAI 2015): rows fall into bins of equal width by their probability, and
 *   ECE = sum_b n_b / n * |mean probability_b - share of positives_b|.
 * Bin b of `bins` holds (b / bins, (b + 1) / bins], the first one 0, too. Probabilities lie in [0, 1].
 */
export function expectedCalibrationError(labels: ArrayLike<number>, probabilities: ArrayLike<number>, bins = 10): number {
  const where = 'expectedCalibrationError';
  checkPairs(where, labels, probabilities);
  checkInteger(where, 'bins', bins, 1);
  const excess = new Float64Array(bins);
  for (let i = 0; i < labels.length; i++) {
    const p = probabilities[i];
    if (p < 0 || p > 1) throw new AutofisError(`${where}: probabilities must lie in [0, 1]. Received: ${p} in row ${i}.`);
    excess[binOf(p, bins)] += p - labels[i];
  }
  return excess.reduce((sum, value) => sum + Math.abs(value), 0) / labels.length;
}

/** The bin of a probability. Rounding must not put a value on an edge into the wrong one, so the edges are compared. */
function binOf(p: number, bins: number): number {
  let bin = Math.min(Math.max(Math.ceil(p * bins) - 1, 0), bins - 1);
  while (bin > 0 && p <= bin / bins) bin--;
  while (bin < bins - 1 && p > (bin + 1) / bins) bin++;
  return bin;
}
