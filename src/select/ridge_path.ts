import type {FieldSpec} from '../../layers/field_layout';
import {checkNumber} from '../checks';
import {AutofisError} from '../errors';
import {logitLoss, sigmoid} from '../logistic';
import {OneHotDesign} from './one_hot_design';
import {RidgePenalty} from './ridge_penalty';

/** Rows of ids with labels, in memory. */
export interface IdTable {
  /**
   * Row-major [n, W], as FieldLinear takes them: counted from 0 within each field, -1 where a multi-hot field is
   * padded.
   */
  ids: Int32Array;
  labels: ArrayLike<number>;
  /** Of the rows, >= 0; default 1 each. */
  weights?: ArrayLike<number>;
}

/** A logistic regression on one-hot fields: the weights of FieldLinear. */
export interface LinearFit {
  /** The penalty that it was fitted with. */
  ridge: number;
  /** w [V]: one weight per feature, fields one after another. */
  kernel: Float64Array;
  /** w0. */
  bias: number;
}

/** From strong to weak, the order in which each fit starts well at the last. */
export const defaultRidges: readonly number[] = [1000, 300, 100, 30, 10, 3, 1, 0.3, 0.1, 0.03, 0.01];

/** Newton steps of one fit at most. */
const NEWTON_STEPS = 30;
/** Steps of conjugate gradients within a Newton step at most. */
const CG_STEPS = 60;

/**
 * Fit logistic regression with an L2 penalty, for each of several penalties:
 *
 *   minimise  sum_i w_i logloss(y_i, w0 + <w, x_i>) + ridge / 2 |w|^2   over w and w0.
 *
 * `ridge` counts against the sum of the loss, so 1 is scikit-learn's C = 1. For an ordered field, such as a number in
 * bins, |w|^2 is that of the steps between neighbours (`RidgePenalty`). Newton's method; its equations are solved
 * by conjugate gradients with diagonal and penalty as preconditioner, so that a pass costs what the ids cost.
 *
 * @param ridges > 0, from large to small; default 1000 to 0.01, eleven in all.
 * @param enough Asked after each fit, such as by validation rows; where it says true, smaller penalties are left out.
 * @returns One fit for each ridge, in the given order.
 * @throws AutofisError if the ids are not those of the fields, or a penalty breaks its rule.
 */
export function ridgePath(
  table: IdTable,
  fields: readonly FieldSpec[],
  ridges: readonly number[] = defaultRidges,
  enough: (fits: readonly LinearFit[]) => boolean = () => false,
): LinearFit[] {
  ridges.forEach((ridge, i) => checkNumber('ridgePath', `ridges[${i}]`, ridge, '(0, Infinity)'));
  const design = new OneHotDesign('ridgePath', table.ids, fields);
  const penalty = new RidgePenalty(fields);
  if (table.labels.length !== design.rows || design.rows === 0) {
    throw new AutofisError(
      `ridgePath: \`ids\` must hold ${design.columns} ids for each label, at least one row. ` +
        `Received: ${table.ids.length} ids, ${table.labels.length} labels.`,
    );
  }
  const fits: LinearFit[] = [];
  let point: Float64Array = new Float64Array(design.features + 1);
  for (const ridge of ridges) {
    point = newton({design, penalty, ridge, table}, point);
    fits.push({ridge, kernel: point.slice(0, design.features), bias: point[design.features]});
    if (enough(fits)) break;
  }
  return fits;
}

/** Logits of rows under a fit: w0 + <w, x>. */
export function linearLogits(
  ids: Int32Array,
  fields: readonly FieldSpec[],
  {kernel, bias}: Pick<LinearFit, 'kernel' | 'bias'>,
): Float64Array {
  const design = new OneHotDesign('linearLogits', ids, fields);
  const point = new Float64Array(design.features + 1);
  point.set(kernel);
  point[design.features] = bias;
  return design.times(point);
}

/** What is minimised. */
interface Problem {
  design: OneHotDesign;
  penalty: RidgePenalty;
  ridge: number;
  table: IdTable;
}

function newton(problem: Problem, start: Float64Array): Float64Array {
  let point = start;
  let state = stateAt(problem, point);
  let first = 0;
  for (let k = 0; k < NEWTON_STEPS; k++) {
    const size2 = Math.sqrt(dot(state.gradient, state.gradient));
    if (k === 0) first = size2;
    if (size2 <= 1e-5 * Math.max(1, first)) break;
    const direction = solve(problem, state, Math.min(0.3, Math.sqrt(size2 / Math.max(first, 1e-12))));
    const slope = dot(state.gradient, direction);
    let share = 1;
    let next = point;
    let reached = state;
    for (; share > 1e-4; share /= 2) {
      next = point.map((x, j) => x - share * direction[j]);
      reached = stateAt(problem, next);
      if (reached.loss <= state.loss - 1e-4 * share * slope) break;
    }
    const gained = state.loss - reached.loss;
    if (!(gained > 0)) break;
    [point, state] = [next, reached];
    if (gained <= 1e-5 * Math.abs(state.loss)) break;
  }
  return point;
}

interface State {
  loss: number;
  gradient: Float64Array;
  /** w_i p_i (1 - p_i). */
  curvature: Float64Array;
}

function stateAt({design, penalty, ridge, table: {labels, weights}}: Problem, point: Float64Array): State {
  const {features, rows} = design;
  const gradient = new Float64Array(features + 1);
  const curvature = new Float64Array(rows);
  let loss = 0;
  for (let i = 0; i < rows; i++) {
    const z = design.row(i, point);
    const weight = weights === undefined ? 1 : weights[i];
    const p = sigmoid(z);
    loss += weight * logitLoss(z, labels[i]);
    curvature[i] = weight * p * (1 - p);
    design.addRow(i, weight * (p - labels[i]), gradient);
  }
  loss += (ridge / 2) * penalty.of(point);
  penalty.addTo(gradient, point, ridge);
  return {loss, gradient, curvature};
}

/** H^-1 g by preconditioned conjugate gradients, to a share `tolerance` of |g|. */
function solve({design, penalty, ridge}: Problem, {gradient, curvature}: State, tolerance: number): Float64Array {
  const {features, rows} = design;
  const size = features + 1;
  const times = (v: Float64Array): Float64Array => {
    const product = new Float64Array(size);
    penalty.addTo(product, v, ridge);
    design.addCurved(curvature, v, product);
    return product;
  };
  const diagonal = new Float64Array(size);
  diagonal[features] = 1e-9;
  for (let i = 0; i < rows; i++) design.addRow(i, curvature[i], diagonal, true);
  const x = new Float64Array(size);
  const residual = gradient.slice();
  const target = tolerance * Math.sqrt(dot(gradient, gradient));
  let scaled = penalty.solve(diagonal, ridge, residual);
  let direction = scaled.slice();
  let size2 = dot(residual, scaled);
  for (let k = 0; k < CG_STEPS && Math.sqrt(dot(residual, residual)) > target; k++) {
    const image = times(direction);
    const step = size2 / dot(direction, image);
    for (let j = 0; j < size; j++) {
      x[j] += step * direction[j];
      residual[j] -= step * image[j];
    }
    scaled = penalty.solve(diagonal, ridge, residual);
    const next = dot(residual, scaled);
    const share = next / size2;
    direction = direction.map((d, j) => scaled[j] + share * d);
    size2 = next;
  }
  return x;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}
