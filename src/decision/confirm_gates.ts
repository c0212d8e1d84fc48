import {crossFitColumns, fitColumnGates, type FoldedRows} from './cross_fit';
import {contributions} from './fewest_groups';
import {type GarroteFit, gatedLogits} from './garrote';
import {penaltyPath} from './penalty_path';
import {lossDifference, meanLoss, rowLosses} from './row_losses';
import {familySums} from './shared_gates';

/** Standard errors by which rows prefer interactions to none: 95 %, one-sided. */
const CONFIRMED = 1.645;

/** Fit the gates of the groups that rows confirm alone, and of the others where rows confirm these together. */
export function certainFit(
  rows: FoldedRows,
  {fit, logits, fits}: ReturnType<typeof crossFitColumns>,
  groups: readonly number[],
): GarroteFit {
  const sums = contributions(rows, {fits, groups});
  const gainOf = gains(rows, {logits, sums});
  const certain = new Set([-1]);
  const without = logits.slice();
  for (const [group, sum] of sums) {
    const {gain, standardError} = gainOf(group);
    if (gain > CONFIRMED * standardError) certain.add(group);
    else sum.forEach((value, i) => (without[i] -= value));
  }
  if (areBetter(rowLosses(logits, rows), rowLosses(without, rows), rows)) return fit;
  return fitColumnGates(rows, {columns: columnsOfGroups(groups, certain), lambda: fit.lambda});
}

/** Fit the gates of the first groups, by what they save, that fresh rows confirm. */
export function confirmedFit(
  rows: FoldedRows,
  {fit, logits, fits}: ReturnType<typeof crossFitColumns>,
  {groups, fresh}: {groups: readonly number[]; fresh: FoldedRows},
): GarroteFit {
  // Columns of no group come first, as group 0.
  const shifted = groups.map(group => group + 1);
  const gainOf = gains(rows, {logits, sums: contributions(rows, {fits, groups: shifted})});
  const sums = [...contributions(fresh, {fits: [fit], groups: shifted})]
    .map(([group, sum]) => ({group, sum, gain: group === 0 ? Infinity : gainOf(group).gain}))
    .sort((a, b) => b.gain - a.gain);
  const total = gatedLogits(fresh, fit);
  for (const {sum} of sums) sum.forEach((value, i) => (total[i] -= value));
  const losses = [rowLosses(fresh.base, fresh)];
  for (const {sum} of sums) {
    sum.forEach((value, i) => (total[i] += value));
    losses.push(rowLosses(total, fresh));
  }
  const means = losses.map(loss => meanLoss(loss, fresh));
  const least = losses[means.indexOf(Math.min(...means))];
  const areConfirmed = losses.some(loss => areBetter(loss, losses[0], fresh)) || familiesHelp(rows);
  const count = areConfirmed ? losses.map(loss => isNear(loss, least, fresh)).lastIndexOf(true) : 0;
  if (count === sums.length) return fit;
  const opened = new Set(sums.slice(0, count).map(({group}) => group));
  return fitColumnGates(rows, {columns: columnsOfGroups(shifted, opened), lambda: fit.lambda});
}

/** Tell if rows prefer some losses to others at 95 %, one-sided. */
function areBetter(losses: Float64Array, others: Float64Array, rows: FoldedRows): boolean {
  const {difference, standardError} = lossDifference(others, losses, rows);
  return difference > CONFIRMED * standardError;
}

/** Tell if losses are at most one standard error above others. */
function isNear(losses: Float64Array, least: Float64Array, rows: FoldedRows): boolean {
  const {difference, standardError} = lossDifference(losses, least, rows);
  return difference <= standardError;
}

/**
 * Tell if rows prefer the sums of families, each with one gate, to none. Gates that are so few learn next to nothing of
 * the rows that judge them from components that know these, so all rows can say it.
 */
function familiesHelp({families, ...rows}: FoldedRows): boolean {
  if (families === undefined) return false;
  const summed = {...rows, products: familySums(rows, families, Math.max(-1, ...families) + 1)};
  return areBetter(rowLosses(penaltyPath(summed).crossed.logits, rows), rowLosses(rows.base, rows), rows);
}

/** Measure how much the loss rises where the contributions of a group are taken out of the logits. */
export function gains(
  rows: FoldedRows,
  {logits, sums}: {logits: Float64Array; sums: ReadonlyMap<number, Float32Array>},
): (group: number) => {gain: number; standardError: number} {
  const losses = rowLosses(logits, rows);
  return group => {
    const sum = sums.get(group);
    const without = sum === undefined ? logits : logits.map((z, i) => z - sum[i]);
    const {difference, standardError} = lossDifference(rowLosses(without, rows), losses, rows);
    return {gain: difference, standardError};
  };
}

/** Positions of the columns of some groups. */
export function columnsOfGroups(groups: readonly number[], chosen: ReadonlySet<number>): number[] {
  return groups.flatMap((group, c) => (chosen.has(group) ? [c] : []));
}
