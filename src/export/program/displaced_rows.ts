/** A filled cell of a sparse matrix. */
export interface FilledCell {
  readonly row: number;
  readonly place: number;
}

/**
 * Lay the rows of a sparse matrix over each other so that no two filled cells share a place: cell (row, place) goes to
 * displacements[row] + place. Rows with many cells are laid first, each where it fits first.
 *
 * @param width Places of a row: every place from -1 to width - 1 of every row is in the list, filled or not.
 */
export function displaceRows(
  cells: readonly FilledCell[],
  rows: number,
  width: number,
): {displacements: Float64Array; length: number} {
  const places = new Map<number, number[]>();
  for (const {row, place} of cells) {
    const own = places.get(row);
    if (own === undefined) places.set(row, [place]);
    else own.push(place);
  }
  // Place 0 stands for nothing: the first row's place -1.
  const displacements = new Float64Array(rows).fill(1);
  const taken = new Set<number>();
  let free = 1;
  let last = 1;
  for (const [row, own] of [...places].sort(([, a], [, b]) => b.length - a.length)) {
    const first = own.reduce((least, place) => Math.min(least, place), Infinity);
    while (taken.has(free)) free++;
    let at = Math.max(1, free - first);
    while (own.some(place => taken.has(at + place))) at++;
    own.forEach(place => taken.add(at + place));
    displacements[row] = at;
    last = Math.max(last, at);
  }
  return {displacements, length: last + width};
}
