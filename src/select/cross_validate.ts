import {INTERVAL} from '../statistics';
import type {Scores} from '../training/evaluation';
import {LabeledRows, labelsOfRows, weightsOf} from '../training/rows';
import type {Recipe} from './auto_select_args';
import {calibratedScores, type Candidate, contender, TrainedCandidate, withAll} from './candidate';
import {Choice, ChoiceStanding, choose, CLEAR, type Contender} from './choose';
import {BY_FOLDS, type FewerInFolds, fewerInFolds, keepsMost} from './fewer_in_folds';
import {type Gates, gatesInWords} from './fit_gates';
import {Folds} from './folds';
import {gatesBehind} from './gates_behind';
import type {HeldOutParts} from './held_out_parts';
import {rarerLabel} from './rarer_label';
import {recipeStep} from './recipe_step';
import {Finalist, hasAllProducts, predictFold} from './predict_fold';
import {slimCandidate} from './train_candidates';

/** Rows of the rarer label from which V2 shows the differences of AUC that matter, and decides alone. */
const ENOUGH = 10_000;
/** With fewer than these it may know so little that a model is cross-validated even if it is behind. */
const FEW = 50;
/**
 * Standard errors that the folds must have a model with interactions ahead: as many as the report asks for "better".
 * They compare two such models at most, which other rows chose.
 */
const AHEAD_IN_FOLDS = INTERVAL;

/** A choice, and what it was made of. */
export interface Decision extends Pick<Choice, 'chosen' | 'standings'> {
  /** The candidates: those that were given, and one that only folds found if it is the choice. */
  trained: readonly TrainedCandidate[];
  gates: readonly Gates[];
}

/**
 * Choose among candidates by V2; where that is too small to tell logistic regression from others, by cross-validation.
 *
 * V2 is a twentieth of a usual table. Where it has few rows of a label, and a model with interactions is ahead of
 * logistic regression but not clearly, logistic regression and two others, with some interactions and with all, are
 * trained again in four folds of the training rows and on V2, and their predictions of all these rows decide. Where
 * they prefer all interactions, gates that are fitted to these rows look for fewer ({@link fewerInFolds}).
 */
export async function decide(
  recipe: Recipe,
  parts: HeldOutParts,
  trained: readonly TrainedCandidate[],
  gates: readonly Gates[],
): Promise<Decision> {
  const {choice} = parts;
  const candidates = trained.map(({candidate}) => candidate);
  const byV2 = {...byChoice(trained, choice), trained, gates};
  const rarer = rarerLabel(choice);
  const linear = candidates.findIndex(({ridge}) => ridge !== null);
  const isUnsure = linear >= 0 && (rarer < FEW || (rarer < ENOUGH && !isClear(byV2.standings[linear])));
  if (!isUnsure || typeof recipe.train === 'function') return byV2;
  // Of models that are behind on all that V2 knows, folds would hardly say that they are clearly ahead.
  const rivals = finalists(trained, choice).filter(i => rarer < FEW || isAhead(candidates[i], candidates[linear]));
  if (rivals.length === 0) return byV2;
  const all = [linear, ...rivals];
  const names = all.map(i => candidates[i].name).join(', ');
  const {chosen, fewer, scores} = await recipeStep(recipe, `cross-validation of ${names}`, () =>
    crossValidate(
      recipe,
      parts,
      all.map(i => finalistOf(candidates[i], candidates, gates)),
    ),
  );
  const best = candidates[all[chosen]];
  const slim = fewer === null ? null : await withFewer(recipe, parts, best, fewer);
  recipe.warnings.push(foldsWarning(slim?.candidate ?? best, scores));
  if (slim === null) return {...byV2, chosen: all[chosen]};
  const both = [...trained, slim];
  return {...byChoice(both, choice), chosen: trained.length, trained: both, gates: [...gates, fewer!.gates]};
}

function foldsWarning({name: chosen}: Candidate, scores: Decided['scores']): string {
  const each = scores.map(({name, auc, logloss}) => `${name} ${auc.toFixed(4)}, ${logloss.toFixed(4)}`);
  return (
    'Half of the validation rows are too few to choose between logistic regression and interactions, so ' +
    `four-fold cross-validation on training rows chose ${chosen}. AUC and logloss: ${each.join('; ')}.`
  );
}

/** The model of those interactions alone that gates of the folds keep, trained as other candidates are. */
async function withFewer(
  recipe: Recipe,
  parts: HeldOutParts,
  whole: Candidate,
  {gates, form, selection}: FewerInFolds,
): Promise<TrainedCandidate> {
  recipe.onStep?.(gatesInWords(whole.name, gates), {type: 'gates', candidate: whole, gates});
  return slimCandidate(recipe, parts, {form: recipe.formOf(form), selection}, BY_FOLDS);
}

/** Whether V2 leaves no doubt that the best candidate is ahead of one without interactions. */
function isClear({behind, logloss}: ChoiceStanding): boolean {
  return behind.auc > CLEAR * behind.standardError && logloss.difference > 0;
}

/** Whether V2 has one candidate ahead of another by AUC or logloss, however little. */
function isAhead({choice: a}: Candidate, {choice: b}: Candidate): boolean {
  return a.auc > b.auc || a.logloss < b.logloss;
}

/**
 * Of the candidates with some pairs the one that V2 chooses, and of those with all, which are equally simple, the one
 * with the lowest logloss: positions in the list.
 */
function finalists(trained: readonly TrainedCandidate[], choice: LabeledRows): number[] {
  const whole = withAll(trained.map(({candidate}) => candidate));
  const some = trained.filter(({candidate}) => candidate.selection.length > 0 && !whole.includes(candidate));
  const all = trained.filter(({candidate}) => whole.includes(candidate));
  const best = [
    ...(some.length === 0 ? [] : [some[byChoice(some, choice).chosen]]),
    ...all.sort((a, b) => a.candidate.choice.logloss - b.candidate.choice.logloss).slice(0, 1),
  ];
  return best.map(each => trained.indexOf(each));
}

function byChoice(trained: readonly TrainedCandidate[], choice: LabeledRows): Choice {
  return choose(
    labelsOfRows(choice),
    trained.map(({candidate, logits}) => contender(candidate, logits.choice)),
    {weights: weightsOf(choice)},
  );
}

/** A candidate with where its interactions come from; of a mean, those of its models. */
function finalistOf(candidate: Candidate, candidates: readonly Candidate[], gates: readonly Gates[]): Finalist {
  const mean = candidate.mean?.map(each => finalistOf(each, candidates, gates)) ?? null;
  return {candidate, mean, origin: mean === null ? originOf(candidate, candidates, gates) : null};
}

/** Where the interactions of a candidate come from that has some of them, or tables. */
function originOf(candidate: Candidate, candidates: readonly Candidate[], gates: readonly Gates[]): Finalist['origin'] {
  const {selection, tables} = candidate;
  const whole = withAll(candidates);
  if (selection.length === 0 || (tables === null && whole.includes(candidate))) return null;
  const [{gates: own, set}] = gatesBehind(gates, candidate);
  // Tables are found again without a base, also those of all pairs: rows have said which triples there are.
  const base = tables === null ? whole.find(({form}) => form === own.base)! : null;
  return {base, lambda: own.path[set.point].lambda};
}

/** What folds decide; plain JSON. */
interface Decided {
  /** Position of the finalist that is ahead. */
  chosen: number;
  /** What gates keep of its interactions, where a model of these does nearly as well; else null. */
  fewer: FewerInFolds | null;
  /** Of each finalist, and of the models with fewer interactions that were tried. */
  scores: Array<Scores & {name: string}>;
}

/** Train candidates in folds, and choose by what they say of the rows that they were not trained on. */
async function crossValidate(recipe: Recipe, parts: HeldOutParts, finalists: readonly Finalist[]): Promise<Decided> {
  const rows = recipe.train as LabeledRows;
  const folds = new Folds(rows, parts, recipe.seed);
  const predicted = await folds.each(1, own => predictFold(recipe, own, finalists));
  const contenders = finalists.map(({candidate}, c) =>
    contender(candidate, folds.inOrder(predicted.map(({logits}) => logits[c]))),
  );
  const {chosen} = choose(labelsOfRows(rows), contenders, {
    interactionMargin: AHEAD_IN_FOLDS,
    weights: weightsOf(rows),
  });
  const scored = ({name, logits}: Contender) => ({name, ...calibratedScores(rows, logits)});
  const scores = contenders.map(scored);
  const whole = finalists[chosen];
  const {tried, found} = hasAllProducts(whole)
    ? await fewerInFolds(
        recipe,
        folds,
        {whole: whole.candidate, products: predicted.map(({products}) => products!)},
        fewer => keepsMost(scored(fewer), scores[chosen], scores[0]),
      )
    : {tried: [], found: null};
  return {chosen, fewer: found, scores: [...scores, ...tried.map(scored)]};
}
