import {checkInteger, checkKeys, checkNumber} from '../checks';
import {invalidArgument} from '../errors';
import {GarroteRows, GatedLoss} from './gated_loss';
import {minimise} from './proximal_newton';

export interface GarroteOptions {
  /** Penalties to fit, each >= 0. Default 1e-4 to 6.4e-2, nine in all. */
  lambdas?: readonly number[];
  /** Upper bound of alpha, > 0; default none. */
  most?: number;
  /** Most Newton steps at each lambda; an integer >= 1, default 50. */
  steps?: number;
  /** Largest violation of the optimality conditions at which a fit ends early; > 0, default 1e-5. */
  tolerance?: number;
  /** Where the first fit begins; default every gate closed. The answer does not depend on it, the time does. */
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

/** Penalties from "keep nearly all" to "close nearly all", in units of logloss a unit of alpha. */
export const defaultLambdas: readonly number[] = [1e-4, 3e-4, 1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2, 3.2e-2, 6.4e-2];

/**
 * Fit non-negative gates to the fixed products of a trained model, on rows that it did not learn from.
 *
 *   minimise  sum_i w_i logloss(y_i, z_i + b + G_i alpha) / sum_i w_i + lambda sum_p alpha_p   over alpha >= 0 and b.
 *
 * This is the non-negative garrote (Breiman, Better subset regression using the nonnegative garrote, Technometrics
 * 1995) with the logistic loss: alpha 1 keeps an interaction as the base model has it, 0 closes it. The problem is
 * convex, so the answer has no random start. It is solved by proximal Newton steps (`minimise`), warm along the
 * penalties.
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
  checkKeys('garrote', options, ['lambdas', 'most', 'steps', 'tolerance', 'start']);
  const {lambdas = defaultLambdas, most = Infinity, steps = 50, tolerance = 1e-5, start: given} = options;
  const loss = new GatedLoss(rows);
  if (!Array.isArray(lambdas) || lambdas.length === 0) {
    throw invalidArgument('garrote', 'lambdas', 'be a list of numbers >= 0, at least one', lambdas);
  }
  lambdas.forEach((lambda, i) => checkNumber('garrote', `lambdas[${i}]`, lambda, '[0, Infinity)'));
  if (!(most > 0)) throw invalidArgument('garrote', 'most', 'be a number > 0', most);
  checkInteger('garrote', 'steps', steps, 1);
  checkNumber('garrote', 'tolerance', tolerance, '(0, Infinity)');
  let point: Float64Array = new Float64Array(loss.count + 1);
  if (given !== undefined) point.set([...given.alpha, given.intercept]);
  const fits = new Array<GarroteFit>(lambdas.length);
  // From the largest penalty to the smallest few gates are open in most steps, whose cost is the square of those.
  for (const i of [...lambdas.keys()].sort((a, b) => lambdas[b] - lambdas[a])) {
    point = minimise(loss, point, {lambda: lambdas[i], most, steps, tolerance});
    fits[i] = {lambda: lambdas[i], alpha: point.slice(0, loss.count), intercept: point[loss.count]};
  }
  return fits;
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
