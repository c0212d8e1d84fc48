import type {Recipe} from './auto_select_args';
import {type Candidate, contender} from './candidate';
import type {Contender} from './choose';
import type {Gates} from './fit_gates';
import {FoldGates, foldProducts} from './fold_gates';
import type {Folds} from './folds';
import type {GarroteRows} from '../decision/gated_loss';
import {logitsOf} from '../components/products/model_products';
import {trainAgain} from './train_one';
import type {Selection} from '../stages/selection';
import type {Scores} from '../training/evaluation';

/** What gates of the folds keep of all interactions; plain JSON. */
export interface FewerInFolds {
  gates: Gates;
  /** Of the model of these alone. */
  form: string;
  selection: Selection;
}

/** What the name of a candidate ends with whose interactions the folds found. */
export const BY_FOLDS = ' by folds';

/** The share of what all interactions add to logistic regression that fewer of them may lack. */
const MAY_LOSE = 0.1;
/** Sets that are tried in the folds at most, from the smallest to the largest. */
const TRIED = 3;

/**
 * Fewer interactions than all, found by gates on what models of all say of rows that they were not trained on, and
 * tried in the folds: in each a model is trained of what the gates of the other folds keep. The first set is that at
 * the penalty which the folds choose; those after it have more interactions.
 *
 * @param whole The candidate with all interactions.
 * @param products Of its models for the rows of each fold.
 * @param suffices Whether a model does as well as the one with all.
 * @returns All that were tried, the last of which suffices if any does.
 */
export async function fewerInFolds(
  recipe: Recipe,
  folds: Folds,
  {whole, products}: {whole: Candidate; products: readonly GarroteRows[]},
  suffices: (fewer: Contender) => boolean,
): Promise<{tried: Contender[]; found: FewerInFolds | null}> {
  const base = recipe.formOf(whole.form);
  const {all} = base;
  const gates = new FoldGates({folds: products, others: await productsOfOthers(recipe, folds, whole)}, all);
  const tried: Contender[] = [];
  for (const set of gates.sets()) {
    const {selection, inFolds} = set;
    const kept = selection.length;
    if (kept === all.length) break;
    if (kept <= (tried.at(-1)?.kept ?? 0) || inFolds.some(({length}) => length === 0)) continue;
    const form = recipe.slimForm(base, selection);
    const fewer = {...whole, form: form.name, name: `${form.name}, ${kept} of ${all.length}${BY_FOLDS}`, selection};
    tried.push(contender(fewer, await predictedInFolds(recipe, folds, fewer, inFolds)));
    if (suffices(tried[tried.length - 1]))
      return {tried, found: {gates: gates.recordOf(set, base.name, recipe.seed), form: form.name, selection}};
    if (tried.length === TRIED) break;
  }
  return {tried, found: null};
}

/** Of each fold the products of the rows of the others, by models that have seen neither fold. */
export async function productsOfOthers(recipe: Recipe, folds: Folds, whole: Candidate): Promise<GarroteRows[][]> {
  const others: GarroteRows[][] = [];
  await folds.eachTwo(recipe.parallel, async ({train, held, where}, pair) => {
    const model = await trainAgain(recipe, train, whole, where);
    try {
      const [first, second] = held.map(rows => foldProducts(model, rows));
      for (const [fold, rows] of [
        [pair[0], second],
        [pair[1], first],
      ] as const)
        (others[fold] ??= []).push(rows);
    } finally {
      model.dispose();
    }
  });
  return others;
}

/** What a candidate says of the rows of each fold, trained on the others with interactions of its own in each. */
async function predictedInFolds(
  recipe: Recipe,
  folds: Folds,
  candidate: Candidate,
  inFolds: readonly Selection[],
): Promise<Float64Array> {
  const each = await folds.each(recipe.parallel, async ({train, held, where}, fold) => {
    const model = await trainAgain(recipe, train, {...candidate, selection: inFolds[fold]}, where);
    try {
      return logitsOf(model, held.xs);
    } finally {
      model.dispose();
    }
  });
  return folds.inOrder(each);
}

/** Whether fewer interactions save nine tenths of what all of them do, beside logistic regression. */
export function keepsMost(fewer: Scores, all: Scores, linear: Scores): boolean {
  const lost = {auc: all.auc - fewer.auc, logloss: fewer.logloss - all.logloss};
  const gain = {auc: all.auc - linear.auc, logloss: linear.logloss - all.logloss};
  return lost.auc <= MAY_LOSE * Math.max(0, gain.auc) && lost.logloss <= MAY_LOSE * Math.max(0, gain.logloss);
}
