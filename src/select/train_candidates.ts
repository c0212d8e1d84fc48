import type * as tfl from '@tensorflow/tfjs-layers';
import type {Recipe} from './auto_select_args';
import {Candidate, said, TrainedCandidate} from './candidate';
import {byLoss, fitGates, Gates, gatesInWords, selectionsOf} from './fit_gates';
import type {ModelForm} from './forms';
import type {HeldOutParts} from './held_out_parts';
import {inParallel} from './in_parallel';
import {keyOf, type Selection} from '../stages/selection';
import {disposedOnError} from './disposed_on_error';
import {recipeStep} from './recipe_step';
import {crossesOf, CandidateShape, trainOne} from './train_one';

/** A base: its candidates with all interactions, the form of the best one, and the gates on the products of that. */
export interface FoundBase {
  trained: TrainedCandidate[];
  best: ModelForm;
  gates: Gates;
}

/**
 * All interactions in forms from the firmest penalty to the lightest, up to the first that V2 finds worse than the one
 * before; and the gates on the products of the best.
 */
export async function baseCandidates(
  recipe: Recipe,
  parts: HeldOutParts,
  forms: readonly ModelForm[],
): Promise<FoundBase> {
  const {seed, onStep} = recipe;
  const path = await trainPath(recipe, parts, forms);
  const {form, model, found} = path[leastLoss(path)];
  path.filter(each => each.model !== model).forEach(each => each.model?.dispose());
  const {candidate} = found;
  const {name} = candidate;
  const gates = await recipeStep(recipe, `gates of ${name}`, async () => {
    // A selection that continues has the scores of the best, but not its model.
    const base = model ?? (await trainOne(recipe, parts, {form, name, selection: form.all})).model;
    try {
      return fitGates(base, {base: form.name, all: form.all, parts, seed});
    } finally {
      base.dispose();
    }
  });
  onStep?.(gatesInWords(name, gates), {type: 'gates', candidate, gates});
  return {trained: path.map(each => each.found), best: form, gates};
}

/** A form with all interactions; its model is null where a former run has trained it. */
interface TrainedForm {
  form: ModelForm;
  found: TrainedCandidate;
  model: tfl.LayersModel | null;
}

/**
 * Train forms up to the first that is worse than the one before. As many as run in parallel are started at once; those
 * behind the first worse one are then as if they had not been.
 */
async function trainPath(recipe: Recipe, parts: HeldOutParts, forms: readonly ModelForm[]): Promise<TrainedForm[]> {
  const path: TrainedForm[] = [];
  while (path.length < forms.length && leastLoss(path) === path.length - 1) {
    const next = forms.slice(path.length, path.length + recipe.parallel);
    const some = await disposedOnError(modelsOf(path), () =>
      inParallel(
        recipe.parallel,
        next.map(form => () => trainForm(recipe, parts, form)),
        lost => lost.model?.dispose(),
      ),
    );
    for (const each of some) {
      if (leastLoss(path) === path.length - 1) {
        path.push(each);
        recipe.onStep?.(said(each.found), {type: 'trained', candidate: each.found.candidate});
      } else each.model?.dispose();
    }
  }
  return path;
}

function modelsOf(path: readonly TrainedForm[]): tfl.LayersModel[] {
  return path.flatMap(({model}) => (model === null ? [] : [model]));
}

async function trainForm(recipe: Recipe, parts: HeldOutParts, form: ModelForm): Promise<TrainedForm> {
  const name = `${form.name}, all ${form.all.length}`;
  let model: tfl.LayersModel | null = null;
  const found = await recipeStep(recipe, name, async () => {
    const {model: own, ...rest} = await trainOne(recipe, parts, {form, name, selection: form.all});
    model = own;
    return rest;
  });
  return {form, found, model};
}

/** The position of the form with the lowest logloss, the earlier one of two alike; -1 of none. */
function leastLoss(path: readonly TrainedForm[]): number {
  const losses = path.map(({found}) => found.candidate.choice.logloss);
  return losses.indexOf(Math.min(...losses));
}

/** The number of gates, those that V2 prefers, whose sets are retrained. */
const GATES_RETRAINED = 2;

/**
 * The sets of the gates that V2 prefers and of those next to them, retrained in the forms of their bases, with longer
 * vectors where few pairs leave room for them; the best of these in its base's own length if that is better; and the
 * best and the shortest of all with memorised crosses.
 */
export async function slimCandidates(
  recipe: Recipe,
  parts: HeldOutParts,
  gates: readonly Gates[],
): Promise<TrainedCandidate[]> {
  const sets = byLoss(gates)
    .slice(0, GATES_RETRAINED)
    .flatMap(own => setsOf(recipe, own));
  if (sets.length === 0) return [];
  const retrain = (shape: CandidateShape) => slimCandidate(recipe, parts, shape);
  const trained = await inParallel(
    recipe.parallel,
    sets.map(
      ({base, selection}) =>
        () =>
          retrain({form: recipe.slimForm(base, selection), selection}),
    ),
  );
  const best = bestOf(trained);
  const {base, selection} = sets[trained.indexOf(best)];
  if (recipe.slimForm(base, selection) !== base) {
    // Short vectors do not make a model simpler to read: only the better length may be chosen.
    const inOwnLength = await retrain({form: base, selection});
    if (bestOf([best, inOwnLength]) === inOwnLength) trained[trained.indexOf(best)] = inOwnLength;
  }
  for (const shape of await crossedShapes(recipe, trained)) trained.push(await retrain(shape));
  return trained;
}

/** What is trained again with memorised crosses. Only rows in memory can be counted. */
async function crossedShapes(recipe: Recipe, trained: readonly TrainedCandidate[]): Promise<CandidateShape[]> {
  const {fields, train, seed} = recipe;
  if (fields === null || typeof train === 'function') return [];
  const shapes = await Promise.all(
    worthCrosses(trained.map(({candidate}) => candidate)).map(async ({form, selection}) => ({
      form: recipe.formOf(form),
      selection,
      crosses: await crossesOf(train, fields, selection, seed),
    })),
  );
  return shapes.filter(({crosses}) => crosses !== undefined);
}

/**
 * The best candidate, and the best of those with the fewest interactions: the best one may have further interactions
 * for what memorised crosses explain.
 */
export function worthCrosses(candidates: readonly Candidate[]): Candidate[] {
  const byAuc = [...candidates].sort((a, b) => b.choice.auc - a.choice.auc);
  const fewest = Math.min(...candidates.map(({selection}) => selection.length));
  return [...new Set([byAuc[0], byAuc.find(({selection}) => selection.length === fewest)!])];
}

/** The one with the highest AUC on V2, the first of two alike. */
function bestOf(trained: readonly TrainedCandidate[]): TrainedCandidate {
  return trained.reduce((a, b) => (b.candidate.choice.auc > a.candidate.choice.auc ? b : a));
}

/** What gates keep, where they do not keep all. */
function setsOf(recipe: Recipe, gates: Gates): Array<{base: ModelForm; selection: Selection}> {
  const base = recipe.formOf(gates.base);
  return selectionsOf(base.all, gates)
    .filter(({length}) => length < base.all.length)
    .map(selection => ({base, selection}));
}

/**
 * A model of some interactions, trained on the training rows and scored on V2.
 *
 * @param from What its name says of where the interactions come from.
 */
export async function slimCandidate(
  recipe: Recipe,
  parts: HeldOutParts,
  shape: CandidateShape,
  from = '',
): Promise<TrainedCandidate> {
  const {form, selection, crosses} = shape;
  const withCrosses = crosses === undefined ? '' : ', with crosses';
  const name = `${form.name}, ${selection.length} of ${form.all.length}${from}${withCrosses}`;
  const trained = await recipeStep(recipe, `${name}: ${selection.map(keyOf).join(' ')}`, async () => {
    const {model, ...own} = await trainOne(recipe, parts, {...shape, name});
    model.dispose();
    return own;
  });
  recipe.onStep?.(said(trained), {type: 'trained', candidate: trained.candidate});
  return trained;
}
