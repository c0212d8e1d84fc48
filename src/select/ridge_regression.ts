import type {FieldSpec} from '../../layers/field_layout';
import {AutofisError} from '../errors';
import {logitLoss, sigmoid} from '../logistic';
import {OneHotDesign} from './one_hot_design';
import {Ridge, RidgePenalty} from './ridge_penalty';

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
  /** The penalty that it was fitted with: of all fields, or of each. */
  ridge: Ridge;
  /** w [V]: one weight per feature, fields one after another. */
  kernel: Float64Array;
  /** w0. */
  bias: number;
}

/** Newton steps of one fit at most. */
const NEWTON_STEPS = 30;
/**
 * Rows that the curvature is taken from: with more, from every second, third, ... of them. Steps become a little longer
 * or shorter, and where they end stays, since gradient and loss are of all rows.
 */
const MOST_CURVED = 100_000;
/** Steps of conjugate gradients within a Newton step at most. */
const CG_STEPS = 60;

/**
 * Logistic regression on one-hot fields with a penalty:
 *
 *   minimise  sum_i w_i logloss(y_i, w0 + <w, x_i>) + penalty(w)   over w and w0.
 *
 * Newton's method; its equations are solved by conjugate gradients with diagonal and penalty as preconditioner, so that
 * a pass costs what the ids cost. A point holds w [V] and behind it w0.
 */
export class RidgeRegression {
  private readonly design: OneHotDesign;

  /**
   * @param where Who asks, for messages.
   * @throws AutofisError if the ids are not those of the fields.
   */
  constructor(
    where: string,
    private readonly table: IdTable,
    private readonly fields: readonly FieldSpec[],
  ) {
    this.design = new OneHotDesign(where, table.ids, fields);
    const {rows, columns} = this.design;
    if (table.labels.length !== rows || rows === 0) {
      throw new AutofisError(
        `${where}: \`ids\` must hold ${columns} ids for each label, at least one row. ` +
          `Received: ${table.ids.length} ids, ${table.labels.length} labels.`,
      );
    }
  }

  /** The minimum, found from a start near it; by default from 0. */
  fit(ridge: Ridge, start?: LinearFit): LinearFit {
    const {features} = this.design;
    const point = start === undefined ? new Float64Array(features + 1) : pointOf(start);
    const best = this.newton(new RidgePenalty(this.fields, ridge), point);
    return {ridge, kernel: best.slice(0, features), bias: best[features]};
  }

  /** The curvature of the loss, without the penalty, along each weight and w0: [V + 1]. */
  curvatures(fit: LinearFit): Float64Array {
    return this.diagonal(this.stateAt(new RidgePenalty(this.fields, 0), pointOf(fit)).curvature);
  }

  private newton(penalty: RidgePenalty, start: Float64Array): Float64Array {
    let point = start;
    let state = this.stateAt(penalty, point);
    let first = 0;
    for (let k = 0; k < NEWTON_STEPS; k++) {
      const size2 = Math.sqrt(dot(state.gradient, state.gradient));
      if (k === 0) first = size2;
      if (size2 <= 1e-5 * Math.max(1, first)) break;
      const direction = this.solve(penalty, state, Math.min(0.3, Math.sqrt(size2 / Math.max(first, 1e-12))));
      const slope = dot(state.gradient, direction);
      let share = 1;
      let next = point;
      let reached = state;
      for (; share > 1e-4; share /= 2) {
        next = point.map((x, j) => x - share * direction[j]);
        reached = this.stateAt(penalty, next);
        if (reached.loss <= state.loss - 1e-4 * share * slope) break;
      }
      const gained = state.loss - reached.loss;
      if (!(gained > 0)) break;
      [point, state] = [next, reached];
      if (gained <= 1e-5 * Math.abs(state.loss)) break;
    }
    return point;
  }

  private stateAt(penalty: RidgePenalty, point: Float64Array): State {
    const {design, table} = this;
    const {labels, weights} = table;
    const gradient = new Float64Array(design.features + 1);
    const curvature = new Float64Array(design.rows);
    let loss = penalty.of(point);
    for (let i = 0; i < design.rows; i++) {
      const z = design.row(i, point);
      const weight = weights === undefined ? 1 : weights[i];
      const p = sigmoid(z);
      loss += weight * logitLoss(z, labels[i]);
      curvature[i] = weight * p * (1 - p);
      design.addRow(i, weight * (p - labels[i]), gradient);
    }
    penalty.addTo(gradient, point);
    return {loss, gradient, curvature};
  }

  /** X^T diag(curvature) X on its diagonal, > 0 for w0. */
  private diagonal(curvature: Float64Array, every = 1): Float64Array {
    const {features, rows} = this.design;
    const diagonal = new Float64Array(features + 1);
    diagonal[features] = 1e-9;
    for (let i = 0; i < rows; i += every) this.design.addRow(i, every * curvature[i], diagonal, true);
    return diagonal;
  }

  /** H^-1 g by preconditioned conjugate gradients, to a share `tolerance` of |g|. */
  private solve(penalty: RidgePenalty, {gradient, curvature}: State, tolerance: number): Float64Array {
    const size = this.design.features + 1;
    const diagonal = this.diagonal(curvature);
    const every = Math.max(1, Math.floor(this.design.rows / MOST_CURVED));
    // What a sample of the rows lacks on the diagonal: values of few rows may have none in it.
    const lacking = every === 1 ? null : this.diagonal(curvature, every).map((d, j) => Math.max(0, diagonal[j] - d));
    const times = (v: Float64Array): Float64Array => {
      const product = lacking === null ? new Float64Array(size) : lacking.map((d, j) => d * v[j]);
      penalty.addTo(product, v);
      this.design.addCurved(curvature, v, product, every);
      return product;
    };
    const x = new Float64Array(size);
    const residual = gradient.slice();
    const target = tolerance * Math.sqrt(dot(gradient, gradient));
    let scaled = penalty.solve(diagonal, residual);
    let direction = scaled.slice();
    let size2 = dot(residual, scaled);
    for (let k = 0; k < CG_STEPS && Math.sqrt(dot(residual, residual)) > target; k++) {
      const image = times(direction);
      const step = size2 / dot(direction, image);
      for (let j = 0; j < size; j++) {
        x[j] += step * direction[j];
        residual[j] -= step * image[j];
      }
      scaled = penalty.solve(diagonal, residual);
      const next = dot(residual, scaled);
      const share = next / size2;
      direction = direction.map((d, j) => scaled[j] + share * d);
      size2 = next;
    }
    return x;
  }
}

/** The weights of a fit, and behind them w0: [V + 1]. */
export function pointOf({kernel, bias}: Pick<LinearFit, 'kernel' | 'bias'>): Float64Array {
  const point = new Float64Array(kernel.length + 1);
  point.set(kernel);
  point[kernel.length] = bias;
  return point;
}

interface State {
  loss: number;
  gradient: Float64Array;
  /** w_i p_i (1 - p_i). */
  curvature: Float64Array;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j] * b[j];
  return sum;
}
