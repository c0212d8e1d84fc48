/** Every choice of one element of each list, in which the last list's changes first; of no lists the empty one. */
export function cartesianProduct<T>(lists: ReadonlyArray<readonly T[]>): T[][] {
  return lists.reduce<T[][]>((chosen, list) => chosen.flatMap(prefix => list.map(value => [...prefix, value])), [[]]);
}
