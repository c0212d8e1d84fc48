import type {Interaction} from '../interactions';
import {INTERVAL} from '../statistics';
import {GroupCounts, groupSums} from './interaction_auc';
import type {ValueExample} from './run_record';
import type {IdRows} from './id_rows';

/** Names of a field's values by id; undefined where a value has none. */
export type ValueNames = ReadonlyArray<string | undefined>;

/**
 * Find the combinations of values whose click rate logistic regression explains least. The expected rate is its mean
 * prediction for the rows of a combination, and combinations are ranked by
 *
 *   off = |positives - rows * expected| / sqrt(rows * expected * (1 - expected) + 1),
 *
 * standard deviations of a binomial count; the 1 keeps a single unlikely row from counting as much as many. Those
 * whose 95 % interval holds the expected rate are left out. Rows with weights count by them, in units of the mean
 * weight, and are given as whole numbers.
 *
 * @param predicted Prediction of logistic regression for each training row.
 * @param most Combinations at most; default 3.
 * @param leastRows Combinations with fewer training rows are left out; default 10.
 * @param names Names of the values, one list a field; a value without a name is called by its id.
 */
export function strongestValues({
  interaction,
  train,
  predicted,
  counts: {groups, rows, positives},
  names,
  most = 3,
  leastRows = 10,
}: {
  interaction: Interaction;
  train: IdRows;
  predicted: ArrayLike<number>;
  counts: GroupCounts;
  names?: ReadonlyArray<ValueNames | undefined>;
  most?: number;
  leastRows?: number;
}): ValueExample[] {
  const sums = groupSums(groups, train, row => predicted[row]);
  return Array.from(rows.keys())
    .filter(g => rows[g] >= leastRows)
    .map(g => {
      const expected = sums[g] / rows[g];
      const off = (positives[g] - sums[g]) / Math.sqrt(sums[g] * (1 - expected) + 1);
      return {g, expected, off: Math.abs(off)};
    })
    .filter(({off}) => off > INTERVAL)
    .sort((a, b) => b.off - a.off)
    .slice(0, most)
    .map(({g, expected}) => ({
      values: groups.valuesOf(g).map((value, i) => names?.[interaction[i]]?.[value] ?? `#${value}`),
      rows: Math.round(rows[g]),
      positives: Math.round(positives[g]),
      rate: positives[g] / rows[g],
      expected,
    }));
}
