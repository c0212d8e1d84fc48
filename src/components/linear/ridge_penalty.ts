import type {FieldSpec} from '../../../layers/field_layout';
import {tableSpans} from '../../../layers/ridge';

/** A penalty on the weights of a linear model: one for all fields, or one for each. */
export type Ridge = number | readonly number[];

/** The penalty of each field. */
export function ridgesOf(ridge: Ridge, fields: readonly FieldSpec[]): readonly number[] {
  return typeof ridge === 'number' ? fields.map(() => ridge) : ridge;
}

/**
 * The penalty of the weights w [V] of a linear model, one for each id, fields one after another:
 *
 *   sum over fields f of ridge_f / 2 |w_f|^2_A.
 *
 * For an unordered field |w|^2_A is sum w_k^2. For an ordered one, such as a number in bins, it is w_0^2 for missing
 * values and
 *
 *   w_1^2 + s sum_{k > 1} (w_k - w_{k-1})^2,    s = max(1, bins / 8),
 *
 * a ridge on its steps: a bin with few rows then has the weight of its neighbours, and not the average of all rows. By
 * s the penalty of a slope does not depend on the number of its bins.
 * The bias, behind the weights, has no penalty.
 */
export class RidgePenalty {
  private readonly features: number;
  /** Where each field's weights end. */
  private readonly ends: number[];
  /** For each feature 1 where its weight is tied to that of the feature before. */
  private readonly tied: Uint8Array;
  /** For each feature s, and the ridge of its step, times s. */
  private readonly scales: Float64Array;
  private readonly ridges: Float64Array;

  constructor(fields: readonly FieldSpec[], ridge: Ridge) {
    let end = 0;
    this.ends = fields.map(({size}) => (end += size));
    this.features = end;
    this.tied = new Uint8Array(end + 1);
    this.scales = new Float64Array(end + 1);
    for (const {from, to, stride, scale} of tableSpans(fields)) {
      this.tied.fill(stride, from, to);
      this.scales.fill(scale, from, to);
    }
    const ridges = new Float64Array(end + 1);
    ridgesOf(ridge, fields).forEach((value, f) => ridges.fill(value, this.ends[f] - fields[f].size, this.ends[f]));
    this.ridges = ridges.map((value, j) => value * this.scales[j]);
  }

  /** The penalty of w. */
  of(w: Float64Array): number {
    const {features, ridges} = this;
    let sum = 0;
    for (let j = 0; j < features; j++) sum += ridges[j] * this.step(w, j) ** 2;
    return sum / 2;
  }

  /** Its gradient: target += P w, where the penalty is w^T P w / 2. */
  addTo(target: Float64Array, w: Float64Array): void {
    const {features, ridges, tied} = this;
    for (let j = 0; j < features; j++) {
      const push = ridges[j] * this.step(w, j);
      target[j] += push;
      if (tied[j] === 1) target[j - 1] -= push;
    }
  }

  /**
   * Return a function that solves (diag(d) + P) x = r for any r.
   *
   * Each ordered field is one tridiagonal system, solved by elimination.
   *
   * @param diagonal d [V + 1] >= 0, > 0 for the bias.
   */
  solver(diagonal: Float64Array): (r: Float64Array) => Float64Array {
    const {features, ridges, tied} = this;
    const pivots = this.withDiagonal(diagonal);
    for (let j = 1; j < features; j++) if (tied[j] === 1) pivots[j] -= ridges[j] ** 2 / pivots[j - 1];
    return r => {
      const x = r.slice();
      for (let j = 1; j < features; j++) if (tied[j] === 1) x[j] += (ridges[j] / pivots[j - 1]) * x[j - 1];
      for (let j = features; j >= 0; j--) {
        if (j < features && tied[j + 1] === 1) x[j] += ridges[j + 1] * x[j + 1];
        x[j] /= pivots[j];
      }
      return x;
    };
  }

  /** matrix += the lower triangle of P among the features from `first` on and the bias: [m, m], row-major. */
  addLowerBlock(matrix: Float64Array, first: number): void {
    const {features, ridges, tied} = this;
    const size = features + 1 - first;
    for (let j = first; j < features; j++) {
      const at = (j - first) * size + j - first;
      matrix[at] += ridges[j] + tied[j + 1] * ridges[j + 1];
      if (tied[j] === 1 && j > first) matrix[at - 1] -= ridges[j];
    }
  }

  /** |w_f|^2_A of each field. */
  squares(w: Float64Array): number[] {
    return this.sumOfFields(j => this.scales[j] * this.step(w, j) ** 2);
  }

  /**
   * The effective degrees of freedom of each field, as if the others were fixed: the trace of (D + P)^-1 D, where D is
   * the curvature of the loss. That of a one-hot field is diagonal.
   *
   * @param diagonal D [V + 1] >= 0.
   */
  degrees(diagonal: Float64Array): number[] {
    const {features, ridges, tied} = this;
    // The inverse of a tridiagonal matrix has 1 / (forward pivot + backward pivot - entry) on its diagonal.
    const entries = this.withDiagonal(diagonal);
    const [forward, backward] = [entries.slice(), entries.slice()];
    for (let j = 1; j < features; j++) if (tied[j] === 1) forward[j] -= ridges[j] ** 2 / forward[j - 1];
    for (let j = features - 1; j > 0; j--) if (tied[j] === 1) backward[j - 1] -= ridges[j] ** 2 / backward[j];
    return this.sumOfFields(j => diagonal[j] / (forward[j] + backward[j] - entries[j]));
  }

  /** The diagonal of diag(d) + P. */
  private withDiagonal(diagonal: Float64Array): Float64Array {
    const {features, ridges, tied} = this;
    const entries = diagonal.slice();
    for (let j = 0; j < features; j++) entries[j] += ridges[j] + tied[j + 1] * ridges[j + 1];
    return entries;
  }

  private sumOfFields(of: (j: number) => number): number[] {
    let j = 0;
    return this.ends.map(end => {
      let sum = 0;
      for (; j < end; j++) sum += of(j);
      return sum;
    });
  }

  private step(w: Float64Array, j: number): number {
    return this.tied[j] === 1 ? w[j] - w[j - 1] : w[j];
  }
}
