/** One-hot features of a gram matrix. */
export interface GramOf {
  /** The number of features, V; the intercept is behind them. */
  features: number;
  /** For each one-hot field the feature of each row. */
  oneHot: readonly Int32Array[];
}

/** Products that conjugate gradients take of one matrix, more or less. */
const PRODUCTS = 20;
/** Features at most: a matrix of 20 MB. */
const MOST_FEATURES = 1600;
/**
 * Nanoseconds of one addition: to a cell of the matrix, to its product with a vector, and of one row's field in the
 * two passes over the rows that take its place.
 */
const COST = {cell: 1.5, product: 1, pass: 5};

/**
 * Tell whether forming X^T diag(c) X costs less than passing over the rows for each product with it.
 *
 * The cost of a product with the matrix does not depend on the number of rows, but forming it counts each pair of
 * fields once.
 */
export function gramPays({features, oneHot}: GramOf): boolean {
  if (oneHot.length === 0 || features > MOST_FEATURES) return false;
  const entries = oneHot[0].length * oneHot.length;
  const formed = (COST.cell * entries * (oneHot.length - 1)) / 2 + (COST.product * PRODUCTS * features ** 2) / 2;
  return formed < COST.pass * PRODUCTS * entries;
}

/** A = X^T diag(c) X of one-hot fields and an intercept. */
export class GramMatrix {
  private readonly size: number;
  /** [V + 1, V + 1], row-major. */
  private readonly matrix: Float64Array;

  /** @param diagonal The matrix's own [V + 1]. */
  constructor({features, oneHot}: GramOf, c: Float64Array, diagonal: Float64Array) {
    const size = (this.size = features + 1);
    const matrix = (this.matrix = new Float64Array(size * size));
    oneHot.forEach((rows, f) => {
      const others = oneHot.slice(f + 1);
      // By fours: neighbouring rows often have the same values, and a sum waits for the one before.
      while (others.length >= 4) {
        const [p, q, r, s] = others.splice(0, 4);
        for (let i = 0; i < c.length; i++) {
          const at = rows[i] * size;
          const value = c[i];
          matrix[at + p[i]] += value;
          matrix[at + q[i]] += value;
          matrix[at + r[i]] += value;
          matrix[at + s[i]] += value;
        }
      }
      for (const columns of others) for (let i = 0; i < c.length; i++) matrix[rows[i] * size + columns[i]] += c[i];
    });
    for (let j = 0; j < size; j++) {
      // The intercept's column is the diagonal, too: each row has it.
      matrix[j * size + features] = diagonal[j];
      matrix[j * size + j] = diagonal[j];
      for (let k = j + 1; k < size; k++) matrix[k * size + j] = matrix[j * size + k];
    }
  }

  /** target += A v. */
  addProduct(v: Float64Array, target: Float64Array): void {
    const {size, matrix} = this;
    const inFours = size - (size % 4);
    for (let j = 0; j < inFours; j += 4) {
      const at = j * size;
      // Four rows at once, whose sums do not wait for each other.
      let [p, q, r, s] = [0, 0, 0, 0];
      for (let k = 0; k < size; k++) {
        const x = v[k];
        p += matrix[at + k] * x;
        q += matrix[at + size + k] * x;
        r += matrix[at + 2 * size + k] * x;
        s += matrix[at + 3 * size + k] * x;
      }
      target[j] += p;
      target[j + 1] += q;
      target[j + 2] += r;
      target[j + 3] += s;
    }
    for (let j = inFours; j < size; j++) for (let k = 0; k < size; k++) target[j] += matrix[j * size + k] * v[k];
  }
}
