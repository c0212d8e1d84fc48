import {sigmoid} from '../logistic';
import type {FieldSpec} from '../../layers/field_layout';
import type {Interaction} from '../interactions';
import {baseRate} from '../metrics/row_weights';
import {countGroups, GroupCounts} from './interaction_auc';
import type {ValueExample} from './run_record';
import type {IdRows} from './id_rows';

/** Rows of the base rate that each rate is smoothed with, so that none is 0 or 1. */
const SMOOTHING = 1;

/** Names of a field's values by id; undefined where a value has none. */
export type ValueNames = ReadonlyArray<string | undefined>;

/**
 * The combinations of values whose click rate is least explained by the values alone: the rate that one would expect
 * adds up the values' own log-odds,
 *
 *   logit(expected) = logit(base) + sum_k (logit(rate_k) - logit(base)),
 *
 * and combinations are ranked by |positives - rows * expected| / sqrt(rows * expected * (1 - expected) + 1), how many
 * standard deviations they are off; the 1 keeps a single unlikely row from counting as much as many.
 *
 * Rows with weights count by them, in units of the mean weight, and are given as whole numbers.
 *
 * @param most How many; default 3.
 * @param leastRows Combinations with fewer training rows are left out; default 10.
 * @param names Names of the values, one list a field; a value without a name is called by its id.
 * @param single Counts of one field's values, kept by the caller over many interactions.
 */
export function strongestValues({
  fields,
  interaction,
  train,
  counts,
  single,
  names,
  most = 3,
  leastRows = 10,
}: {
  fields: readonly FieldSpec[];
  interaction: Interaction;
  train: IdRows;
  counts: GroupCounts;
  single?: (field: number) => GroupCounts;
  names?: ReadonlyArray<ValueNames | undefined>;
  most?: number;
  leastRows?: number;
}): ValueExample[] {
  const base = baseRate(train);
  const rate = (positives: number, rows: number) => (positives + SMOOTHING * base) / (rows + SMOOTHING);
  const shifts = interaction.map(f => {
    const {groups, rows, positives} = single?.(f) ?? countGroups(fields, [f], train);
    return new Map(Array.from(rows, (n, g) => [groups.valuesOf(g)[0], logit(rate(positives[g], n)) - logit(base)]));
  });
  const {groups, rows, positives} = counts;
  return Array.from(rows)
    .flatMap((n, g) => {
      if (n < leastRows) return [];
      const own = groups.valuesOf(g);
      const expected = sigmoid(own.reduce((sum, value, i) => sum + shifts[i].get(value)!, logit(base)));
      const off = (positives[g] - n * expected) / Math.sqrt(n * expected * (1 - expected) + 1);
      return [
        {
          own,
          rows: Math.round(n),
          positives: Math.round(positives[g]),
          rate: positives[g] / n,
          expected,
          off: Math.abs(off),
        },
      ];
    })
    .sort((a, b) => b.off - a.off)
    .slice(0, most)
    .map(({own, off: _, ...rest}) => ({
      values: own.map((value, i) => names?.[interaction[i]]?.[value] ?? `#${value}`),
      ...rest,
    }));
}

function logit(p: number): number {
  return Math.log(p / (1 - p));
}
