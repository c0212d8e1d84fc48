/**
 * Lets `toEqual` compare long lists of plain values in one loop: jest asks all its testers of each value, which takes
 * seconds for a million. Lists that differ are left to jest, which says where.
 */

/** Shorter lists take jest no time, and may have properties of their own, such as what a regular expression finds. */
const LONG = 500;

const isLong = value =>
  (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) && value.length >= LONG;

const isPlain = value => value !== undefined && (typeof value !== 'object' || value === null);

function areEqual(a, b) {
  if (a.constructor !== b.constructor || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i]) || !isPlain(a[i])) return false;
  return true;
}

expect.addEqualityTesters([(a, b) => (isLong(a) && isLong(b) && areEqual(a, b) ? true : undefined)]);
