import type * as tfl from '@tensorflow/tfjs-layers';
import {checkChoice, checkInteger, checkKeys} from '../checks';
import {invalidArgument} from '../errors';
import {checkCompiled, checkModel, findGates} from '../stages/gates';
import {modelSettings} from '../stages/model_layers';
import {Selection} from '../stages/selection';
import {checkSelection} from '../stages/check_selection';
import {everything, forms, interactionCount, randomLike, retrainContestant, Retraining} from './contestants';
import {checkInputs, remembered, StepStore} from '../training/step_store';
import {score} from '../training/evaluation';
import {checkScoredRows, checkTrainingRows, LabeledRows, TrainingRows} from '../training/rows';
import {rowsChecksum} from '../training/rows_checksum';
import {checkTraining, TrainingArgs, trainingKeys} from '../training/train_to_best';
import type {ContestantName, Verdict} from './verdict';
import {verdictOf} from './verdict_of';
import {topK} from './top_k';

export interface JudgeArgs extends TrainingArgs {
  /** A compiled model with all of its gates: at the end of its search, or fresh. It is not changed. */
  model: tfl.LayersModel;
  /** The interactions that are judged, of this model. */
  selection: Selection;
  /** True if the model has been searched, so that its own scores are meaningful; default true. */
  searched?: boolean;
  /** Rows to train on. */
  train: TrainingRows;
  /** Rows for early stopping, and for the choice between forms. */
  validation: LabeledRows;
  /** Test rows, on which the verdict is computed. */
  test: LabeledRows;
  /** Each contestant is retrained once with each seed; default [1, 2, 3]. One seed gives no p-values. */
  seeds?: readonly number[];
  /** Random sets for each seed; an integer >= 0, default 5. Each is retrained once. */
  randomSets?: number;
  /** Epochs of the plain training whose largest |alpha| are the top-K; default 5. 0 leaves the contestant out. */
  topKEpochs?: number;
  /**
   * Keeps each training's result, so that an interrupted judgement continues when it is started again. One store for
   * each selection, rows and settings: a store of others is refused.
   */
  store?: StepStore;
  /** Called after each retraining, e.g. to show progress. */
  onRun?: (run: Retraining & {contestant: ContestantName}, done: number, total: number) => void;
}

/**
 * Judge a selection by retraining: itself, all interactions, the top-K by |alpha| of a plain training, and random sets
 * of its size, each with normalised products and alpha and without, on the same seeds and rows, stopped early by
 * validation AUC. The test rows are only looked at afterwards; which form counts is decided by validation.
 *
 * With gates, the alpha of the selection starts where the search ended (except after recipe 'paper'), that of the
 * others at its initial value. A difference there may come from alpha as well as from the interactions; without gates
 * it comes from the interactions alone.
 *
 * Differences are tested by a paired t-test over the seeds; of the random sets, the mean for each seed counts.
 *
 * @throws AutofisError on rows that do not fit, or cannot be scored, a selection of another model, or seeds that
 * repeat.
 * @example
 * const verdict = await judgeSelection({model, selection: search.selection, train, validation, test, batchSize: 500});
 * console.log(verdict.words);
 */
export async function judgeSelection(args: JudgeArgs): Promise<Verdict> {
  const {model, selection, searched, train, validation, test, seeds, randomSets, topKEpochs, store, onRun, training} =
    checkJudge(args);
  await checkInputs('judgeSelection', store, () => ({
    model: modelSettings(model),
    selection,
    train: rowsChecksum(train),
    validation: rowsChecksum(validation),
    test: rowsChecksum(test),
    // Whose plain training it is: sets of other seeds may come to a store later.
    topK: {epochs: topKEpochs, seed: topKEpochs > 0 ? seeds[0] : null},
    training,
  }));
  const sets: Contestants[] = [
    {contestant: 'selection', of: () => [selection]},
    {contestant: 'all', of: () => [all]},
    // Sets of the same seed are those of every judgement, whatever it is about.
    {
      contestant: 'random',
      of: seed => Array.from({length: randomSets}, (_, r) => randomLike(model, selection, 1000 * seed + r)),
    },
  ];
  const all = everything(model);
  if (topKEpochs > 0) {
    const top = await remembered(store, 'top-K', () =>
      topK(model, selection.length, train, training.batchSize, topKEpochs, seeds[0]),
    );
    sets.push({contestant: 'top-K', of: () => [top]});
  }
  const total = forms.length * seeds.length * (sets.length - 1 + randomSets);
  const runs: Array<Retraining & {contestant: ContestantName}> = [];
  for (const {contestant, set, name, form, seed} of retrainings(sets, seeds)) {
    const retrained = await remembered(store, name, () =>
      retrainContestant(model, set, {form, seed}, {train, validation, test}, training),
    );
    const run = {contestant, ...retrained};
    runs.push(run);
    onRun?.(run, runs.length, total);
  }
  return verdictOf({
    runs,
    kept: selection.length,
    total: interactionCount(model),
    search: searched ? await score(model, test) : null,
    training,
  });
}

/** A contestant, and its sets of interactions by seed. */
interface Contestants {
  contestant: ContestantName;
  of(seed: number): Selection[];
}

/** Every set of every contestant in each form, seed by seed, with the name that its result is kept under. */
function* retrainings(sets: readonly Contestants[], seeds: readonly number[]) {
  for (const seed of seeds) {
    for (const {contestant, of} of sets) {
      for (const [i, set] of of(seed).entries()) {
        for (const form of forms) yield {contestant, set, form, seed, name: `${contestant}-${seed}-${i}-${form}`};
      }
    }
  }
}

/** Check the arguments and fill in the defaults. */
function checkJudge(args: JudgeArgs) {
  const where = 'judgeSelection';
  checkKeys(where, args, [
    'model',
    'selection',
    'searched',
    'train',
    'validation',
    'test',
    'seeds',
    'randomSets',
    'topKEpochs',
    'store',
    'onRun',
    ...trainingKeys,
  ]);
  const {
    model,
    selection,
    searched = true,
    train,
    validation,
    test,
    seeds = [1, 2, 3],
    randomSets = 5,
    topKEpochs = 5,
    store,
    onRun,
  } = args;
  checkModel(where, model);
  checkCompiled(where, model);
  checkSelection(where, selection, findGates(where, model));
  checkChoice(where, 'searched', searched, [true, false]);
  checkTrainingRows(where, 'train', train);
  checkScoredRows(where, 'validation', validation);
  checkScoredRows(where, 'test', test);
  checkSeeds(where, seeds);
  checkInteger(where, 'randomSets', randomSets, 0);
  checkInteger(where, 'topKEpochs', topKEpochs, 0);
  const training = checkTraining(where, args);
  return {model, selection, searched, train, validation, test, seeds, randomSets, topKEpochs, store, onRun, training};
}

function checkSeeds(where: string, seeds: readonly number[]): void {
  const whole = Array.isArray(seeds) && seeds.length > 0 && seeds.every(seed => Number.isInteger(seed) && seed >= 0);
  if (!whole || new Set(seeds).size < seeds.length) {
    throw invalidArgument(where, 'seeds', 'be a non-empty list of distinct integers >= 0', seeds);
  }
}
