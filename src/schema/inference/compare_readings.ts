import {fitField} from '../columns/fit_columns';
import type {TextColumn} from '../columns/text_column';
import {labelReader} from '../label';
import {bucketOf, parseNumber} from '../rules/numeric';
import type {LabelRule} from '../schema';
import {rowHash} from '../part_of_row';
import type {PartName} from '../split';

/** Parts of the rows, each of which is held out once: the two highest bits of a hash of the row's number. */
export const FOLDS = 4;
export const FOLD_SEED = 0;

/** For each value of a column: rows of each fold with label 0, then with label 1. */
export interface FoldCounts {
  values: string[];
  /** [values, FOLDS, 2] */
  counts: Float64Array;
}

/** Rows that a cell's rate is drawn towards the overall rate by; the best of them is taken for each reading. */
const PRIORS = [1, 4, 16, 64];
/** Bins of a number are finer here than those that models learn, since the question is whether order helps at all. */
const ROWS_OF_BIN = 32;
const MOST_BINS = 128;
const LEAST_BINS = 8;
/** Parts that a choice may see. */
const SEEN: ReadonlySet<PartName | null> = new Set<PartName>(['train', 'valid']);
/**
 * Compare the readings of a column of numbers by a linear model of this column alone on rows that it has not seen: one
 * rate for each value against one for each bin, drawn towards the overall rate.
 *
 * @returns The better one, and by how many standard errors of the mean logloss; undefined without labels.
 */
export function compareReadings({
  values,
  counts,
}: FoldCounts): {better: 'category' | 'number'; errors: number} | undefined {
  const rows = values.map((_, i) =>
    counts.subarray(i * 2 * FOLDS, (i + 1) * 2 * FOLDS).reduce((sum, each) => sum + each, 0),
  );
  const total = rows.reduce((sum, each) => sum + each, 0);
  if (total === 0) return undefined;
  const buckets = Math.min(MOST_BINS, Math.max(LEAST_BINS, Math.floor(total / ROWS_OF_BIN)));
  const {edges} = fitField({type: 'numeric', name: '', column: '', buckets}, {values}, Float64Array.from([...rows, 0]));
  const byValue = heldOut(
    counts,
    values.map((_, i) => i),
    values.length,
  );
  const byBin = heldOut(
    counts,
    values.map(value => bucketOf(parseNumber(value)!, edges!)),
    edges!.length + 1,
  );
  let sum = 0;
  let squares = 0;
  counts.forEach((n, i) => {
    const difference = byValue[i] - byBin[i];
    sum += n * difference;
    squares += n * difference ** 2;
  });
  const error = Math.sqrt(Math.max(0, squares - sum ** 2 / total));
  return {better: sum < 0 ? 'category' : 'number', errors: error === 0 ? 0 : Math.abs(sum) / error};
}

/** Logloss of each value, fold and label, by rates of the value's cell in the other folds. */
function heldOut(counts: Float64Array, cellOf: readonly number[], cells: number): Float64Array {
  const width = 2 * FOLDS;
  const inCells = new Float64Array(cells * width);
  const all = new Float64Array(width);
  counts.forEach((n, i) => {
    inCells[cellOf[Math.floor(i / width)] * width + (i % width)] += n;
    all[i % width] += n;
  });
  let best: Float64Array | undefined;
  let least = Infinity;
  for (const prior of PRIORS) {
    const inCell = losses(inCells, all, prior);
    const own = Float64Array.from(counts, (_, i) => inCell[cellOf[Math.floor(i / width)] * width + (i % width)]);
    const loss = own.reduce((sum, each, i) => sum + each * counts[i], 0);
    if (loss < least) [best, least] = [own, loss];
  }
  return best!;
}

/** Logloss of each cell, fold and label. */
function losses(inCells: Float64Array, all: Float64Array, prior: number): Float64Array {
  const width = 2 * FOLDS;
  const sums = (of: Float64Array, label: number) => of.reduce((sum, n, i) => sum + (i % 2 === label ? n : 0), 0);
  const totals = [sums(all, 0), sums(all, 1)];
  const result = new Float64Array(inCells.length);
  for (let from = 0; from < inCells.length; from += width) {
    const cell = inCells.subarray(from, from + width);
    const [negatives, positives] = [sums(cell, 0), sums(cell, 1)];
    for (let fold = 0; fold < FOLDS; fold++) {
      const zeros = negatives - cell[2 * fold];
      const ones = positives - cell[2 * fold + 1];
      const others = [totals[0] - all[2 * fold], totals[1] - all[2 * fold + 1]];
      const base = (others[1] + 1) / (others[0] + others[1] + 2);
      const rate = (ones + prior * base) / (zeros + ones + prior);
      result[from + 2 * fold] = -Math.log(1 - rate);
      result[from + 2 * fold + 1] = -Math.log(rate);
    }
  }
  return result;
}

/**
 * Labels of the training and validation rows of each value of a column in memory, in folds that follow from the row's
 * number. Test rows take no part in the choice of a reading.
 * @param parts The part of each row.
 */
export function foldCounts(
  {values, codes}: TextColumn,
  missing: readonly string[],
  label: TextColumn & {rule: LabelRule},
  parts: ReadonlyArray<PartName | null>,
): FoldCounts {
  const read = labelReader(label.rule);
  const labels = label.values.map(value => read(value));
  const isMissing = values.map(value => missing.includes(value));
  const counts = new Float64Array(values.length * 2 * FOLDS);
  codes.forEach((code, row) => {
    const y = label.codes[row] < 0 ? undefined : labels[label.codes[row]];
    if (code < 0 || isMissing[code] || y === undefined || !SEEN.has(parts[row])) return;
    counts[(code * FOLDS + (rowHash(FOLD_SEED, row) >>> 30)) * 2 + y]++;
  });
  const known = values.flatMap((_, i) => (isMissing[i] ? [] : [i]));
  const width = 2 * FOLDS;
  return {
    values: known.map(i => values[i]),
    counts: Float64Array.from(
      {length: known.length * width},
      (_, k) => counts[known[Math.floor(k / width)] * width + (k % width)],
    ),
  };
}
