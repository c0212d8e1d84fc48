import {AutofisError, invalidArgument, show} from './errors';

/** Tell whether a value is an integer >= 0. */
export function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

/** Check that a rule of an argument holds; the other arguments are those of `invalidArgument`. */
export function checkThat(holds: unknown, ...rule: Parameters<typeof invalidArgument>): asserts holds {
  if (!holds) throw invalidArgument(...rule);
}

/** Check that `value` is an integer >= `least`. */
export function checkInteger(where: string, argument: string, value: unknown, least: number): asserts value is number {
  if (!Number.isInteger(value) || (value as number) < least) {
    throw invalidArgument(where, argument, `be an integer >= ${least}`, value);
  }
}

/** Check that a seed, where there is one, is an integer. */
export function checkSeed(where: string, seed: unknown): asserts seed is number | null | undefined {
  if (seed != null && !Number.isInteger(seed)) throw invalidArgument(where, 'seed', 'be an integer', seed);
}

/** Check that `value` is a finite number in the interval, e.g. `checkNumber(w, 'momentum', v, '[0, 1)')`. */
export function checkNumber(
  where: string,
  argument: string,
  value: unknown,
  interval: string,
): asserts value is number {
  const [low, high] = interval.slice(1, -1).split(',').map(Number);
  const holds =
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (interval.startsWith('[') ? value >= low : value > low) &&
    (interval.endsWith(']') ? value <= high : value < high);
  if (!holds) throw invalidArgument(where, argument, `be a number in ${interval}`, value);
}

/** Check that `value` is one of `choices`. */
export function checkChoice<T>(
  where: string,
  argument: string,
  value: unknown,
  choices: readonly T[],
): asserts value is T {
  if (!choices.includes(value as T)) {
    throw invalidArgument(where, argument, `be one of ${choices.map(c => JSON.stringify(c)).join(', ')}`, value);
  }
}

/** Check that `options` is an object with keys in `known` alone: a misspelt option must not be ignored in silence. */
export function checkKeys(where: string, options: object, known: readonly string[]): void {
  if (options === null || typeof options !== 'object')
    throw new AutofisError(`${where}: the options must be an object. Received: ${show(options)}.`);
  const unknown = Object.keys(options).filter(key => !known.includes(key));
  if (unknown.length === 0) return;
  const rule = `not be given: the options are ${known.join(', ')}`;
  throw invalidArgument(where, unknown[0], rule, (options as never)[unknown[0]]);
}
