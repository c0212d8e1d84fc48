import {AutofisError} from '../errors';
import {aucOrNull} from './auc';
import {checkScores} from './check_scores';
import {totalWeight} from './row_weights';

/**
 * Grouped AUC (Zhu et al., KDD 2017): the mean of each group's AUC, weighted by its rows,
 *   sum_u n_u AUC_u / sum_u n_u.
 * Groups are users as a rule. One whose rows are all of one class has no AUC and is left out.
 *
 * @param groups Which group each row belongs to: any numbers or strings.
 * @param weights One per row, finite numbers >= 0: AUC_u as `auc` weighs it, and n_u the sum of the group's weights.
 * @throws AutofisError when no group has rows of both classes.
 */
export function gauc(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  groups: ArrayLike<number | string>,
  weights?: ArrayLike<number>,
): number {
  checkScores('gauc', labels, scores, weights);
  if (groups.length !== labels.length) {
    throw new AutofisError(
      `gauc: needs a group for each row. Received: ${groups.length} groups and ${labels.length} rows.`,
    );
  }
  const rows = new Map<number | string, number[]>();
  for (let i = 0; i < groups.length; i++) {
    const known = rows.get(groups[i]);
    if (known === undefined) rows.set(groups[i], [i]);
    else known.push(i);
  }
  let sum = 0;
  let total = 0;
  for (const own of rows.values()) {
    const ownWeights = weights && own.map(i => weights[i]);
    const value = aucOrNull(
      own.map(i => labels[i]),
      own.map(i => scores[i]),
      ownWeights,
    );
    if (value === null) continue;
    const weight = totalWeight(own.length, ownWeights);
    sum += value * weight;
    total += weight;
  }
  if (total === 0) throw new AutofisError(`gauc: none of the ${rows.size} groups has rows of both classes.`);
  return sum / total;
}
