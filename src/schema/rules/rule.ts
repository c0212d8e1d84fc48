/**
 * One value as the encoders take it. Null is missing; a list stands for the items of a multi-valued field. Numbers and
 * booleans come as JavaScript writes them (`String(5)`, `String(true)`).
 */
export type FieldValue = string | readonly string[] | null;

/**
 * Kind of value that an encoder found. `invalid`: it breaks the field's rule, such as "abc" for a number; it is encoded
 * as missing, and readers of whole files reject the row.
 */
export type Outcome = 'known' | 'missing' | 'unseen' | 'invalid';

/** Turns values of one field into ids: the reference that every other encoder must equal. */
export interface RuleEncoder {
  /** Ids a value takes: 1, or the `width` of a multi-valued field. */
  readonly width: number;
  /** Write `width` ids from `at` on. */
  encode(value: FieldValue, ids: Int32Array, at: number): Outcome;
}

/** The id of a missing value, in every rule. */
export const MISSING = 0;
/** The id of a value without an id of its own, in rules with a vocabulary. */
export const UNSEEN = 1;
/** The id of the first value of a vocabulary. */
export const FIRST = 2;

/** Return a test for missing values: null, empty, or one that the rule lists. Nothing is trimmed; case counts. */
export function missingTest(missing: readonly string[] = []): (value: FieldValue) => value is null {
  const set = new Set(missing);
  return (value): value is null =>
    value === null || value.length === 0 || (typeof value === 'string' && set.has(value));
}
