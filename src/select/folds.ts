import {seededRandom, shuffle} from '../random';
import type {IdTable} from '../components/linear/ridge_regression';
import {tableRows} from '../components/table_rows';

/** Rows that components are fitted to, and rows that gates learn from, by position in ascending order. */
export interface FoldRows {
  fitted: Int32Array;
  held: Int32Array;
}

/** The parts of the rows of a decision, by position in ascending order. */
export interface DecisionRows {
  folds: FoldRows[];
  /** Rows that choose the pairs, tables and cells that are offered. */
  choosing: Int32Array;
  /** Rows that judge the decision: no choice, component or gate has seen them. */
  fresh: Int32Array;
}

/** One part in these is held out where there are no folds. */
export const HELD_OUT = 5;
/** One part in these is fresh: of ids most of what a component learns comes from few rows, so few are kept from it. */
const FRESH = 10;

/** Kind of held-out evidence: several folds or one held-out part; plain data. */
export type Evidence = {by: 'folds'; folds: number} | {by: 'held-out part'; share: number};

/** Deal rows into those that judge, a tenth, and folds of the others or one held-out part. */
export function decisionRows(table: IdTable, evidence: Evidence, seed: number): DecisionRows {
  const [fresh, others] = dealt(table, FRESH, seed);
  const count = evidence.by === 'folds' ? evidence.folds : HELD_OUT;
  const parts = dealtFolds(tableRows(table, others), count, seed);
  const folds = Array.from({length: evidence.by === 'folds' ? count : 1}, (_, k) => ({
    fitted: others.filter((_row, i) => parts[i] !== k),
    held: others.filter((_row, i) => parts[i] === k),
  }));
  return {
    // There may be fewer groups than folds.
    folds: folds.filter(({held}) => held.length > 0),
    choosing: others,
    fresh,
  };
}

/** One part of `count` of the rows, and the others. */
function dealt(table: IdTable, count: number, seed: number): [Int32Array, Int32Array] {
  const part = dealtFolds(table, count, seed);
  const rows = Int32Array.from(part.keys());
  return [rows.filter(row => part[row] === 0), rows.filter(row => part[row] > 0)];
}

/** The fold of each row, counted from 0: one for all rows of a group, else each label dealt evenly. */
export function dealtFolds({labels, weights, groups}: Omit<IdTable, 'ids'>, count: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  const fold = new Uint8Array(labels.length);
  if (groups !== undefined) {
    const foldOf = dealtGroups(groups, count, random);
    return fold.map((_, row) => foldOf.get(groups[row])!);
  }
  const kindOf = (row: number) => (weights?.[row] === 0 ? 2 : labels[row]);
  for (const kind of [1, 0, 2]) {
    const rows = Int32Array.from(fold.keys()).filter(row => kindOf(row) === kind);
    // Where the rows of a label cannot be dealt evenly, the smaller folds are others for the other label.
    shuffle(rows, random).forEach((row, i) => (fold[row] = (i + kind) % count));
  }
  return fold;
}

/** Deal groups, the largest first, each to the fold that has fewest rows. */
function dealtGroups(groups: ArrayLike<number>, count: number, random: () => number): Map<number, number> {
  const sizes = new Map<number, number>();
  for (let row = 0; row < groups.length; row++) sizes.set(groups[row], (sizes.get(groups[row]) ?? 0) + 1);
  const order = shuffle(Array.from(sizes), random).sort(([, a], [, b]) => b - a);
  const rows = new Array<number>(count).fill(0);
  return new Map(
    order.map(([group, size]) => {
      const smallest = rows.indexOf(Math.min(...rows));
      rows[smallest] += size;
      return [group, smallest];
    }),
  );
}
