import type {OneHotDesign} from './one_hot_design';
import type {RidgePenalty} from './ridge_penalty';

/** Rows that a block is made from, at most. */
const MOST_ROWS = 10_000;
/** Steps of conjugate gradients that one block is worth; after more, it is made again. */
const MOST_STEPS = 20;

/**
 * The last fields of a design, which say nearly the same: as a preconditioner, the equations among their weights and
 * the intercept are solved together, where those of all others are solved field by field.
 */
export class DenseBlock {
  /** Number of its weights, with the intercept. */
  private readonly size: number;
  /** Position of the first one. */
  private readonly first: number;
  private readonly every: number;
  /** For each field the position of each row taken, counted from the first weight of the block. */
  private readonly positions: Int32Array[];
  /** Cholesky's factor [size, size] of the equations at a former point. */
  private factor: Float64Array | null = null;

  /** @param fields The last fields, one-hot. */
  constructor(design: Pick<OneHotDesign, 'rows' | 'features' | 'oneHot'>, fields: ReadonlyArray<{size: number}>) {
    this.size = fields.reduce((sum, {size}) => sum + size, 1);
    const first = (this.first = design.features + 1 - this.size);
    this.every = Math.ceil(design.rows / MOST_ROWS);
    this.positions = design.oneHot
      .slice(-fields.length)
      .map(at => new Int32Array(Math.ceil(at.length / this.every)).map((_, i) => at[i * this.every] - first));
  }

  /**
   * Extend a preconditioner of all fields by the block of X^T diag(c) X + P.
   *
   * @param diagonal The diagonal of X^T diag(c) X, of all features.
   */
  preconditioner(c: Float64Array, diagonal: Float64Array, penalty: RidgePenalty): (r: Float64Array) => Float64Array {
    const solveDiagonal = penalty.solver(diagonal);
    const factor = (this.factor ??= choleskyFactor(this.equations(c, diagonal, penalty), this.size));
    return r => {
      const x = solveDiagonal(r);
      solve(factor, r.subarray(this.first), x.subarray(this.first));
      return x;
    };
  }

  /** Take notice of the steps that a preconditioner of this block needed. */
  took(steps: number): void {
    if (steps > MOST_STEPS) this.factor = null;
  }

  /** The lower triangle of X^T diag(c) X + P; off the diagonal, a sample of the rows stands for all. */
  private equations(c: Float64Array, diagonal: Float64Array, penalty: RidgePenalty): Float64Array {
    const {size, first, every, positions} = this;
    const matrix = new Float64Array(size * size);
    const intercept = (size - 1) * size;
    positions.forEach((rows, f) => {
      for (let i = 0; i < rows.length; i++) matrix[intercept + rows[i]] += every * c[i * every];
      for (const others of positions.slice(0, f))
        for (let i = 0; i < rows.length; i++) matrix[rows[i] * size + others[i]] += every * c[i * every];
    });
    for (let j = 0; j < size; j++) matrix[j * size + j] = Math.max(diagonal[first + j], matrix[intercept + j]);
    penalty.addLowerBlock(matrix, first);
    return matrix;
  }
}

/** The lower factor L of A = L L^T, in place of the lower triangle of A [size, size]. */
function choleskyFactor(a: Float64Array, size: number): Float64Array {
  for (let j = 0; j < size; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = a[j * size + k];
      for (let q = 0, at = j * size, other = k * size; q < k; q++) sum -= a[at + q] * a[other + q];
      a[j * size + k] = j === k ? Math.sqrt(Math.max(sum, 1e-9)) : sum / a[k * size + k];
    }
  }
  return a;
}

/** Set x to the solution of L L^T x = r. */
function solve(factor: Float64Array, r: Float64Array, x: Float64Array): void {
  const size = r.length;
  for (let j = 0; j < size; j++) {
    let sum = r[j];
    for (let k = 0, at = j * size; k < j; k++) sum -= factor[at + k] * x[k];
    x[j] = sum / factor[j * size + j];
  }
  for (let j = size - 1; j >= 0; j--) {
    const value = (x[j] /= factor[j * size + j]);
    for (let k = 0, at = j * size; k < j; k++) x[k] -= factor[at + k] * value;
  }
}
