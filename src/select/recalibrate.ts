import {logitLoss, sigmoid} from '../logistic';
import {rowCounts} from '../metrics/row_weights';

/** Coefficients that calibrate a model's logits: intercept + slope * logit. */
export interface Calibration {
  intercept: number;
  slope: number;
}

/** Newton steps at most; the loss is convex in two numbers, and ten are plenty. */
const STEPS = 25;
/** Ridge relative to the Hessian's diagonal, so that constant logits have a solution. */
const RIDGE = 1e-9;
/** Standard deviations of what is expected of a lasting calibration: the shift around 0 and the slope around 1. */
const SPREAD = {shift: 0.05, slope: 0.3};
/** The least slope of a model: what orders rows well is never turned around by few of them. */
const LEAST_SLOPE = 0.05;

/**
 * Fit an intercept and a slope to logits by the logistic loss (Platt, 1999), so that models are compared by what they
 * know and not by how sure they sound.
 *
 *   minimise  sum_i w_i logloss(y_i, a + s z_i)   over a and s.
 *
 * @param labels 0 or 1, of both some.
 * @param weights Of the rows, >= 0; default 1 each.
 */
export function recalibrate(
  labels: ArrayLike<number>,
  logits: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Calibration {
  return newton({labels, logits, weights}, {intercept: 0, slope: 1}, {intercept: 0, slope: 0});
}

/**
 * The calibration that a model is given for good. Few rows change little: shift and slope have normal priors, and where
 * the slope changes, the mean prediction stays but for the shift.
 *
 *   minimise  sum_i w_i logloss(y_i, c + b + s (z_i - c)) + b^2 / (2 * 0.05^2) + (s - 1)^2 / (2 * 0.3^2)
 *
 * over b and s >= 0.05. The centre c is the mean of the logits weighted by w p (1 - p), around which a slope leaves the
 * mean of the predictions p as it was, to first order.
 *
 * @param labels 0 or 1.
 * @param weights Of the rows, >= 0; default 1 each.
 */
export function lastingCalibration(
  labels: ArrayLike<number>,
  logits: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Calibration {
  const counts = weights && rowCounts(weights);
  const centre = centreOf(logits, counts);
  const {intercept, slope} = newton(
    {labels, logits: Float64Array.from(logits, z => z - centre), weights: counts},
    {intercept: centre, slope: 1},
    {intercept: 1 / SPREAD.shift ** 2, slope: 1 / SPREAD.slope ** 2},
  );
  const least = Math.max(slope, LEAST_SLOPE);
  return {intercept: intercept - least * centre, slope: least};
}

/** Probabilities of calibrated logits. */
export function calibrated(logits: ArrayLike<number>, {intercept, slope}: Calibration): Float64Array {
  return Float64Array.from(logits, z => sigmoid(intercept + slope * z));
}

function centreOf(logits: ArrayLike<number>, weights: ArrayLike<number> | undefined): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < logits.length; i++) {
    const p = sigmoid(logits[i]);
    const weight = (weights?.[i] ?? 1) * p * (1 - p);
    sum += weight * logits[i];
    total += weight;
  }
  return total > 0 ? sum / total : 0;
}

interface Rows {
  labels: ArrayLike<number>;
  logits: ArrayLike<number>;
  weights: ArrayLike<number> | undefined;
}

/** Minimise the loss plus half of each pull times the squared distance from the start. */
function newton(rows: Rows, start: Calibration, pulls: Calibration): Calibration {
  const lossAt = ({intercept, slope}: Calibration) =>
    lossOf(rows, {intercept, slope}) +
    (pulls.intercept * (intercept - start.intercept) ** 2 + pulls.slope * (slope - start.slope) ** 2) / 2;
  let {intercept, slope} = start;
  let loss = lossAt(start);
  for (let k = 0; k < STEPS; k++) {
    const [da, ds] = newtonStep(rows, {intercept, slope}, start, pulls);
    let share = 1;
    let next = loss;
    for (; share > 1e-6; share /= 2) {
      next = lossAt({intercept: intercept - share * da, slope: slope - share * ds});
      if (next <= loss) break;
    }
    if (!(next <= loss)) break;
    intercept -= share * da;
    slope -= share * ds;
    if (loss - next <= 1e-12 * Math.abs(loss)) break;
    loss = next;
  }
  return {intercept, slope};
}

function newtonStep(
  {labels, logits, weights}: Rows,
  {intercept, slope}: Calibration,
  start: Calibration,
  pulls: Calibration,
): [number, number] {
  let ga = pulls.intercept * (intercept - start.intercept);
  let gs = pulls.slope * (slope - start.slope);
  let haa = pulls.intercept;
  let has = 0;
  let hss = pulls.slope;
  for (let i = 0; i < labels.length; i++) {
    const z = logits[i];
    const weight = weights?.[i] ?? 1;
    const p = sigmoid(intercept + slope * z);
    const residual = weight * (p - labels[i]);
    const curvature = weight * p * (1 - p);
    ga += residual;
    gs += residual * z;
    haa += curvature;
    has += curvature * z;
    hss += curvature * z * z;
  }
  haa *= 1 + RIDGE;
  hss = hss * (1 + RIDGE) + RIDGE;
  const determinant = haa * hss - has * has;
  if (!(determinant > 0)) return [haa > 0 ? ga / haa : 0, 0];
  return [(hss * ga - has * gs) / determinant, (haa * gs - has * ga) / determinant];
}

function lossOf({labels, logits, weights}: Rows, {intercept, slope}: Calibration): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    sum += (weights?.[i] ?? 1) * logitLoss(intercept + slope * logits[i], labels[i]);
  }
  return sum;
}
