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
  const value = gaucOrNull(labels, scores, groups, weights);
  if (value === null)
    throw new AutofisError(`gauc: none of the ${new Set(Array.from(groups)).size} groups has rows of both classes.`);
  return value;
}

/** {@link gauc} of checked rows; null where no group has rows of both classes. */
export function gaucOrNull(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  groups: ArrayLike<number | string>,
  weights?: ArrayLike<number>,
): number | null {
  const rows = new Map<number | string, number[]>();
  for (let i = 0; i < groups.length; i++) {
    const members = rows.get(groups[i]);
    if (members === undefined) rows.set(groups[i], [i]);
    else members.push(i);
  }
  let sum = 0;
  let total = 0;
  for (const members of rows.values()) {
    const [ofLabels, ofScores] = [labels, scores].map(values => members.map(i => values[i]));
    const memberWeights = weights && members.map(i => weights[i]);
    const value = aucOrNull(ofLabels, ofScores, memberWeights);
    if (value === null) continue;
    const weight = totalWeight(members.length, memberWeights);
    sum += value * weight;
    total += weight;
  }
  return total === 0 ? null : sum / total;
}
