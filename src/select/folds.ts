import type {FieldSpec} from '../../layers/field_layout';
import {mostPairs} from '../components/possible_pairs';
import {seededRandom, shuffle} from '../random';
import type {IdTable} from '../components/linear/ridge_regression';

/** Rows that components are fitted to, and rows that judge them, by position in ascending order. */
export interface FoldRows {
  fitted: Int32Array;
  held: Int32Array;
}

/** Rows of which more than these need no folds: one held-out part says enough. */
const MANY_ROWS = 300_000;
/** One part in these is then held out. */
const HELD_OUT = 5;

/** One part of the rows in this many screens the pairs of a table of many fields. */
const SCREENING = 3;

/** Kind of held-out evidence: several folds or one held-out part; plain data. */
export type Evidence = {by: 'folds'; folds: number} | {by: 'held-out part'; share: number};

/** The evidence for a number of rows. */
export function evidenceFor(rows: number, folds: number): Evidence {
  return folds > 1 && rows <= MANY_ROWS ? {by: 'folds', folds} : {by: 'held-out part', share: 1 / HELD_OUT};
}

/**
 * The rows of each fold, or of the one held-out part, each label and rows of weight 0 dealt evenly by a seed.
 *
 * @param isKnown Rows that are in no fold, such as those that screened the pairs; default none.
 */
export function foldRows(
  {labels, weights}: IdTable,
  evidence: Evidence,
  seed: number,
  isKnown: (row: number) => boolean = () => false,
): FoldRows[] {
  const count = evidence.by === 'folds' ? evidence.folds : Math.round(1 / evidence.share);
  const fold = dealtFolds({labels, weights}, count, seed);
  const rows = Int32Array.from(fold.keys());
  return Array.from({length: evidence.by === 'folds' ? count : 1}, (_, k) => {
    const isHeld = (row: number) => fold[row] === k && !isKnown(row);
    return {fitted: rows.filter(row => !isHeld(row)), held: rows.filter(isHeld)};
  });
}

/**
 * Choose the rows that screen the pairs of a table of many fields, each label dealt evenly; none where all pairs may
 * interact. Some of thousands of pairs seem to help on the rows that chose them, so others must judge.
 */
export function screeningRows(table: IdTable, {length: fields}: readonly FieldSpec[], seed: number): Int32Array {
  if ((fields * (fields - 1)) / 2 <= mostPairs(table.labels.length)) return new Int32Array(0);
  const part = dealtFolds(table, SCREENING, seed);
  return Int32Array.from(part.keys()).filter(row => part[row] === 0);
}

/** The fold of each row, counted from 0. */
export function dealtFolds(
  {labels, weights}: Pick<IdTable, 'labels' | 'weights'>,
  count: number,
  seed: number,
): Uint8Array {
  const random = seededRandom(seed);
  const fold = new Uint8Array(labels.length);
  for (const kind of [1, 0, 2]) {
    const rows = Int32Array.from({length: labels.length}, (_, row) => row).filter(
      row => (weights?.[row] === 0 ? 2 : labels[row]) === kind,
    );
    // Where the rows of a label cannot be dealt evenly, the smaller folds are others for the other label.
    shuffle(rows, random).forEach((row, i) => (fold[row] = (i + kind) % count));
  }
  return fold;
}
