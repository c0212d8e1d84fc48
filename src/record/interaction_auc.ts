import type {FieldSpec} from '../../layers/field_layout';
import {checkNumber} from '../checks';
import type {Interaction} from '../interactions';
import {auc} from '../metrics/auc';
import {baseRate, rowCounts} from '../metrics/row_weights';
import {ValueGroups} from './value_groups';
import {checkIdRows, IdRows} from './id_rows';

/** Training rows counted by the combination of values that they have. */
export interface GroupCounts {
  groups: ValueGroups;
  /**
   * Rows and positives of each group, each by its weight, in units of the mean weight. A row of a multi-hot field
   * counts for each of its values.
   */
  rows: Float64Array;
  positives: Float64Array;
}

/** Count rows and positives of each combination of values. */
export function countGroups(fields: readonly FieldSpec[], interaction: Interaction, train: IdRows): GroupCounts {
  const groups = new ValueGroups(fields, interaction, train);
  return {
    groups,
    rows: groupSums(groups, train, () => 1),
    positives: groupSums(groups, train, row => train.labels[row]),
  };
}

/** Sum a value over the training rows of each group, each row by its weight, in units of the mean weight. */
export function groupSums(groups: ValueGroups, {weights}: IdRows, value: (row: number) => number): Float64Array {
  const sums = new Float64Array(groups.count);
  const {row, group} = groups.entries;
  const counts = weights && rowCounts(weights);
  for (let e = 0; e < row.length; e++) sums[group[e]] += (counts?.[row[e]] ?? 1) * value(row[e]);
  return sums;
}

/** The number of positives. */
export function positivesOf({labels}: Pick<IdRows, 'labels'>): number {
  let positives = 0;
  for (let i = 0; i < labels.length; i++) positives += labels[i];
  return positives;
}

/**
 * Test AUC of an interaction alone: a test row scores the smoothed training click rate of its values,
 *
 *   (positives + smoothing * base) / (rows + smoothing),  base the click rate of all training rows,
 *
 * with multi-hot fields the mean over the combinations of its values. Combinations that the training rows do not have
 * score `base`, and so does a row without values.
 *
 * @throws AutofisError if an argument breaks its rule, or ids and labels do not belong together.
 */
export function interactionAuc({
  fields,
  interaction,
  train,
  test,
  smoothing = 20,
  counts,
}: {
  fields: readonly FieldSpec[];
  interaction: Interaction;
  train: IdRows;
  test: IdRows;
  /** Rows of the base rate that are added to each combination; > 0, default 20. */
  smoothing?: number;
  /** Result of `countGroups` for the training rows; computed if absent. */
  counts?: GroupCounts;
}): number {
  const where = 'interactionAuc';
  checkNumber(where, 'smoothing', smoothing, '(0, Infinity)');
  checkIdRows(where, 'train', train, fields);
  checkIdRows(where, 'test', test, fields);
  const base = baseRate(train);
  const {groups, rows, positives} = counts ?? countGroups(fields, interaction, train);
  const rates = rows.map((n, g) => (positives[g] + smoothing * base) / (n + smoothing));
  const sums = new Float64Array(test.labels.length);
  const parts = new Float64Array(test.labels.length);
  const {row, group} = groups.entriesOf(test);
  for (let e = 0; e < row.length; e++) {
    sums[row[e]] += group[e] < 0 ? base : rates[group[e]];
    parts[row[e]]++;
  }
  return auc(
    test.labels,
    sums.map((sum, i) => (parts[i] === 0 ? base : sum / parts[i])),
    test.weights,
  );
}
