import {AutofisError} from '../errors';
import {aucOrNull} from './auc';
import {checkScores} from './check_scores';

/**
 * Grouped AUC (Zhu et al., KDD 2017): the mean of each group's AUC, weighted by its rows,
 *   sum_u n_u AUC_u / sum_u n_u.
 * Groups are users as a rule. One whose rows are all of one class has no AUC and is left out.
 *
 * @param groups Which group each row belongs to: any numbers or strings.
 * Throws when no group has rows of both classes.
 */
export function gauc(labels: ArrayLike<number>, scores: ArrayLike<number>, groups: ArrayLike<number | string>): number {
  checkScores('gauc', labels, scores);
  if (groups.length !== labels.length) {
    throw new AutofisError(`gauc: needs a group for each row. Received: ${groups.length} groups and ${labels.length} rows.`);
  }
  const rows = new Map<number | string, number[]>();
  for (let i = 0; i < groups.length; i++) {
    const known = rows.get(groups[i]);
    if (known === undefined) rows.set(groups[i], [i]);
    else known.push(i);
  }
  let sum = 0, weight = 0;
  for (const own of rows.values()) {
    const value = aucOrNull(own.map(i => labels[i]), own.map(i => scores[i]));
    if (value === null) continue;
    sum += value * own.length;
    weight += own.length;
  }
  if (weight === 0) throw new AutofisError(`gauc: none of the ${rows.size} groups has rows of both classes.`);
  return sum / weight;
}
