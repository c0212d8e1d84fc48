import {checkInteger} from '../checks';
import {AutofisError} from '../errors';
import {checkProbabilities} from './check_scores';
import {totalWeight} from './row_weights';

/**
 * Predicted over actual: sum of the probabilities / number of positives. 1 is right on average; 1.2 predicts
 * 20 % too many clicks.
 *
 * @param weights One per row, finite numbers >= 0: both sums are weighted.
 * @throws AutofisError without positives, and on what is not a probability.
 */
export function calibration(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  checkProbabilities('calibration', labels, probabilities, weights);
  let predicted = 0;
  let actual = 0;
  for (let i = 0; i < labels.length; i++) {
    const weight = weights?.[i] ?? 1;
    predicted += weight * probabilities[i];
    actual += weight * labels[i];
  }
  if (actual === 0) {
    const some = weights === undefined ? '' : ' with a weight above 0';
    throw new AutofisError(`calibration: needs a positive row${some}. Received: ${labels.length} negative rows.`);
  }
  return predicted / actual;
}

/**
 * Expected calibration error (Naeini et al., AAAI 2015): rows fall into bins of equal width by their probability, and
 *   ECE = sum_b n_b / n * |mean probability_b - share of positives_b|.
 * Bin b of `bins` holds (b / bins, (b + 1) / bins], the first one 0, too.
 *
 * @param weights One per row, finite numbers >= 0: n_b and n are sums of weights, means and shares are weighted.
 * @throws AutofisError on what is not a probability.
 */
export function expectedCalibrationError(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  bins = 10,
  weights?: ArrayLike<number>,
): number {
  const where = 'expectedCalibrationError';
  checkProbabilities(where, labels, probabilities, weights);
  checkInteger(where, 'bins', bins, 1);
  const excess = new Float64Array(bins);
  for (let i = 0; i < labels.length; i++) {
    excess[binOf(probabilities[i], bins)] += (weights?.[i] ?? 1) * (probabilities[i] - labels[i]);
  }
  return excess.reduce((sum, value) => sum + Math.abs(value), 0) / totalWeight(labels.length, weights);
}

/**
 * The bin of a probability. Rounding must not put a value on an edge into the wrong one, so the edges are compared, as
 * they are rounded in NumPy's linspace, and so in scikit-learn.
 */
function binOf(p: number, bins: number): number {
  const edge = (b: number) => b * (1 / bins);
  let bin = Math.min(Math.max(Math.ceil(p * bins) - 1, 0), bins - 1);
  while (bin > 0 && p <= edge(bin)) bin--;
  while (bin < bins - 1 && p > edge(bin + 1)) bin++;
  return bin;
}
