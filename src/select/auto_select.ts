import type * as tfl from '@tensorflow/tfjs-layers';
import {modelSettings} from '../stages/model_layers';
import type {Selection} from '../stages/selection';
import {areCopied, copiedRows, type CopiedRows, copiedWords} from '../training/copied_rows';
import type {Scores} from '../training/evaluation';
import {joinRows} from '../training/join_rows';
import {rowsChecksum} from '../training/rows_checksum';
import {checkInputs} from '../training/step_store';
import {AutoSelectArgs, checkAutoSelect, Recipe} from './auto_select_args';
import {type Candidate, withAll} from './candidate';
import type {ChoiceStanding} from './choose';
import {compareOnTest, TestComparison} from './compare_on_test';
import {decide} from './cross_validate';
import {dealtAgain} from './dealt_again';
import type {Gates} from './fit_gates';
import {ga2mCandidates} from './ga2m/ga2m_candidates';
import {disposedOnError} from './disposed_on_error';
import {disposeParts, HeldOutParts, heldOutParts} from './held_out_parts';
import {inParallel} from './in_parallel';
import {limitInteracting} from './limit_interacting';
import {linearCandidate} from './linear_candidate';
import {meanCandidate} from './mean_candidate';
import {noBetterThanRate} from './no_better_than_rate';
import {suspicion} from './suspect_fields';
import {baseCandidates, FoundBase, slimCandidates} from './train_candidates';
import {trainForGood} from './train_one';

/** A model that the chosen one is compared with on the test rows. */
export interface Rival {
  candidate: Candidate;
  /** Trained on all rows except the test rows, as the chosen model is. The caller disposes it. */
  model: tfl.LayersModel;
  test: TestComparison;
}

export interface AutoSelection {
  /** The chosen model, trained on all rows except the test rows. The caller disposes it. */
  model: tfl.LayersModel;
  /** Its interactions; none where logistic regression was chosen. */
  selection: Selection;
  chosen: Candidate;
  /** Everything that could have been chosen, the chosen one included. */
  candidates: Candidate[];
  /** Each candidate compared with the best one on V2, in the order of `candidates`. */
  standings: ChoiceStanding[];
  /** The gates, one entry for each base model; empty where only logistic regression was trained. */
  gates: Gates[];
  /** Scores of the chosen model on the test rows; null without them. */
  test: Scores | null;
  /** With test rows: logistic regression and all interactions, unless one of them was chosen. */
  rivals: Rival[];
  /** Test rows, without these validation rows, that equal a training row; {@link areCopied} says what follows. */
  copied: CopiedRows;
  /** Warnings about the rows, such as that positives are few. */
  warnings: string[];
}

/**
 * Find the interactions that matter and train a small model of them, in five steps:
 *
 * 1. Splits the validation rows into two halves: V1, on which gates are fitted, and V2, which makes all choices.
 * 2. Trains logistic regression with one penalty for all fields and with one for each ({@link empiricalRidge}); a GA2M,
 *    which adds tables of the pairs and triples that rows have evidence for ({@link Ga2m}); and FFM with all
 *    interactions along a path of penalties, by itself and on top of logistic regression. For large tables it trains FM
 *    and FFM with fixed penalties.
 * 3. Fits non-negative gates to the products of these models on V1 ({@link garrote}); V2 chooses the penalty.
 * 4. Retrains the open interactions from fresh weights, and adds the best mean of a GA2M and a model of some
 *    interactions as a candidate. Chooses the simplest candidate that V2 cannot distinguish from the best one
 *    ({@link choose}). If V2 is too small for that, four-fold cross-validation decides; if that prefers all
 *    interactions, gates on all training rows look for fewer.
 * 5. Trains the chosen model again on all rows except the test rows. It reads these once: to score it, and to compare
 *    it with logistic regression and all interactions.
 *
 * With `model` in place of `fields`, your own model with gates is trained with all and some of its interactions.
 *
 * @throws AutofisError where rows do not fit the fields or an option breaks its rule; the reason of `signal` where
 *     that is aborted.
 *
 * @example
 * const {model, selection, chosen} = await autoSelect({fields, train, validation, test});
 * console.log(`${chosen.name}: ${selection.map(({fields}) => fields.join(' x ')).join(', ')}`);
 * await model.save('file://model');
 */
export async function autoSelect(args: AutoSelectArgs): Promise<AutoSelection> {
  const given = checkAutoSelect('autoSelect', args);
  await checkInputs('autoSelect', given.store, () => inputsOf(args, given));
  const dealt = dealtAgain('autoSelect', given);
  const recipe = {...given, ...dealt?.parts};
  if (dealt !== null) recipe.warnings.push(dealt.warning);
  const parts = heldOutParts(recipe.validation, recipe.seed);
  try {
    const trained = await linearCandidate(recipe, parts);
    await limitInteracting(recipe);
    // Trainings may have threads of their own; tables are computed in this one.
    const [bases, tables] = await inParallel(recipe.parallel, [
      () => trainBases(recipe, parts),
      () => ga2mCandidates(recipe, parts),
    ]);
    const products = bases.map(found => found.gates);
    trained.push(...tables.trained, ...bases.flatMap(found => found.trained));
    trained.push(...(await slimCandidates(recipe, parts, products)));
    trained.push(...meanCandidate(recipe, parts, trained));
    const decided = await decide(recipe, parts, trained, [...tables.gates, ...products]);
    const candidates = decided.trained.map(({candidate}) => candidate);
    const chosen = candidates[decided.chosen];
    recipe.onStep?.(`chose ${chosen.name}`, {type: 'chose', candidate: chosen});
    const copied = await copiedRows(recipe.train, recipe.test ?? recipe.validation, {
      widths: recipe.fields?.map(({width = 1}) => width),
      seed: recipe.seed,
    });
    if (areCopied(copied)) recipe.warnings.push(copiedWords(copied));
    return {
      ...(await refit(recipe, candidates, chosen, copied)),
      copied,
      selection: chosen.selection,
      chosen,
      candidates,
      standings: decided.standings,
      gates: [...decided.gates],
      warnings: recipe.warnings,
    };
  } finally {
    disposeParts(parts);
    dealt?.dispose();
  }
}

/** What the steps of a selection depend on. */
function inputsOf({model, effort = 'normal'}: AutoSelectArgs, {fields, train, validation, schedule, seed}: Recipe) {
  return {
    ...(model === undefined ? {fields, effort} : {model: modelSettings(model)}),
    train: rowsChecksum(train),
    validation: rowsChecksum(validation),
    schedule,
    seed,
  };
}

/** All bases; those after the first, which may look at its best form, do not wait for each other. */
async function trainBases(recipe: Recipe, parts: HeldOutParts): Promise<FoundBase[]> {
  const [first, ...others] = recipe.bases;
  if (first === undefined) return [];
  const found = await baseCandidates(recipe, parts, first(null));
  const rest = await inParallel(
    recipe.parallel,
    others.map(base => () => baseCandidates(recipe, parts, base(found.best))),
  );
  return [found, ...rest];
}

/** The choice, trained on all rows except the test rows; if there are any, its rivals and their comparison on these. */
async function refit(
  recipe: Recipe,
  candidates: readonly Candidate[],
  chosen: Candidate,
  copied: CopiedRows,
): Promise<Pick<AutoSelection, 'model' | 'test' | 'rivals'>> {
  const {train, validation, test, onStep} = recipe;
  const all = joinRows(train, validation);
  try {
    const others = test === undefined ? [] : rivalsOf(candidates, chosen);
    const [model, ...models] = await inParallel(
      recipe.parallel,
      [chosen, ...others].map(candidate => () => trainForGood(recipe, all.rows, candidate)),
      lost => lost.dispose(),
    );
    if (test === undefined) return {model, test: null, rivals: []};
    const {scores, comparisons} = await disposedOnError([model, ...models], async () => {
      onStep?.('reads the test rows, once, after all choices', {type: 'test'});
      const compared = compareOnTest(model, models, test);
      const suspect = areCopied(copied)
        ? null
        : await suspicion(compared.scores.auc, recipe.fields, {train: all.rows, test, seed: recipe.seed});
      const useless = noBetterThanRate(compared.scores, {validation, test});
      recipe.warnings.push(...[suspect, useless].filter(warning => warning !== null));
      return compared;
    });
    return {
      model,
      test: scores,
      rivals: others.map((candidate, i) => ({candidate, model: models[i], test: comparisons[i]})),
    };
  } finally {
    all.dispose();
  }
}

/** Logistic regression, and all interactions in the form that is best with them; but for the chosen one. */
function rivalsOf(candidates: readonly Candidate[], chosen: Candidate): Candidate[] {
  const whole = withAll(candidates).reduce<Candidate | null>(
    (a, b) => (a === null || b.choice.auc > a.choice.auc ? b : a),
    null,
  );
  const linear = candidates.find(({ridge}) => ridge !== null) ?? null;
  return [linear, whole].flatMap(rival => (rival === null || rival === chosen ? [] : [rival]));
}
