import {garrote} from '../../decision/garrote';
import {sigmoid} from '../../logistic';
import {rowCounts} from '../../metrics/row_weights';

/** Coefficients that calibrate a model's logits: intercept + slope * logit. */
export interface Calibration {
  intercept: number;
  slope: number;
}

/** Rows that are calibrated already, at logits relative to the centre: few rows of the table change little. */
const PRIOR = [
  {logit: 0, rows: 1500},
  {logit: -2, rows: 15},
  {logit: 2, rows: 15},
];
/** The least and the greatest slope: what orders rows well is never turned around by few of them. */
const SLOPES = {least: 0.05, most: 20};

/**
 * Fit an intercept and a slope to logits by the logistic loss (Platt, 1999), with some rows that are calibrated
 * already. These lie around the mean of the logits weighted by p (1 - p), around which a slope leaves the mean of the
 * predictions p as it was, to first order.
 *
 * @param labels 0 or 1.
 * @param weights Of the rows, >= 0; default 1 each.
 */
export function recalibrate(
  labels: ArrayLike<number>,
  logits: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Calibration {
  const counts = weights === undefined ? new Float64Array(logits.length).fill(1) : rowCounts(weights);
  const centre = centreOf(logits, counts);
  const prior = PRIOR.flatMap(({logit, rows}) => {
    const p = sigmoid(centre + logit);
    return [
      {logit, label: 1, count: rows * p},
      {logit, label: 0, count: rows * (1 - p)},
    ];
  });
  const products = Float32Array.from([...prior.map(({logit}) => logit), ...Array.from(logits, z => z - centre)]);
  const {alpha, intercept} = garrote(
    {
      products,
      base: new Float32Array(products.length),
      labels: [...prior.map(({label}) => label), ...Array.from(labels)],
      weights: [...prior.map(({count}) => count), ...counts],
    },
    {lambda: 0, most: SLOPES.most, tolerance: 1e-8},
  );
  const slope = Math.max(alpha[0], SLOPES.least);
  return {intercept: intercept - slope * centre, slope};
}

/** Probabilities of calibrated logits. */
export function calibrated(logits: ArrayLike<number>, {intercept, slope}: Calibration): Float64Array {
  return Float64Array.from(logits, z => sigmoid(intercept + slope * z));
}

function centreOf(logits: ArrayLike<number>, counts: Float64Array): number {
  let [sum, total] = [0, 0];
  counts.forEach((count, i) => {
    const p = sigmoid(logits[i]);
    sum += count * p * (1 - p) * logits[i];
    total += count * p * (1 - p);
  });
  return total > 0 ? sum / total : 0;
}
