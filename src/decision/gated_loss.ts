import {AutofisError, invalidArgument} from '../errors';

/** The rows that gates are fitted to, as one model sees them. */
export interface GarroteRows {
  /** G [n, P], row-major: the products of each row, one column an interaction. */
  products: Float32Array;
  /** z [n]: all of the logit that is not a product. */
  base: Float32Array;
  /** y [n]: 0 or 1. */
  labels: ArrayLike<number>;
  /** w [n]: weights of the rows, >= 0; default 1 each. */
  weights?: ArrayLike<number>;
}

/** Rows that second derivatives are taken from: of more rows every k-th, since steps need them only roughly. */
const MOST_CURVED = 10_000;

/** The loss at one point. */
export interface LossState {
  loss: number;
  /** By alpha and b: [P + 1]. */
  gradient: Float64Array;
  /** Second derivative of the loss by the logit of each row, w p (1 - p): [n]. */
  curvature: Float64Array;
}

/** The mean logloss of rows under gates, over (alpha, b) in one vector [P + 1]. */
export class GatedLoss {
  private constructor(
    private readonly rows: GarroteRows,
    /** Weights of the rows, with sum 1. */
    private readonly weights: Float64Array,
    /** P. */
    readonly count: number,
  ) {}

  /** @throws AutofisError where lengths disagree, labels are not 0 or 1, or numbers are not finite. */
  static of(rows: GarroteRows): GatedLoss {
    const {products, base, labels, weights} = rows;
    const count = products.length / base.length;
    if (base.length === 0 || !Number.isInteger(count) || count === 0 || labels.length !== base.length) {
      throw new AutofisError(
        'garrote: `products` must hold P columns for each of the n rows of `base` and `labels`, n and P >= 1. ' +
          `Received: ${products.length} products, ${base.length} base logits, ${labels.length} labels.`,
      );
    }
    for (let i = 0; i < labels.length; i++)
      if (labels[i] !== 0 && labels[i] !== 1) throw invalidArgument('garrote', `labels[${i}]`, 'be 0 or 1', labels[i]);
    checkFinite('products', products);
    checkFinite('base', base);
    return new GatedLoss(rows, normalised(base.length, weights), count);
  }

  /** Weight the rows in another way. */
  weighted(weights?: ArrayLike<number>): GatedLoss {
    return new GatedLoss(this.rows, normalised(this.rows.base.length, weights), this.count);
  }

  /** Restrict the loss to some gates, all others being closed. */
  among(columns: readonly number[]): GatedLoss {
    const {products, base, labels} = this.rows;
    const counts = (_: number, i: number) => this.weights[i] > 0;
    const weights = this.weights.filter(counts);
    const some = {
      products: new Float32Array(weights.length * columns.length),
      base: base.filter(counts),
      labels: Float32Array.from(labels).filter(counts),
    };
    for (let i = 0, to = 0; i < base.length; i++) {
      if (this.weights[i] === 0) continue;
      const from = i * this.count;
      for (let k = 0; k < columns.length; k++) some.products[to++] = products[from + columns[k]];
    }
    return new GatedLoss(some, weights, columns.length);
  }

  /** The loss at (alpha, b) with its derivatives. */
  at(point: Float64Array): LossState {
    const {weights, count} = this;
    const {products, base, labels} = this.rows;
    const residuals = new Float64Array(base.length);
    const curvature = new Float64Array(base.length);
    const open = Int32Array.from(point.keys()).filter(p => p < count && point[p] !== 0);
    const alpha = Float64Array.from(open, p => point[p]);
    let loss = 0;
    for (let i = 0, at = 0; i < base.length; i++, at += count) {
      if (weights[i] === 0) continue;
      let logit = base[i] + point[count];
      for (let k = 0; k < open.length; k++) logit += products[at + open[k]] * alpha[k];
      // As `sigmoid` and `logitLoss`, with one exponential for both.
      const e = Math.exp(-Math.abs(logit));
      const chance = logit >= 0 ? 1 / (1 + e) : e / (1 + e);
      loss += weights[i] * (Math.max(logit, 0) + Math.log1p(e) - labels[i] * logit);
      curvature[i] = weights[i] * chance * (1 - chance);
      residuals[i] = weights[i] * (chance - labels[i]);
    }
    return {loss, gradient: this.transposed(residuals), curvature};
  }

  /** (G, 1)^T r: [P + 1]. */
  private transposed(r: Float64Array): Float64Array {
    const {count} = this;
    const {products} = this.rows;
    const sums = new Float64Array(count + 1);
    // Four rows at once, so that each sum is read and written a quarter as often.
    const inFours = r.length - (r.length % 4);
    for (let i = 0; i < inFours; i += 4) {
      const [a, b, c, d] = [i * count, (i + 1) * count, (i + 2) * count, (i + 3) * count];
      const [p, q, s, t] = [r[i], r[i + 1], r[i + 2], r[i + 3]];
      for (let k = 0; k < count; k++)
        sums[k] += products[a + k] * p + products[b + k] * q + products[c + k] * s + products[d + k] * t;
      sums[count] += p + q + s + t;
    }
    for (let i = inFours; i < r.length; i++) {
      for (let k = 0; k < count; k++) sums[k] += products[i * count + k] * r[i];
      sums[count] += r[i];
    }
    return sums;
  }

  /** The second derivatives, given the rows' curvature: [P + 1, P + 1], row-major. */
  hessian(curvature: Float64Array): Float64Array {
    const size = this.count + 1;
    const every = Math.max(1, Math.floor(curvature.length / MOST_CURVED));
    const sums = new Float64Array(size * size);
    // Four rows at once, so that each sum is read and written a quarter as often.
    const block = new Float64Array(4 * size);
    const scale = new Float64Array(4);
    for (let i = 0; i < curvature.length; i += 4 * every) {
      for (let b = 0; b < 4; b++) {
        this.copyRow(i + b * every, block.subarray(b * size, (b + 1) * size));
        scale[b] = every * (curvature[i + b * every] ?? 0);
      }
      for (let j = 0, to = 0; j < size; j++, to += size) {
        const [p, q] = [scale[0] * block[j], scale[1] * block[size + j]];
        const [r, s] = [scale[2] * block[2 * size + j], scale[3] * block[3 * size + j]];
        if (p === 0 && q === 0 && r === 0 && s === 0) continue;
        for (let k = j; k < size; k++) {
          sums[to + k] += p * block[k] + q * block[size + k] + r * block[2 * size + k] + s * block[3 * size + k];
        }
      }
    }
    for (let j = 0; j < size; j++) for (let k = 0; k < j; k++) sums[j * size + k] = sums[k * size + j];
    return sums;
  }

  /** A row of (G, 1); zeros behind the last row. */
  private copyRow(row: number, target: Float64Array): void {
    const {count} = this;
    const {products, base} = this.rows;
    if (row >= base.length) {
      target.fill(0);
      return;
    }
    for (let j = 0; j < count; j++) target[j] = products[row * count + j];
    target[count] = 1;
  }
}

function checkFinite(name: string, values: Float32Array): void {
  // A sum of zeros is 0 unless a value is not finite: one pass without a call for each of millions of values.
  let zero = 0;
  for (let i = 0; i < values.length; i++) zero += 0 * values[i];
  if (zero === 0) return;
  const at = values.findIndex(value => !Number.isFinite(value));
  throw invalidArgument('garrote', `${name}[${at}]`, 'be a finite number', values[at]);
}

function normalised(rows: number, weights?: ArrayLike<number>): Float64Array {
  if (weights === undefined) return new Float64Array(rows).fill(1 / rows);
  if (weights.length !== rows)
    throw invalidArgument('garrote', 'weights', `have one value for each of the ${rows} rows`, weights.length);
  const copied = Float64Array.from(weights);
  const total = copied.reduce((sum, w) => sum + w, 0);
  if (!copied.every(w => w >= 0) || !(total > 0)) {
    throw invalidArgument('garrote', 'weights', 'be numbers >= 0, not all 0', total);
  }
  return copied.map(w => w / total);
}
