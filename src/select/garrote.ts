import {checkInteger, checkNumber} from '../checks';
import {AutofisError, invalidArgument} from '../errors';
import {sigmoid} from '../logistic';

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

export interface GarroteOptions {
  /** Penalties to fit, each >= 0; ascending order makes the path fast. Default 0 and 3e-4 to 6.4e-2, nine in all. */
  lambdas?: readonly number[];
  /** Most FISTA steps at each lambda; an integer >= 1, default 400. */
  steps?: number;
  /** Largest violation of the optimality conditions at which a fit ends early; > 0, default 1e-5. */
  tolerance?: number;
  /** Where the first fit begins; default every gate at 1. The answer does not depend on it, the time does. */
  start?: Pick<GarroteFit, 'alpha' | 'intercept'>;
}

/** The gates at one penalty. */
export interface GarroteFit {
  lambda: number;
  /** Gates [P], each >= 0; 0 is closed. */
  alpha: Float64Array;
  /** b, added to the logit of every row. */
  intercept: number;
}

/** Penalties from "keep the base model" to "close nearly all", in units of logloss a unit of alpha. */
export const defaultLambdas: readonly number[] = [0, 3e-4, 1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2, 3.2e-2, 6.4e-2];

/**
 * Fit non-negative gates to the fixed products of a trained model, on rows that it did not learn from.
 *
 *   minimise  sum_i w_i logloss(y_i, z_i + b + G_i alpha) / sum_i w_i + lambda sum_p alpha_p   over alpha >= 0 and b.
 *
 * This is the non-negative garrote (Breiman, Better subset regression using the nonnegative garrote, Technometrics
 * 1995) with the logistic loss: alpha 1 keeps an interaction as the base model has it, 0 closes it. The problem is
 * convex, so the answer has no random start. It is solved by FISTA (Beck and Teboulle, 2009) with step
 * 4 / ||[G 1]^T [G 1] / n||_2, restarted where the momentum points uphill, warm along the penalties.
 *
 * @param rows Rows that the base model was not trained on. Gates that are fitted to training rows reward memory.
 * @returns One fit for each lambda, in the given order.
 * @throws AutofisError where lengths disagree, labels are not 0 or 1, or an option breaks its rule.
 *
 * @example
 * const path = garrote({products, base, labels});
 * const open = Array.from(path[3].alpha.keys()).filter(p => path[3].alpha[p] > 0);
 */
export function garrote(rows: GarroteRows, options: GarroteOptions = {}): GarroteFit[] {
  const {lambdas = defaultLambdas, steps = 400, tolerance = 1e-5, start: given} = options;
  const problem = new Problem(rows);
  if (!Array.isArray(lambdas) || lambdas.length === 0) {
    throw invalidArgument('garrote', 'lambdas', 'be a list of numbers >= 0, at least one', lambdas);
  }
  lambdas.forEach((lambda, i) => checkNumber('garrote', `lambdas[${i}]`, lambda, '[0, Infinity)'));
  checkInteger('garrote', 'steps', steps, 1);
  checkNumber('garrote', 'tolerance', tolerance, '(0, Infinity)');
  const step = 4 / problem.curvature();
  let start: Float64Array = new Float64Array(problem.count + 1).fill(1);
  if (given !== undefined) start.set(given.alpha);
  start[problem.count] = given?.intercept ?? 0;
  return lambdas.map(lambda => {
    start = fista(problem, {start, step, lambda, steps, tolerance});
    return {lambda, alpha: start.slice(0, problem.count), intercept: start[problem.count]};
  });
}

/** Logits of rows under gates: z + b + G alpha. */
export function gatedLogits(
  {products, base}: Pick<GarroteRows, 'products' | 'base'>,
  {alpha, intercept}: Pick<GarroteFit, 'alpha' | 'intercept'>,
): Float64Array {
  const count = alpha.length;
  return Float64Array.from(base, (z, i) => {
    let logit = z + intercept;
    for (let p = 0, at = i * count; p < count; p++) logit += products[at + p] * alpha[p];
    return logit;
  });
}

/** The loss over (alpha, b), held in one vector [P + 1]. */
class Problem {
  readonly count: number;
  private readonly products: Float32Array;
  private readonly base: Float32Array;
  private readonly labels: ArrayLike<number>;
  /** Of each row, with sum 1. */
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
    this.products = products;
    this.base = base;
    this.labels = labels;
    this.weights = normalised(rows, weights);
  }

  /** The gradient of the mean loss at `point`, into `gradient`. */
  gradient(point: Float64Array, gradient: Float64Array): void {
    const {products, base, labels, weights, count} = this;
    const intercept = point[count];
    gradient.fill(0);
    for (let i = 0, at = 0; i < base.length; i++, at += count) {
      let logit = base[i] + intercept;
      for (let p = 0; p < count; p++) logit += products[at + p] * point[p];
      const residual = weights[i] * (sigmoid(logit) - labels[i]);
      for (let p = 0; p < count; p++) gradient[p] += products[at + p] * residual;
      gradient[count] += residual;
    }
  }

  /** ||[G 1]^T W [G 1]||_2 by the power method, from below; 2 % on top cover what it has not reached. */
  curvature(): number {
    const {products, base, weights, count} = this;
    let vector = new Float64Array(count + 1).fill(1 / Math.sqrt(count + 1));
    let norm = 0;
    for (let round = 0; round < 50; round++) {
      const next = new Float64Array(count + 1);
      for (let i = 0, at = 0; i < base.length; i++, at += count) {
        let along = vector[count];
        for (let p = 0; p < count; p++) along += products[at + p] * vector[p];
        along *= weights[i];
        for (let p = 0; p < count; p++) next[p] += products[at + p] * along;
        next[count] += along;
      }
      const last = norm;
      norm = Math.sqrt(next.reduce((sum, x) => sum + x * x, 0));
      vector = next.map(x => x / norm);
      if (norm - last <= 1e-3 * norm) break;
    }
    return 1.02 * norm;
  }
}

function normalised(rows: number, weights?: ArrayLike<number>): Float64Array {
  if (weights === undefined) return new Float64Array(rows).fill(1 / rows);
  if (weights.length !== rows)
    throw invalidArgument('garrote', 'weights', `have one value for each of the ${rows} rows`, weights.length);
  const total = Array.prototype.reduce.call(
    weights,
    (sum: unknown, w: unknown) => (sum as number) + (w as number),
    0,
  ) as number;
  const valid = Array.prototype.every.call(weights, (w: unknown) => (w as number) >= 0);
  if (!valid || !(total > 0)) throw invalidArgument('garrote', 'weights', 'be numbers >= 0, not all 0', total);
  return Float64Array.from(weights, w => w / total);
}

function fista(
  problem: Problem,
  {
    start,
    step,
    lambda,
    steps,
    tolerance,
  }: {
    start: Float64Array;
    step: number;
    lambda: number;
    steps: number;
    tolerance: number;
  },
): Float64Array {
  const {count} = problem;
  let point = start.slice();
  let ahead = start.slice();
  let momentum = 1;
  const gradient = new Float64Array(count + 1);
  for (let k = 0; k < steps; k++) {
    problem.gradient(ahead, gradient);
    const next = ahead.map((x, p) =>
      p === count ? x - step * gradient[p] : Math.max(0, x - step * (gradient[p] + lambda)),
    );
    let uphill = 0;
    let violation = 0;
    for (let p = 0; p <= count; p++) {
      uphill += (ahead[p] - next[p]) * (next[p] - point[p]);
      violation = Math.max(violation, Math.abs(ahead[p] - next[p]) / step);
    }
    if (violation <= tolerance) return next;
    const grown = uphill > 0 ? 1 : (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2;
    const push = uphill > 0 ? 0 : (momentum - 1) / grown;
    ahead = next.map((x, p) => x + push * (x - point[p]));
    point = next;
    momentum = grown;
  }
  return point;
}
