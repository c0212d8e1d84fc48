import {auc} from '../metrics/auc';
import {keyOf, type Selection} from '../stages/selection';
import {labelsOfRows, weightsOf} from '../training/rows';
import type {Recipe} from './auto_select_args';
import {
  allInteractionsOf,
  calibratedScores,
  calibrationOn,
  Candidate,
  countOf,
  said,
  TrainedCandidate,
} from './candidate';
import type {HeldOutParts} from './held_out_parts';

/**
 * The best mean of a GA2M and a model of products of some pairs; one of all selects nothing. It needs no training:
 * tables know each frequent combination of values, vectors guess the rare ones, and where both err by chance their mean
 * errs less. Which two belong together only their mean says.
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
  const [labels, weights] = [labelsOfRows(parts.choice), weightsOf(parts.choice)];
  const aucs = both.map(each => auc(labels, meanOn('choice', each), weights));
  const [own, other] = both[aucs.indexOf(Math.max(...aucs))];
  const mean = meanOf(parts, own, other, {pairs, shared: linear.candidate.parameters});
  recipe.onStep?.(said(mean), {type: 'trained', candidate: mean.candidate});
  return [mean];
}

/**
 * The mean of two candidates' calibrated logits.
 *
 * @param pairs How many there are.
 * @param shared The weights that both have, those of logistic regression.
 */
function meanOf(
  parts: HeldOutParts,
  products: TrainedCandidate,
  tables: TrainedCandidate,
  {pairs, shared}: {pairs: number; shared: number},
): TrainedCandidate {
  const both = [products, tables];
  const logits = {gates: meanOn('gates', both), choice: meanOn('choice', both)};
  const mean = both.map(({candidate}) => candidate);
  const [{form, parameters}, other] = mean;
  const selection = unionOf(mean);
  return {
    logits,
    candidate: {
      name: `${form} + ${other.form}, ${countOf(selection, pairs)}`,
      form: `${form} + ${other.form}`,
      selection,
      crosses: false,
      parameters: parameters + other.parameters - shared,
      choice: calibratedScores(parts.choice, logits.choice),
      calibration: calibrationOn(parts, logits),
      schedule: null,
      ridge: null,
      tables: null,
      startRidge: null,
      mean,
      seconds: 0,
    },
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
function unionOf(candidates: readonly Candidate[]): Selection {
  const found = new Map<string, Selection[number]>();
  for (const each of candidates.flatMap(({selection}) => selection)) {
    if (!found.has(keyOf(each))) found.set(keyOf(each), each);
  }
  return [...found.values()].sort((a, b) => b.alpha - a.alpha).map((each, i) => ({...each, rank: i + 1}));
}
