/** The columns of a field. */
export interface Columns {
  start: number;
  end: number;
}

/**
 * Visit each combination that a row's values of two or three fields form; padding forms none.
 *
 * @param at Where the row begins.
 * @param factor What the second of three values is multiplied with, before the third is added to it; 1 for two.
 * @param visit Gets the first value, and the others as one number.
 */
export function forCombinations(
  ids: ArrayLike<number>,
  at: number,
  [first, second, third]: readonly Columns[],
  factor: number,
  visit: (a: number, rest: number) => void,
): void {
  for (let i = at + first.start; i < at + first.end; i++) {
    if (ids[i] < 0) continue;
    for (let j = at + second.start; j < at + second.end; j++) {
      if (ids[j] < 0) continue;
      if (third === undefined) visit(ids[i], ids[j]);
      else
        for (let k = at + third.start; k < at + third.end; k++)
          if (ids[k] >= 0) visit(ids[i], ids[j] * factor + ids[k]);
    }
  }
}
