import type {CrossLinear} from '../../../layers/cross_linear';
import {AutofisError} from '../../errors';
import type {LayerView} from './translator';

/** Whole numbers up to this are exact in float32. */
const MOST_EXACT = 2 ** 24;

/** The combinations of all interactions in one list. */
export interface Packed {
  /** For each interaction the fields whose values together name rows, and the field whose values name columns. */
  sides: Array<{rows: number[]; column: number}>;
  /** The first row of each interaction. */
  firstRow: number[];
  /** Displacement of each row, followed by that of an extra row without combinations. */
  displacements: Float64Array;
  /** For each position of the list the row of its combination with a minus, 1 where it is free, and its weight. */
  owners: Float32Array;
  weights: Float32Array;
}

/** The field with the most values names columns, so that there are few rows. */
function sidesOf({embedded, interactions}: CrossLinear): Packed['sides'] {
  return interactions.map(fields => {
    const sizes = fields.map(f => embedded[f].size);
    const at = sizes.lastIndexOf(Math.max(...sizes));
    return {rows: fields.filter((_, i) => i !== at), column: fields[at]};
  });
}

/** Return the factors of row fields' ids in a row's number: the last one has 1. */
export const strides = ({embedded}: CrossLinear, rows: readonly number[]) =>
  rows.map((_, i) => rows.slice(i + 1).reduce((product, f) => product * embedded[f].size, 1));

/** Displace the rows of combinations against each other so that no two share a position. */
export function pack(
  {title}: LayerView,
  layer: CrossLinear,
  counts: readonly number[],
  kernel: ArrayLike<number>,
): Packed {
  const {embedded, interactions} = layer;
  const dictionary = layer.dictionary!.read();
  const [ids, width] = [dictionary.dataSync(), dictionary.shape[1]!];
  const sides = sidesOf(layer);
  const rowsOf = ({rows}: Packed['sides'][number]) => rows.reduce((product, f) => product * embedded[f].size, 1);
  const firstRow = sides.map((_, p) => sides.slice(0, p).reduce((sum, side) => sum + rowsOf(side), 0));
  const rows = firstRow.at(-1)! + rowsOf(sides.at(-1)!);
  const checkExact = (positions: number) => {
    if (positions <= MOST_EXACT) return;
    throw new AutofisError(
      `${title}: ${rows} values with ${kernel.length} combinations cannot be exported, since float32 counts ` +
        `positions only up to ${MOST_EXACT}. Keep fewer interactions, or raise \`leastCount\`.`,
    );
  };
  checkExact(rows);
  const cells: Array<{row: number; column: number; weight: number}> = [];
  let k = 0;
  counts.forEach((count, p) => {
    const {rows: named, column} = sides[p];
    const idOf = (f: number) => ids[width * k + interactions[p].indexOf(f)];
    const factors = strides(layer, named);
    for (const end = k + count; k < end; k++) {
      const row = named.reduce((sum, f, i) => sum + factors[i] * idOf(f), firstRow[p]);
      cells.push({row, column: idOf(column), weight: kernel[k]});
    }
  });
  const widest = Math.max(...sides.map(({column}) => embedded[column].size));
  const {displacements, length} = displaceRows(cells, rows + 1, widest);
  checkExact(length);
  const owners = new Float32Array(length).fill(1);
  const weights = new Float32Array(length);
  for (const {row, column, weight} of cells) {
    owners[displacements[row] + column] = -row;
    weights[displacements[row] + column] = weight;
  }
  return {sides, firstRow, displacements, owners, weights};
}

/**
 * Lay the rows of a sparse matrix over each other so that no two filled cells share a position: cell (row, column)
 * goes to displacements[row] + column. Rows with many cells are laid first, each where it fits first.
 *
 * @param width Columns of a row: every column from -1 to width - 1 of every row is in the list, filled or not.
 */
export function displaceRows(
  cells: ReadonlyArray<{row: number; column: number}>,
  rows: number,
  width: number,
): {displacements: Float64Array; length: number} {
  const columns = new Map<number, number[]>();
  for (const {row, column} of cells) {
    const filled = columns.get(row);
    if (filled === undefined) columns.set(row, [column]);
    else filled.push(column);
  }
  // Position 0 stands for nothing: the first row's column -1.
  const displacements = new Float64Array(rows).fill(1);
  const taken = new Set<number>();
  let free = 1;
  let last = 1;
  for (const [row, filled] of [...columns].sort(([, a], [, b]) => b.length - a.length)) {
    const first = filled.reduce((least, column) => Math.min(least, column), Infinity);
    while (taken.has(free)) free++;
    let at = Math.max(1, free - first);
    while (filled.some(column => taken.has(at + column))) at++;
    filled.forEach(column => taken.add(at + column));
    displacements[row] = at;
    last = Math.max(last, at);
  }
  return {displacements, length: last + width};
}
