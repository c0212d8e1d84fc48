/** The columns of a field. */
export interface Columns {
  start: number;
  end: number;
}

/**
 * Visit each combination that a row's values of some fields form; padding forms none.
 *
 * @param at Where the row begins.
 * @param sizes Numbers of values of the fields behind the first one.
 * @param visit Gets the first value, and the others as one number of mixed radix: b, (b n_c + c), and so on.
 * @param k The field whose values come next, behind the values `a` and `rest`.
 */
export function forCombinations(
  ids: ArrayLike<number>,
  at: number,
  sides: readonly Columns[],
  sizes: readonly number[],
  visit: (a: number, rest: number) => void,
  k = 0,
  a = 0,
  rest = 0,
): void {
  const {start, end} = sides[k];
  for (let i = at + start; i < at + end; i++) {
    const id = ids[i];
    if (id < 0) continue;
    const next = k === 0 ? 0 : rest * sizes[k - 1] + id;
    if (k === sides.length - 1) visit(a, next);
    else forCombinations(ids, at, sides, sizes, visit, k + 1, k === 0 ? id : a, next);
  }
}
