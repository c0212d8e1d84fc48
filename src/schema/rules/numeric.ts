const NUMBER = /^[\t-\r ]*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[\t-\r ]*$/;

/**
 * The double that a decimal text stands for: digits with or without sign, point and exponent; ASCII white space around
 * them counts for nothing. Undefined for all else ("", "1,5", "1_000", "+-1", "0x1f", "nan", "inf") and for what
 * overflows to infinity.
 */
export function parseNumber(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** The greatest magnitude of a code: integers beyond it are not exact as doubles. */
export const LARGEST_CODE = Number.MAX_SAFE_INTEGER;

/**
 * Criteo's bucket of a number: floor(ln(x)^2) for x > 2, else x without its fraction, kept within +-(2^53 - 1). The
 * rule of the winners of Kaggle's challenge, as public code has it (documents that name log2 do not describe that
 * code). ln is the platform's, so two platforms may differ where ln(x)^2 lies within a rounding error of an integer; no
 * integer up to 10^9 does.
 */
export function logSquaredCode(x: number): number {
  if (x > 2) return Math.floor(Math.log(x) * Math.log(x));
  // `+ 0` makes 0 of -0.
  return Math.max(Math.trunc(x), -LARGEST_CODE) + 0;
}

/** The number of edges <= x, by bisection: bucket i holds edges[i - 1] <= x < edges[i]. */
export function bucketOf(x: number, edges: ArrayLike<number>): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}
