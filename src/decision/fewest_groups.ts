import {logitLoss} from '../logistic';
import {type GarroteFit, gatedLogits} from './garrote';
import type {GarroteRows} from './gated_loss';

/** Gates, which group each belongs to, and the share of their saving that closed ones may give up. */
export interface FewestOptions {
  fit: GarroteFit;
  /** The group of each column; a column of group -1 stays. */
  groups: readonly number[];
  share: number;
}

/**
 * Find the fewest groups that save nearly all: close the group whose removal costs least logloss, one by one, while the
 * loss stays within `share` of what the gates save beyond the base.
 *
 * @returns The groups that stay, in ascending order.
 */
export function fewestGroups(rows: GarroteRows, {fit, groups, share}: FewestOptions): number[] {
  const {products, base, labels} = rows;
  const weights = meanWeights(rows);
  const logits = gatedLogits(rows, fit);
  const lossOf = (values: ArrayLike<number>) => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += weights[i] * logitLoss(values[i], labels[i]);
    return sum;
  };
  const full = lossOf(logits);
  const most = full + share * Math.max(0, lossOf(base) - full);
  const open = new Map<number, Float32Array>();
  groups.forEach((group, c) => {
    if (group < 0 || fit.alpha[c] === 0) return;
    const sum = open.get(group) ?? new Float32Array(base.length);
    for (let i = 0; i < sum.length; i++) sum[i] += fit.alpha[c] * products[i * groups.length + c];
    open.set(group, sum);
  });
  const without = (sum: Float32Array) => {
    let loss = 0;
    for (let i = 0; i < sum.length; i++) loss += weights[i] * logitLoss(logits[i] - sum[i], labels[i]);
    return loss;
  };
  // Losses hardly change when another group closes: only those at the head of the queue are computed anew.
  const queue = [...open].map(([group, sum]) => ({group, loss: without(sum)}));
  while (queue.length > 0) {
    queue.sort((a, b) => a.loss - b.loss);
    const [head, next] = queue;
    head.loss = without(open.get(head.group)!);
    if (next !== undefined && head.loss > next.loss) continue;
    if (head.loss > most) break;
    const sum = open.get(head.group)!;
    for (let i = 0; i < sum.length; i++) logits[i] -= sum[i];
    open.delete(head.group);
    queue.shift();
  }
  return [...open.keys()].sort((a, b) => a - b);
}

/** Weights of the rows, with sum 1. */
function meanWeights({base, weights}: GarroteRows): Float64Array {
  const given = Float64Array.from(base, (_, i) => weights?.[i] ?? 1);
  const total = given.reduce((sum, w) => sum + w, 0);
  return given.map(w => w / total);
}
