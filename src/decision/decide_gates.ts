import {logitLoss} from '../logistic';
import {seededRandom, shuffle} from '../random';
import {crossFit, type CrossFit, crossFitColumns, fitColumnGates, foldCount, type FoldedRows} from './cross_fit';
import {contributions, fewestGroups, ofFewFields} from './fewest_groups';
import {type GarroteFit, gatedLogits} from './garrote';
import {lossDifference, meanLoss, rowLosses} from './row_losses';
import {familySums, SharedGates} from './shared_gates';

/** Penalties from "close all" to "keep nearly all". */
const LAMBDAS: readonly number[] = [1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5];
/** Standard errors by which rows prefer interactions to none: 95 %, one-sided. */
export const CONFIRMED = 1.645;
/** Random sets of the size of the selection. */
const RANDOM_SETS = 5;

/** The gates at one penalty, judged by rows that they did not learn from. */
export interface PathPoint {
  lambda: number;
  logloss: number;
  /** Logloss above the least of the path, with its standard error over rows. */
  behind: {difference: number; standardError: number};
}

/** Evidence of held-out rows on one interaction. */
export interface GroupEvidence {
  /** True where one of its gates stays open. */
  open: boolean;
  /** Rise of the logloss of held-out rows without it, by gates that did not learn from them; 0 where it is closed. */
  gain: number;
  standardError: number;
  /** Folds, and those whose rows it helps before the fewest are sought: the loss rises without it. */
  stability: {kept: number; samples: number};
}

/** Which gates stay open, and what held-out rows say of it; plain data. */
export interface GateDecision {
  path: PathPoint[];
  /** Position of the chosen penalty. */
  chosen: number;
  /** Gates [C] and intercept, fitted to all rows; closed gates are 0. */
  fit: GarroteFit;
  /** One for each group. */
  groups: GroupEvidence[];
  /** Logits [n] of the judging rows by the open gates. */
  logits: Float64Array;
  /** Logits by gates of random sets of as many groups; none where no or every group is open. */
  random: Float64Array[];
}

export interface DecideOptions {
  /** The group (interaction) of each column; -1 for a column that belongs to none, such as a single field. */
  groups: readonly number[];
  /** Fields of each group; default: the same number of each. */
  orders?: readonly number[];
  /** Share of the gates' saving that closed groups may give up together, in [0, 1). */
  share: number;
  /** Seed of the random sets; default 1. */
  seed?: number;
  /** Rows of fold 0 that neither components nor gates have seen: they judge. Default: those that gates learn from. */
  fresh?: FoldedRows;
}

/**
 * Decide which gates of fixed components stay open, by rows that no component was fitted to.
 *
 * 1. Fits non-negative gates ({@link garrote}) along a path of penalties, once without each fold.
 * 2. Takes the penalty with the least logloss on rows that its gates did not learn from; closes all gates where that is
 *    at most one standard error below the logloss of all closed.
 * 3. Leaves out the larger sets of fields where the others save as much but for `share`: a triple says what its pairs
 *    say. Closes the groups that save least on such rows while together they give up at most `share` of what the gates
 *    save, and fits the gates of the others again.
 * 4. Keeps the first of these, by what they save, while the loss of fresh rows is within one standard error of its
 *    least; none unless fresh rows prefer some of them to none at 95 %, or all rows do so of the sums of families. The
 *    steps before choose the best of many, so their rows flatter it.
 *
 * No open group means that nothing but the base is confirmed.
 *
 * @example
 * const folds = Array.from(base, (_, i) => i % 4);
 * const {fit, groups} = decideGates({products, base, labels, folds}, {groups: [0, 0, 1, 2], share: 0.03});
 */
export function decideGates(
  rows: FoldedRows,
  {groups, orders = [], share, seed = 1, fresh}: DecideOptions,
): GateDecision {
  const count = Math.max(-1, ...groups) + 1;
  const {path, chosen, crossed: all} = penaltyPath(rows);
  const {lambda} = path[chosen];
  const crossed = ofFewFields(rows, all, {lambda, groups, orders, share});
  const sums = contributions(rows, {...crossed, groups});
  const helped = foldsHelped(rows, {logits: crossed.logits, sums, count});
  const open = fewestGroups(rows, {logits: crossed.logits, sums, share});
  const fewest = crossFitColumns(rows, {columns: columnsOfGroups(groups, new Set([...open, -1])), lambda});
  const fit = fresh === undefined ? fewest.fit : confirmedFit(rows, fewest, {groups, fresh});
  const isOpen = openGroups(fit.alpha, groups, count);
  const judged = fresh === undefined ? {rows, ...fewest} : {rows: fresh, logits: gatedLogits(fresh, fit), fits: [fit]};
  const gainOf = gains(judged.rows, {
    logits: judged.logits,
    sums: contributions(judged.rows, {fits: judged.fits, groups}),
  });
  const evidence = isOpen.map((stays, g): GroupEvidence => ({
    open: stays,
    ...(stays ? gainOf(g) : {gain: 0, standardError: 0}),
    stability: {kept: helped[g], samples: crossed.fits.length},
  }));
  const random = randomSets(rows, {groups, isOpen, lambda, seed, fresh: judged.rows});
  return {path, chosen, fit, groups: evidence, logits: judged.logits, random};
}

/** Fit the gates of the first groups, by what they save, that fresh rows confirm. */
function confirmedFit(
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
  const total = Float64Array.from(fresh.base);
  const losses = [rowLosses(total, fresh)];
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

/** The path until it clearly rises, the chosen point, and its gates of every fold. */
function penaltyPath(rows: FoldedRows): {path: PathPoint[]; chosen: number; crossed: CrossFit} {
  const gates = new SharedGates(rows);
  const points: Array<{lambda: number; crossed: CrossFit; losses: Float64Array; loss: number}> = [];
  let [least, risen] = [0, 0];
  for (const lambda of LAMBDAS) {
    const crossed = crossFit(rows, {gates, lambda, starts: points.at(-1)?.crossed.fits});
    const losses = rowLosses(crossed.logits, rows);
    points.push({lambda, crossed, losses, loss: meanLoss(losses, rows)});
    // While every gate is closed the loss stays, and says nothing of smaller penalties.
    if (isClosed(crossed) || points[points.length - 1].loss < points[least].loss) least = points.length - 1;
    const {difference, standardError} = lossDifference(losses, points[least].losses, rows);
    risen = difference > standardError ? risen + 1 : 0;
    if (risen === 2) break;
  }
  const path = points.map(({lambda, losses, loss}): PathPoint => ({
    lambda,
    logloss: loss,
    behind: lossDifference(losses, points[least].losses, rows),
  }));
  const {difference, standardError} = path[0].behind;
  const chosen = isClosed(points[0].crossed) && difference <= standardError ? 0 : least;
  return {path, chosen, crossed: points[chosen].crossed};
}

function isClosed({fits}: CrossFit): boolean {
  return fits.every(({alpha}) => alpha.every(a => a === 0));
}

/** Count the folds whose rows lose more without each group. */
function foldsHelped(
  rows: FoldedRows,
  {logits, sums, count}: {logits: Float64Array; sums: ReadonlyMap<number, Float32Array>; count: number},
): number[] {
  const losses = rowLosses(logits, rows);
  const folds = foldCount(rows);
  return Array.from({length: count}, (_, g) => {
    const rises = new Float64Array(folds);
    sums.get(g)?.forEach((value, i) => {
      rises[rows.folds[i]] += (rows.weights?.[i] ?? 1) * (logitLoss(logits[i] - value, rows.labels[i]) - losses[i]);
    });
    return rises.filter(rise => rise > 0).length;
  });
}

/** Measure how much the loss rises where the contributions of a group are taken out of the logits. */
function gains(
  rows: FoldedRows,
  {logits, sums}: {logits: Float64Array; sums: ReadonlyMap<number, Float32Array>},
): (group: number) => Pick<GroupEvidence, 'gain' | 'standardError'> {
  const losses = rowLosses(logits, rows);
  return group => {
    const sum = sums.get(group);
    const without = sum === undefined ? logits : logits.map((z, i) => z - sum[i]);
    const {difference, standardError} = lossDifference(rowLosses(without, rows), losses, rows);
    return {gain: difference, standardError};
  };
}

/** Logits of judging rows by random sets with as many groups as are open, whose gates learn from `rows`. */
function randomSets(
  rows: FoldedRows,
  {
    groups,
    isOpen,
    lambda,
    seed,
    fresh,
  }: {groups: readonly number[]; isOpen: readonly boolean[]; lambda: number; seed: number; fresh: FoldedRows},
): Float64Array[] {
  const size = isOpen.filter(Boolean).length;
  if (size === 0 || size === isOpen.length) return [];
  const random = seededRandom(seed);
  return Array.from({length: RANDOM_SETS}, () => {
    const order = shuffle(Int32Array.from(isOpen.keys()), random);
    const columns = columnsOfGroups(groups, new Set([...order.subarray(0, size), -1]));
    return gatedLogits(fresh, fitColumnGates(rows, {columns, lambda}));
  });
}

/** Tell for each group if it has an open gate. */
function openGroups(alpha: Float64Array, groups: readonly number[], count: number): boolean[] {
  const isOpen = new Array<boolean>(count).fill(false);
  groups.forEach((group, c) => {
    if (group >= 0 && alpha[c] > 0) isOpen[group] = true;
  });
  return isOpen;
}

function columnsOfGroups(groups: readonly number[], chosen: ReadonlySet<number>): number[] {
  return groups.flatMap((group, c) => (chosen.has(group) ? [c] : []));
}
