import {logitLoss} from '../logistic';
import {seededRandom, shuffle} from '../random';
import {certainFit, columnsOfGroups, confirmedFit, gains} from './confirm_gates';
import {crossFitColumns, fitColumnGates, foldCount, type FoldedRows} from './cross_fit';
import {contributions, fewestGroups, ofFewFields} from './fewest_groups';
import {type GarroteFit, gatedLogits} from './garrote';
import {type PathPoint, penaltyPath} from './penalty_path';
import {rowLosses} from './row_losses';

/** Random sets of the size of the selection. */
const RANDOM_SETS = 5;

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
 *    steps before choose the best of many, so their rows flatter it. Without fresh rows it keeps those that the rows
 *    prefer at 95 % one by one, and the others where rows prefer these together.
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
  const fit = fresh === undefined ? certainFit(rows, fewest, groups) : confirmedFit(rows, fewest, {groups, fresh});
  const opened = new Set(groups.filter((_, c) => fit.alpha[c] > 0));
  const isOpen = Array.from({length: count}, (_, g) => opened.has(g));
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
  const random = randomSets(isOpen, seed).map(set =>
    gatedLogits(judged.rows, fitColumnGates(rows, {columns: columnsOfGroups(groups, set), lambda})),
  );
  return {path, chosen, fit, groups: evidence, logits: judged.logits, random};
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

/** Draw random sets of as many groups as are open, and group -1; none where no or every group is open. */
function randomSets(isOpen: readonly boolean[], seed: number): Array<Set<number>> {
  const size = isOpen.filter(Boolean).length;
  if (size === 0 || size === isOpen.length) return [];
  const random = seededRandom(seed);
  const order = () => shuffle(Int32Array.from(isOpen.keys()), random);
  return Array.from({length: RANDOM_SETS}, () => new Set([...order().subarray(0, size), -1]));
}
