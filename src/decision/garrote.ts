import {type GarroteRows, GatedLoss} from './gated_loss';
import {minimise} from './proximal_newton';

export interface GarroteOptions {
  /** Penalty >= 0, in units of logloss a unit of alpha. */
  lambda: number;
  /** Upper bound of alpha, > 0; default none. */
  most?: number;
  /** Most Newton steps; an integer >= 1, default 50. */
  steps?: number;
  /** Largest violation of the optimality conditions at which the fit ends early; > 0, default 1e-5. */
  tolerance?: number;
  /** Where the fit begins; default every gate closed. The answer does not depend on it, the time does. */
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

/**
 * Fit non-negative gates to fixed products, on rows that these were not fitted to.
 *
 *   minimise  sum_i w_i logloss(y_i, z_i + b + G_i alpha) / sum_i w_i + lambda sum_p alpha_p   over alpha >= 0 and b.
 *
 * This is the non-negative garrote (Breiman, Better subset regression using the nonnegative garrote, Technometrics
 * 1995) with the logistic loss: alpha 1 keeps an interaction as it is, 0 closes it. The problem is convex, so the
 * answer has no random start. It is solved by proximal Newton steps (`minimise`).
 *
 * @throws AutofisError where lengths disagree or labels are not 0 or 1.
 */
export function garrote(rows: GarroteRows, options: GarroteOptions): GarroteFit {
  return leastLoss(GatedLoss.of(rows), options);
}

/** Fit the gates of a loss, as {@link garrote} does. */
export function leastLoss(
  loss: GatedLoss,
  {lambda, most = Infinity, steps = 50, tolerance = 1e-5, start}: GarroteOptions,
): GarroteFit {
  const from = new Float64Array(loss.count + 1);
  if (start !== undefined) from.set([...start.alpha, start.intercept]);
  const point = minimise(loss, from, {lambda, most, steps, tolerance});
  return {lambda, alpha: point.slice(0, loss.count), intercept: point[loss.count]};
}

/** Logits of rows under gates: z + b + G alpha. */
export function gatedLogits(
  {products, base}: Pick<GarroteRows, 'products' | 'base'>,
  {alpha, intercept}: Pick<GarroteFit, 'alpha' | 'intercept'>,
): Float64Array {
  const count = alpha.length;
  const open = Int32Array.from(alpha.keys()).filter(p => alpha[p] !== 0);
  const logits = new Float64Array(base.length);
  for (let i = 0, at = 0; i < logits.length; i++, at += count) {
    let logit = base[i] + intercept;
    for (let k = 0; k < open.length; k++) logit += products[at + open[k]] * alpha[open[k]];
    logits[i] = logit;
  }
  return logits;
}
