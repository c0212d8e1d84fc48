import {keyOf, type Selection} from '../stages/selection';
import {labelsOfRows, weightsOf} from '../training/rows';
import type {Recipe} from './auto_select_args';
import {
  allInteractionsOf,
  calibratedScores,
  calibrationOn,
  Candidate,
  contender,
  countOf,
  said,
  TrainedCandidate,
} from './candidate';
import {choose} from './choose';
import type {HeldOutParts} from './held_out_parts';

/**
 * The simplest mean of a GA2M and a model of products of some pairs that V2 cannot tell from the best such mean; one of
 * all pairs selects nothing. It needs no training: tables know each frequent combination of values, vectors guess the
 * rare ones, and where both err by chance their mean errs less. Which two belong together only their mean says.
 */
export function meanCandidate(
  recipe: Recipe,
  parts: HeldOutParts,
  trained: readonly TrainedCandidate[],
): TrainedCandidate[] {
  const [linear] = trained;
  const pairs = allInteractionsOf(trained.map(({candidate}) => candidate));
  const tables = trained.filter(({candidate}) => candidate.tables !== null);
  // Memorised crosses know what tables know.
  const products = trained.filter(
    ({candidate: {schedule, crosses, selection}}) => schedule !== null && !crosses && selection.length < pairs,
  );
  const both = tables.flatMap(one => products.map(other => [other, one]));
  if (both.length === 0) return [];
  const sizes = {pairs, shared: linear.candidate.parameters};
  const contenders = both.map(([own, other]) =>
    contender(meanShape(own.candidate, other.candidate, sizes), meanOn('choice', [own, other])),
  );
  const {chosen} = choose(labelsOfRows(parts.choice), contenders, {weights: weightsOf(parts.choice)});
  const [own, other] = both[chosen];
  const mean = meanOf(parts, own, other, sizes);
  recipe.onStep?.(said(mean), {type: 'trained', candidate: mean.candidate});
  return [mean];
}

/** The mean of two candidates' calibrated logits. */
function meanOf(
  parts: HeldOutParts,
  products: TrainedCandidate,
  tables: TrainedCandidate,
  sizes: MeanSizes,
): TrainedCandidate {
  const both = [products, tables];
  const logits = {gates: meanOn('gates', both), choice: meanOn('choice', both)};
  return {
    logits,
    candidate: {
      ...meanShape(products.candidate, tables.candidate, sizes),
      choice: calibratedScores(parts.choice, logits.choice),
      calibration: calibrationOn(parts, logits),
      seconds: 0,
    },
  };
}

export interface MeanSizes {
  /** How many pairs there are. */
  pairs: number;
  /** The weights that both have, those of logistic regression. */
  shared: number;
}

/** What the mean of two candidates is, but for what held-out rows say. */
export function meanShape(
  products: Candidate,
  tables: Candidate,
  {pairs, shared}: MeanSizes,
): Omit<Candidate, 'choice' | 'calibration' | 'seconds'> {
  const mean = [products, tables];
  const form = `${products.form} + ${tables.form}`;
  const selection = unionOf(mean);
  return {
    name: `${form}, ${countOf(selection, pairs)}`,
    form,
    selection,
    crosses: false,
    parameters: products.parameters + tables.parameters - shared,
    schedule: null,
    ridge: null,
    tables: null,
    startRidge: null,
    mean,
  };
}

function meanOn(part: keyof HeldOutParts, each: readonly TrainedCandidate[]): number[] {
  return meanLogits(each.map(({candidate, logits}) => ({candidate, logits: logits[part]})));
}

/** The mean of what candidates say of rows, each calibrated. */
export function meanLogits(each: ReadonlyArray<{candidate: Candidate; logits: ArrayLike<number>}>): number[] {
  return Array.from(
    each[0].logits,
    (_, i) =>
      each.reduce(
        (sum, {candidate: {calibration}, logits}) => sum + calibration.intercept + calibration.slope * logits[i],
        0,
      ) / each.length,
  );
}

/** The interactions that any has, with the alpha of the first that has it, the largest first. */
export function unionOf(candidates: ReadonlyArray<Pick<Candidate, 'selection'>>): Selection {
  const found = new Map<string, Selection[number]>();
  for (const each of candidates.flatMap(({selection}) => selection)) {
    if (!found.has(keyOf(each))) found.set(keyOf(each), each);
  }
  return [...found.values()].sort((a, b) => b.alpha - a.alpha).map((each, i) => ({...each, rank: i + 1}));
}
