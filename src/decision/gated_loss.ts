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
  /** P. */
  readonly count: number;
  private readonly products: Float32Array;
  private readonly base: Float32Array;
  private readonly labels: ArrayLike<number>;
  /** Weights of the rows, with sum 1. */
  private readonly weights: Float64Array;

  constructor({products, base, labels, weights}: GarroteRows) {
    const rows = base.length;
    this.count = products.length / rows;
    if (rows === 0 || !Number.isInteger(this.count) || this.count === 0 || labels.length !== rows) {
      throw new AutofisError(
        'garrote: `products` must hold P columns for each of the n rows of `base` and `labels`, n and P >= 1. ' +
          `Received: ${products.length} products, ${rows} base logits, ${labels.length} labels.`,
      );
    }
    for (let i = 0; i < rows; i++) {
      if (labels[i] !== 0 && labels[i] !== 1) throw invalidArgument('garrote', `labels[${i}]`, 'be 0 or 1', labels[i]);
    }
    checkFinite('products', products);
    checkFinite('base', base);
    this.products = products;
    this.base = base;
    this.labels = labels;
    this.weights = normalised(rows, weights);
  }

  /**
   * The loss at (alpha, b) with its derivatives, in one pass over the rows.
   *
   * @param columns The gates whose derivatives are needed, the others being 0; default all.
   */
  at(point: Float64Array, columns?: Int32Array): LossState {
    const {products, base, labels, weights, count} = this;
    const gradient = new Float64Array(count + 1);
    const curvature = new Float64Array(base.length);
    const intercept = point[count];
    // Most gates are closed in most steps.
    const open = Int32Array.from(point.keys()).filter(p => p < count && point[p] !== 0);
    let loss = 0;
    for (let i = 0, at = 0; i < base.length; i++, at += count) {
      if (weights[i] === 0) continue;
      let logit = base[i] + intercept;
      for (let k = 0; k < open.length; k++) logit += products[at + open[k]] * point[open[k]];
      // As `sigmoid` and `logitLoss`, with one exponential for both.
      const e = Math.exp(-Math.abs(logit));
      const chance = logit >= 0 ? 1 / (1 + e) : e / (1 + e);
      loss += weights[i] * (Math.max(logit, 0) + Math.log1p(e) - labels[i] * logit);
      curvature[i] = weights[i] * chance * (1 - chance);
      const residual = weights[i] * (chance - labels[i]);
      if (columns === undefined) for (let p = 0; p < count; p++) gradient[p] += products[at + p] * residual;
      else for (let k = 0; k < columns.length; k++) gradient[columns[k]] += products[at + columns[k]] * residual;
      gradient[count] += residual;
    }
    return {loss, gradient, curvature};
  }

  /** The second derivatives by some entries of the point, given the rows' curvature: [m, m], row-major. */
  hessian(curvature: Float64Array, entries: readonly number[]): Float64Array {
    const size = entries.length;
    const every = Math.max(1, Math.floor(curvature.length / MOST_CURVED));
    const sums = new Float64Array(size * size);
    // Four rows at once, so that each sum is read and written a quarter as often.
    const block = new Float64Array(4 * size);
    const own = new Float64Array(4);
    for (let i = 0; i < curvature.length; i += 4 * every) {
      for (let b = 0; b < 4; b++) {
        this.copyRow(i + b * every, entries, block.subarray(b * size, (b + 1) * size));
        own[b] = every * (curvature[i + b * every] ?? 0);
      }
      for (let j = 0, to = 0; j < size; j++, to += size) {
        const [p, q] = [own[0] * block[j], own[1] * block[size + j]];
        const [r, s] = [own[2] * block[2 * size + j], own[3] * block[3 * size + j]];
        if (p === 0 && q === 0 && r === 0 && s === 0) continue;
        for (let k = j; k < size; k++) {
          sums[to + k] += p * block[k] + q * block[size + k] + r * block[2 * size + k] + s * block[3 * size + k];
        }
      }
    }
    for (let j = 0; j < size; j++) for (let k = 0; k < j; k++) sums[j * size + k] = sums[k * size + j];
    return sums;
  }

  /** Some entries of a row of (G, 1); zeros behind the last row. */
  private copyRow(row: number, entries: readonly number[], target: Float64Array): void {
    const {products, base, count} = this;
    if (row >= base.length) {
      target.fill(0);
      return;
    }
    for (let j = 0; j < entries.length; j++) target[j] = entries[j] === count ? 1 : products[row * count + entries[j]];
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
  const own = Float64Array.from(weights);
  const total = own.reduce((sum, w) => sum + w, 0);
  if (!own.every(w => w >= 0) || !(total > 0)) {
    throw invalidArgument('garrote', 'weights', 'be numbers >= 0, not all 0', total);
  }
  return own.map(w => w / total);
}
