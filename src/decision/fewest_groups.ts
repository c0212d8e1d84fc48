import {logitLoss} from '../logistic';
import {meanOfRows} from '../statistics';
import {type CrossFit, crossFitColumns, type FoldedRows} from './cross_fit';
import type {GarroteFit} from './garrote';
import {meanLoss, rowLosses} from './row_losses';

export interface FewestOptions {
  /** Logits of the rows with all groups. */
  logits: Float64Array;
  /** Contribution of each group to them. */
  sums: ReadonlyMap<number, Float32Array>;
  /** Share of what the logits save beyond the base that closed groups may give up. */
  share: number;
}

/**
 * Find the fewest groups that save nearly all: close the group whose removal costs least logloss, one by one, while the
 * loss stays within `share` of what the gates save beyond the base. Every row is judged by gates that did not learn
 * from it, so a group that only fits noise costs nothing.
 *
 * @returns The groups that stay, in ascending order.
 */
export function fewestGroups(rows: FoldedRows, {logits: start, sums, share}: FewestOptions): number[] {
  const logits = start.slice();
  const most = mostLoss(rows, logits, share);
  const open = new Map(sums);
  const without = (sum: Float32Array) => lossWithout(rows, logits, sum);
  // Losses hardly change when another group closes: only those at the head of the queue are computed again.
  const queue = [...open].map(([group, sum]) => ({group, loss: without(sum)}));
  while (queue.length > 0) {
    queue.sort((a, b) => a.loss - b.loss);
    const [head, next] = queue;
    const sum = open.get(head.group)!;
    head.loss = without(sum);
    if (next !== undefined && head.loss > next.loss) continue;
    if (head.loss > most) break;
    for (let i = 0; i < sum.length; i++) logits[i] -= sum[i];
    open.delete(head.group);
    queue.shift();
  }
  return [...open.keys()].sort((a, b) => a - b);
}

/** Take the gates of the groups with fewest fields that lose at most `share` of what all groups save. */
export function ofFewFields(
  rows: FoldedRows,
  all: CrossFit,
  {
    lambda,
    groups,
    orders,
    share,
  }: {lambda: number; groups: readonly number[]; orders: readonly number[]; share: number},
): {logits: Float64Array; fits: GarroteFit[]} {
  const most = mostLoss(rows, all.logits, share);
  for (const order of [...new Set(orders)].sort((a, b) => a - b).slice(0, -1)) {
    const columns = [...groups.keys()].filter(c => groups[c] < 0 || orders[groups[c]] <= order);
    const few = crossFitColumns(rows, {columns, lambda});
    if (meanLoss(rowLosses(few.logits, rows), rows) <= most) return few;
  }
  return all;
}

/** The loss that gives up a share of what logits save beyond the base. */
function mostLoss(rows: FoldedRows, logits: ArrayLike<number>, share: number): number {
  const [full, base] = [logits, rows.base].map(values => meanLoss(rowLosses(values, rows), rows));
  return full + share * Math.max(0, base - full);
}

/** The mean loss of logits less the contributions of a group. */
function lossWithout({labels, weights}: FoldedRows, logits: Float64Array, sum: Float32Array): number {
  let [loss, total] = [0, 0];
  for (let i = 0; i < logits.length; i++) {
    const weight = weights === undefined ? 1 : weights[i];
    loss += weight * logitLoss(logits[i] - sum[i], labels[i]);
    total += weight;
  }
  return loss / total;
}

/**
 * Add up the contributions of each group to the logits of rows, by gates that did not learn from the row, less their
 * mean: without the group the intercept would take it.
 *
 * @param groups The group of each column; those of group -1 stay.
 */
export function contributions(
  {products, base, folds, weights}: FoldedRows,
  {fits, groups}: {fits: readonly GarroteFit[]; groups: readonly number[]},
): Map<number, Float32Array> {
  const sums = new Map<number, Float32Array>();
  groups.forEach((group, c) => {
    if (group < 0 || fits.every(({alpha}) => alpha[c] === 0)) return;
    const sum = sums.get(group) ?? new Float32Array(base.length);
    for (let i = 0; i < sum.length; i++) sum[i] += fits[folds[i]].alpha[c] * products[i * groups.length + c];
    sums.set(group, sum);
  });
  for (const sum of sums.values()) {
    const {mean} = meanOfRows(Float64Array.from(sum), weights);
    for (let i = 0; i < sum.length; i++) sum[i] -= mean;
  }
  return sums;
}
