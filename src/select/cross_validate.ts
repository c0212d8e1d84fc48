import * as tf from '@tensorflow/tfjs-core';
import {INTERVAL} from '../statistics';
import type {Scores} from '../training/evaluation';
import {joinRows} from '../training/join_rows';
import {LabeledRows, labelsOfRows, rowCount, takeRows, weightsOf} from '../training/rows';
import type {Recipe} from './auto_select_args';
import {calibratedScores, type Candidate, contender, TrainedCandidate, withAll} from './candidate';
import {Choice, ChoiceStanding, choose, CLEAR} from './choose';
import type {Gates} from './fit_gates';
import {gatesBehind} from './gates_behind';
import {foldsOf, HeldOutParts} from './held_out_parts';
import {rarerLabel} from './rarer_label';
import {recipeStep} from './recipe_step';
import {Finalist, predictFold} from './predict_fold';

const FOLDS = 4;
/** Rows of the rarer label from which V2 shows the differences of AUC that matter, and decides alone. */
const ENOUGH = 10_000;
/** With fewer than these it may know so little that a model is cross-validated even if it is behind. */
const FEW = 50;
/**
 * Standard errors that the folds must have a model with interactions ahead: as many as the report asks for "better".
 * They compare two such models at most, which other rows chose.
 */
const AHEAD_IN_FOLDS = INTERVAL;

/**
 * Choose among candidates by V2; where that is too small to tell logistic regression from others, by cross-validation.
 *
 * V2 is a twentieth of a usual table. Where it has few rows of a label, and a model with interactions is ahead of
 * logistic regression but not clearly, logistic regression and two others, with some interactions and with all, are
 * trained again in four folds of the training rows and on V2, and their predictions of all these rows decide.
 */
export async function decide(
  recipe: Recipe,
  parts: HeldOutParts,
  trained: readonly TrainedCandidate[],
  gates: readonly Gates[],
): Promise<Pick<Choice, 'chosen' | 'standings'>> {
  const {choice} = parts;
  const candidates = trained.map(({candidate}) => candidate);
  const byV2 = byChoice(trained, choice);
  const rarer = rarerLabel(choice);
  const linear = candidates.findIndex(({ridge}) => ridge !== null);
  const isUnsure = linear >= 0 && (rarer < FEW || (rarer < ENOUGH && !isClear(byV2.standings[linear])));
  if (!isUnsure || typeof recipe.train === 'function') return byV2;
  // Of models that are behind on all that V2 knows, folds would hardly say that they are clearly ahead.
  const rivals = finalists(trained, choice).filter(i => rarer < FEW || isAhead(candidates[i], candidates[linear]));
  if (rivals.length === 0) return byV2;
  const all = [linear, ...rivals];
  const names = all.map(i => candidates[i].name);
  const {chosen, scores} = await recipeStep(recipe, `cross-validation of ${names.join(', ')}`, () =>
    crossValidate(
      recipe,
      parts,
      all.map(i => finalistOf(candidates[i], candidates, gates)),
    ),
  );
  recipe.warnings.push(
    'Half of the validation rows are too few to choose between logistic regression and interactions, so ' +
      `${FOLDS}-fold cross-validation on training rows chose ${names[chosen]}. AUC and logloss: ` +
      `${names.map((name, i) => `${name} ${scores[i].auc.toFixed(4)}, ${scores[i].logloss.toFixed(4)}`).join('; ')}.`,
  );
  return {chosen: all[chosen], standings: byV2.standings};
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

/** Where the interactions of a candidate come from that has some of them. */
function originOf(candidate: Candidate, candidates: readonly Candidate[], gates: readonly Gates[]): Finalist['origin'] {
  const whole = withAll(candidates);
  if (candidate.selection.length === 0 || whole.includes(candidate)) return null;
  const [{gates: own, set}] = gatesBehind(gates, candidate);
  return {base: whole.find(({form}) => form === own.base) ?? null, lambda: own.path[set.point].lambda};
}

/**
 * Train candidates in folds, and choose by what they say of the rows that they were not trained on. They learn from V2,
 * too, which has chosen already: the more interactions a model has, the more it loses with the rows of a fold.
 */
async function crossValidate(
  recipe: Recipe,
  {gates, choice}: HeldOutParts,
  finalists: readonly Finalist[],
): Promise<{chosen: number; scores: Scores[]}> {
  const rows = recipe.train as LabeledRows;
  const folds = foldsOf(labelsOfRows(rows), FOLDS, recipe.seed);
  const logits = finalists.map(() => new Float64Array(rowCount(rows)));
  for (let fold = 0; fold < FOLDS; fold++) {
    const [inside, outside] = [false, true].map(isOut =>
      Int32Array.from(folds.keys()).filter(i => (folds[i] === fold) === isOut),
    );
    const [own, held] = [takeRows(rows, inside), takeRows(rows, outside)];
    const train = joinRows(own, choice);
    try {
      const each = await predictFold(
        recipe,
        {train: train.rows as LabeledRows, gates, held},
        finalists,
        `in fold ${fold + 1} of ${FOLDS}`,
      );
      each.forEach((own, c) => outside.forEach((row, i) => (logits[c][row] = own[i])));
    } finally {
      train.dispose();
      tf.dispose([own, held] as never);
    }
  }
  const {chosen} = choose(
    labelsOfRows(rows),
    finalists.map(({candidate}, c) => contender(candidate, logits[c])),
    {interactionMargin: AHEAD_IN_FOLDS, weights: weightsOf(rows)},
  );
  return {chosen, scores: logits.map(own => calibratedScores(rows, own))};
}
