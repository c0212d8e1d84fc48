import {logitLoss, sigmoid} from '../logistic';

/** What turns a model's logits into calibrated ones: intercept + slope * logit. */
export interface Calibration {
  intercept: number;
  slope: number;
}

/** Newton steps at most; the loss is convex in two numbers, and ten are plenty. */
const STEPS = 25;
/** Of the Hessian's diagonal, so that logits that are all alike have an answer. */
const RIDGE = 1e-9;

/**
 * Fits an intercept and a slope to logits by the logistic loss (Platt, 1999), so that models are compared by what they
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
  let intercept = 0;
  let slope = 1;
  let loss = lossOf(labels, logits, weights, {intercept, slope});
  for (let k = 0; k < STEPS; k++) {
    const [da, ds] = newtonStep(labels, logits, weights, {intercept, slope});
    let share = 1;
    let next = loss;
    for (; share > 1e-6; share /= 2) {
      next = lossOf(labels, logits, weights, {intercept: intercept - share * da, slope: slope - share * ds});
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

/** Probabilities of calibrated logits. */
export function calibrated(logits: ArrayLike<number>, {intercept, slope}: Calibration): Float64Array {
  return Float64Array.from(logits, z => sigmoid(intercept + slope * z));
}

function newtonStep(
  labels: ArrayLike<number>,
  logits: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  {intercept, slope}: Calibration,
): [number, number] {
  let ga = 0;
  let gs = 0;
  let haa = 0;
  let has = 0;
  let hss = 0;
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

function lossOf(
  labels: ArrayLike<number>,
  logits: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  {intercept, slope}: Calibration,
): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    sum += (weights?.[i] ?? 1) * logitLoss(intercept + slope * logits[i], labels[i]);
  }
  return sum;
}
