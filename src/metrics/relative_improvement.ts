import {checkNumber} from '../checks';
import {invalidArgument} from '../errors';

/**
 * Relative improvement of an AUC over a base model's, as the AutoFIS paper gives it: value / base - 1.
 * 0.0049 is 0.49 %.
 *
 * @param chance The value of a random guess, subtracted from both; default 0. 0.5 gives the RelaImpr of Yan et al.
 *   (ICML 2014): (value - 0.5) / (base - 0.5) - 1.
 * @throws AutofisError when the base is no better than `chance`.
 */
export function relativeImprovement(value: number, base: number, chance = 0): number {
  const where = 'relativeImprovement';
  checkNumber(where, 'value', value, '(-Infinity, Infinity)');
  checkNumber(where, 'chance', chance, '(-Infinity, Infinity)');
  if (!(Number.isFinite(base) && base > chance))
    throw invalidArgument(where, 'base', `be a number above ${chance}`, base);
  return (value - chance) / (base - chance) - 1;
}
