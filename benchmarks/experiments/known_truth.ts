import {sigmoid} from '../internals';
import {seededRandom} from '../random';
import {normalFrom, pairsApart} from './drawing';
import {byTens, select, type PartName, type Table} from './encode';

/** A table whose labels are drawn from known chances, and more rows of the same kind. */
export interface KnownTruth {
  fields: Array<{name: string; size: number}>;
  parts: Record<PartName, Table>;
  /** Rows that no model sees; with many of them chance hardly changes what is measured. */
  fresh: Table;
  /** The pairs that the chances depend on, as field positions, i < j. */
  planted: number[][];
}

const SIZES = [2, 4, 8, 15, 30, 60, 150, 400];
/** Standard deviations of what a field's values add to the logit, and of what those of a planted pair do. */
const FIELD = 0.4;
const STRENGTHS = [0.3, 0.6, 1];
const INTERCEPT = -1.5;

/**
 * Eight fields whose k-th value has a probability of about 1 / k, and none to three planted pairs, weak to strong:
 * logit = intercept + sum_i w_i(x_i) + sum_{planted (i, j)} v_ij(x_i, x_j), with normal w and v. About a fifth of the
 * labels are 1. 8 of 10 rows are for training, one for validation, one for testing.
 */
export function knownTruth({rows, fresh, seed}: {rows: number; fresh: number; seed: number}): KnownTruth {
  const random = seededRandom(seed);
  const normal = normalFrom(random);
  const effects = (count: number, scale: number) => Float64Array.from({length: count}, () => scale * normal());
  const planted = pairsApart(seed % 4, SIZES.length, random);
  const w = SIZES.map(size => effects(size, FIELD));
  const v = planted.map(([i, j]) => effects(SIZES[i] * SIZES[j], STRENGTHS[Math.floor(random() * STRENGTHS.length)]));
  const all = rows + fresh;
  // The value k has the probability log((k + 2) / (k + 1)) / log(size + 1).
  const columns = SIZES.map(size => Int32Array.from({length: all}, () => Math.floor((size + 1) ** random()) - 1));
  const labels = Float32Array.from({length: all}, (_, row) => {
    let logit = INTERCEPT;
    columns.forEach((column, f) => {
      logit += w[f][column[row]];
    });
    planted.forEach(([i, j], p) => {
      logit += v[p][columns[i][row] * SIZES[j] + columns[j][row]];
    });
    return random() < sigmoid(logit) ? 1 : 0;
  });
  return {
    fields: SIZES.map((size, f) => ({name: `f${f}`, size})),
    planted,
    parts: byTens(
      columns.map(column => column.subarray(0, rows)),
      labels.subarray(0, rows),
    ),
    fresh: select(columns, labels, row => row >= rows),
  };
}
