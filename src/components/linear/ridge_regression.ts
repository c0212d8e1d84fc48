import type {FieldSpec} from '../../../layers/field_layout';
import {AutofisError, invalidArgument} from '../../errors';
import {conjugateGradients, dot, norm} from './conjugate_gradients';
import type {DenseBlock} from './dense_block';
import {OneHotDesign} from './one_hot_design';
import {type Ridge, RidgePenalty} from './ridge_penalty';

/** Rows of ids with labels, in memory. */
export interface IdTable {
  /**
   * Row-major [n, W], as FieldLinear takes them: counted from 0 within each field, -1 where a multi-hot field is
   * padded.
   */
  ids: Int32Array;
  labels: ArrayLike<number>;
  /** Weights of the rows, >= 0; default 1 each. A row of weight 2 counts as two rows. */
  weights?: ArrayLike<number>;
  /** Groups of the rows as numbers, such as users: rows of one group are judged together. */
  groups?: ArrayLike<number>;
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

/** Weights, and what rows say of them. */
export interface Point {
  /** w [V], and behind it w0. */
  readonly w: Float64Array;
  /** The logits of the rows. */
  readonly logits: Float64Array;
  /** Loss of the rows, without the penalty. */
  readonly loss: number;
  /** Its gradient [V + 1]. */
  readonly gradient: Float64Array;
  /** w_i p_i (1 - p_i) of the rows. */
  readonly curvature: Float64Array;
  /** The curvature of the loss along each weight and w0: [V + 1]; > 0 for w0. */
  readonly diagonal: Float64Array;
}

/** Newton steps of one fit at most. */
const NEWTON_STEPS = 30;
/**
 * Rows that the curvature is taken from: with more, from every second, third, ... of them. Steps become a little longer
 * or shorter, and where they end stays, since gradient and loss are of all rows.
 */
const MOST_CURVED = 50_000;
/** A fit ends where its gradient is below this share of the first one. */
const FLAT = 1e-5;
/** And where a step gains less than this share of the loss. */
const ENOUGH = 1e-5;

/**
 * Logistic regression on one-hot fields with a penalty:
 *
 *   minimise  sum_i w_i logloss(y_i, w0 + <w, x_i>) + penalty(w)   over w and w0.
 *
 * Newton's method; its equations are solved by conjugate gradients with diagonal and penalty as preconditioner, so that
 * a pass costs what the ids cost.
 */
export class RidgeRegression {
  /** The curvature is taken from every k-th row. */
  private readonly every: number;
  private readonly curved: OneHotDesign;

  /**
   * @param fields Fields of the design.
   * @param block Solves the equations of fields that say nearly the same together.
   */
  constructor(
    private readonly design: OneHotDesign,
    private readonly rows: Pick<IdTable, 'labels' | 'weights'>,
    readonly fields: readonly FieldSpec[],
    private readonly block: DenseBlock | null = null,
  ) {
    this.every = Math.max(1, Math.floor(design.rows / MOST_CURVED));
    this.curved = design.thinned(this.every);
  }

  /** @throws AutofisError if the ids are not those of the fields. */
  static of(where: string, table: IdTable, fields: readonly FieldSpec[]): RidgeRegression {
    return new RidgeRegression(designOf(where, table, fields), table, fields);
  }

  /**
   * The minimum, found from a start near it; by default from 0.
   *
   * @param enough It ends where a step gains less than this share of the loss.
   */
  fit(ridge: Ridge, start?: LinearFit, enough = ENOUGH): LinearFit {
    const point = start === undefined ? new Float64Array(this.design.features + 1) : pointOf(start);
    return fitOf(ridge, this.minimum(ridge, this.at(point), enough));
  }

  /** The minimum, found from a point near it. */
  minimum(ridge: Ridge, start: Point, enough = ENOUGH): Point {
    const penalty = new RidgePenalty(this.fields, ridge);
    const first = Math.max(1, norm(penalised(start, penalty)));
    let point = start;
    for (let k = 0; k < NEWTON_STEPS; k++) {
      const left = norm(penalised(point, penalty)) / first;
      if (left <= FLAT) break;
      const next = this.step(point, penalty, Math.min(0.3, Math.sqrt(left)));
      if (next === null) break;
      const loss = point.loss + penalty.of(point.w);
      const gained = loss - next.loss - penalty.of(next.w);
      point = next;
      if (gained <= enough * Math.abs(loss)) break;
    }
    return point;
  }

  /** Evaluate the loss of the rows and its derivatives at weights [V + 1]: w, then w0. */
  at(w: Float64Array): Point {
    return this.pointAt(w, this.design.times(w));
  }

  /**
   * A step of Newton's method under a penalty; null where none lowers the loss.
   *
   * @param tolerance Of the step's equations, as a share of the gradient.
   */
  step(point: Point, penalty: RidgePenalty, tolerance: number): Point | null {
    const gradient = penalised(point, penalty);
    const direction = this.solve(point, penalty, gradient, tolerance);
    const change = this.design.times(direction);
    const slope = dot(gradient, direction);
    const loss = point.loss + penalty.of(point.w);
    for (let share = 1; share > 1e-4; share /= 2) {
      const w = point.w.map((x, j) => x - share * direction[j]);
      const next = this.pointAt(
        w,
        point.logits.map((z, i) => z - share * change[i]),
      );
      const gained = loss - next.loss - penalty.of(w);
      if (gained > 0 && gained >= 1e-4 * share * slope) return next;
    }
    return null;
  }

  private pointAt(w: Float64Array, logits: Float64Array): Point {
    const {design} = this;
    const {labels, weights} = this.rows;
    const push = new Float64Array(design.rows);
    const curvature = new Float64Array(design.rows);
    let loss = 0;
    for (let i = 0; i < design.rows; i++) {
      // As `sigmoid` and `logitLoss`, with one exponential for both.
      const z = logits[i];
      const e = Math.exp(-Math.abs(z));
      const p = z >= 0 ? 1 / (1 + e) : e / (1 + e);
      const weight = weights === undefined ? 1 : weights[i];
      loss += weight * (Math.max(z, 0) + Math.log1p(e) - labels[i] * z);
      push[i] = weight * (p - labels[i]);
      curvature[i] = weight * p * (1 - p);
    }
    let gradient: Float64Array | null = null;
    let diagonal: Float64Array | null = null;
    return {
      w,
      logits,
      loss,
      curvature,
      // A step that is not taken needs neither.
      get gradient() {
        if (gradient === null) design.addTransposed(push, (gradient = new Float64Array(w.length)));
        return gradient;
      },
      get diagonal() {
        if (diagonal === null) {
          diagonal = design.diagonal(curvature);
          diagonal[design.features] += 1e-9;
        }
        return diagonal;
      },
    };
  }

  /** H^-1 g, to a share `tolerance` of |g|. */
  private solve(
    {curvature, diagonal}: Point,
    penalty: RidgePenalty,
    gradient: Float64Array,
    tolerance: number,
  ): Float64Array {
    const {curved, every} = this;
    const curvatures =
      every === 1 ? curvature : new Float64Array(curved.rows).map((_, i) => every * curvature[i * every]);
    // What a sample of the rows lacks on the diagonal: values of few rows may have none in it.
    const lacking = every === 1 ? null : curved.diagonal(curvatures).map((d, j) => Math.max(0, diagonal[j] - d));
    const {x, steps} = conjugateGradients(gradient, {
      precondition: this.block?.preconditioner(curvature, diagonal, penalty) ?? penalty.solver(diagonal),
      addProduct(v, target) {
        if (lacking !== null) for (let j = 0; j < v.length; j++) target[j] += lacking[j] * v[j];
        penalty.addTo(target, v);
        curved.addProduct(curvatures, v, target);
      },
      tolerance,
    });
    this.block?.took(steps);
    return x;
  }
}

/**
 * The rows of a table.
 *
 * @param where Who asks, for messages.
 * @throws AutofisError if the ids are not those of the fields, or a label of a row that counts is not 0 or 1.
 */
export function designOf(where: string, {ids, labels, weights}: IdTable, fields: readonly FieldSpec[]): OneHotDesign {
  const design = OneHotDesign.of(where, ids, fields);
  if (design.rows !== labels.length || design.rows === 0)
    throw new AutofisError(
      `${where}: \`ids\` must hold ${design.columns} ids for each label, at least one row. ` +
        `Received: ${ids.length} ids, ${labels.length} labels.`,
    );
  for (let i = 0; i < labels.length; i++)
    if (labels[i] !== 0 && labels[i] !== 1 && weights?.[i] !== 0)
      throw invalidArgument(where, `labels[${i}]`, 'be 0 or 1', labels[i]);
  return design;
}

/** The weights of a fit, and behind them w0: [V + 1]. */
export function pointOf({kernel, bias}: Pick<LinearFit, 'kernel' | 'bias'>): Float64Array {
  const point = new Float64Array(kernel.length + 1);
  point.set(kernel);
  point[kernel.length] = bias;
  return point;
}

/** The weights of a point as a fit. */
export function fitOf(ridge: Ridge, {w}: Point): LinearFit {
  return {ridge, kernel: w.slice(0, -1), bias: w[w.length - 1]};
}

/** The gradient of the loss with its penalty. */
function penalised({gradient, w}: Point, penalty: RidgePenalty): Float64Array {
  const sum = gradient.slice();
  penalty.addTo(sum, w);
  return sum;
}
