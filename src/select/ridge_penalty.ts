import type {FieldSpec} from '../../layers/field_layout';
import {tableSpans} from '../../layers/ridge';

/**
 * The quadratic form |w|^2_A of the weights w [V] of a linear model, one for each id, fields one after another. An
 * unordered field gives sum w_k^2. An ordered one, such as a number in bins, gives w_0^2 for missing values and
 *
 *   w_1^2 + sum_{k > 1} (w_k - w_{k-1})^2,
 *
 * a ridge on its steps: a bin with few rows then has the weight of its neighbours, and not the average of all rows.
 * The bias, behind the weights, has no penalty.
 */
export class RidgePenalty {
  private readonly features: number;
  /** For each feature 1 where its weight is tied to that of the feature before. */
  private readonly tied: Uint8Array;

  constructor(fields: readonly FieldSpec[]) {
    this.features = fields.reduce((sum, {size}) => sum + size, 0);
    this.tied = new Uint8Array(this.features + 1);
    for (const {from, to, stride} of tableSpans(fields)) this.tied.fill(stride, from, to);
  }

  /** |w|^2_A. */
  of(w: Float64Array): number {
    let sum = 0;
    for (let j = 0; j < this.features; j++) sum += this.step(w, j) ** 2;
    return sum;
  }

  /** target += scale A w. */
  addTo(target: Float64Array, w: Float64Array, scale: number): void {
    for (let j = 0; j < this.features; j++) {
      const push = scale * this.step(w, j);
      target[j] += push;
      if (this.tied[j] === 1) target[j - 1] -= push;
    }
  }

  /**
   * (diag(d) + ridge A)^-1 r, one tridiagonal system an ordered field, by elimination.
   *
   * @param diagonal d [V + 1] >= 0, > 0 for the bias.
   */
  solve(diagonal: Float64Array, ridge: number, r: Float64Array): Float64Array {
    const {features, tied} = this;
    const pivots = diagonal.slice();
    const x = r.slice();
    for (let j = 0; j < features; j++) {
      pivots[j] += ridge * (1 + tied[j + 1]);
      if (tied[j] === 0) continue;
      const share = ridge / pivots[j - 1];
      pivots[j] -= ridge * share;
      x[j] += share * x[j - 1];
    }
    for (let j = features; j >= 0; j--) {
      if (j < features && tied[j + 1] === 1) x[j] += ridge * x[j + 1];
      x[j] /= pivots[j];
    }
    return x;
  }

  private step(w: Float64Array, j: number): number {
    return this.tied[j] === 1 ? w[j] - w[j - 1] : w[j];
  }
}
