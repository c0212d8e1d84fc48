/** The columns of a field. */
export interface Columns {
  start: number;
  end: number;
}

/**
 * Visit each combination that a row's values of some fields form; padding forms none.
 *
 * @param at Where the row begins.
 * @param sizes Numbers of values of the fields behind the second one.
 * @param visit Gets the first value, and the others as one number of mixed radix: b, (b n_c + c), and so on.
 */
export function forCombinations(
  ids: ArrayLike<number>,
  at: number,
  sides: readonly Columns[],
  sizes: readonly number[],
  visit: (a: number, rest: number) => void,
): void {
  const {start, end} = sides[0];
  for (let i = at + start; i < at + end; i++) if (ids[i] >= 0) visitOthers(ids, at, sides, sizes, visit, ids[i], 1, 0);
}

/** Visit the combinations of a first value with those of the fields from the k-th on. */
function visitOthers(
  ids: ArrayLike<number>,
  at: number,
  sides: readonly Columns[],
  sizes: readonly number[],
  visit: (a: number, rest: number) => void,
  a: number,
  k: number,
  rest: number,
): void {
  const {start, end} = sides[k];
  for (let i = at + start; i < at + end; i++) {
    if (ids[i] < 0) continue;
    const number = k === 1 ? ids[i] : rest * sizes[k - 2] + ids[i];
    if (k === sides.length - 1) visit(a, number);
    else visitOthers(ids, at, sides, sizes, visit, a, k + 1, number);
  }
}
