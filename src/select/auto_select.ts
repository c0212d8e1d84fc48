import type * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkKeys, checkNumber} from '../checks';
import {AutofisError, invalidArgument} from '../errors';
import {auc} from '../metrics/auc';
import {checkModel, checkStart, findGates} from '../stages/gates';
import type {Selection} from '../stages/selection';
import {bestOf, Candidate, Chooser, Contender} from './candidates';
import {everything, Form, formOf} from '../judge/contestants';
import {crossable, crossPredicted} from '../training/cross_validation';
import {predicted, Scores, score} from '../training/evaluation';
import {judgeSelection} from '../judge/judge_selection';
import type {Verdict} from '../judge/verdict';
import {checkScoredRows, checkTrainingRows, LabeledRows, labelsOf, TrainingRows} from '../training/rows';
import {narrow, narrowFrom} from './narrow';
import {firstStrength, goOn, heldOutSearch, HeldOutSearch, nextStrength} from './search_run';
import {checkTraining, cutShort, Trained, TrainingArgs, trainingKeys, trainToBest} from '../training/train_to_best';

export interface AutoSelectArgs extends TrainingArgs {
  /** A compiled model with gates, such as `autoFm(...)`: its architecture counts, not its weights. It is not changed. */
  model: tfl.LayersModel;
  /** Rows to train on. */
  train: TrainingRows;
  /** Rows for alpha's gradients, for early stopping and for every choice. */
  validation: LabeledRows;
  /** Rows that nothing is chosen by. With them the result has test scores and, where `judge` asks for it, a verdict. */
  test?: LabeledRows;
  /**
   * Final thresholds to search with, in units of alpha's start. By default two that fit the noise of the validation rows: per step a
   * quarter of the standard error that the gradient of a gate without use has on them; then four times as much, or where that left less
   * than half of the interactions, a quarter of it.
   */
  strengths?: readonly number[];
  /** Epochs of each search; by default as many as make 3,000 steps, in the last 2,000 of which alpha learns. */
  searchEpochs?: number;
  /**
   * How much validation AUC a set of interactions may lose when it is made shorter than the search left it, with its standard error
   * (`aucDifference`) on top; >= 0, default .001. Few validation rows cannot tell such a difference, and then only what is better is shortened.
   */
  tolerance?: number;
  /** Seed of all starts and orders, an integer >= 0; default 1. */
  seed?: number;
  /** Asks for a verdict on the selection, which takes many more trainings: options of judgeSelection. Needs `test`. */
  judge?: {seeds?: readonly number[], randomSets?: number, topKEpochs?: number};
  /** Called after each training of a candidate, e.g. to show how far it is. */
  onRun?: (candidate: Candidate) => void;
}

/** A candidate with its model, for as long as it could be chosen. */
interface Entry extends Contender {
  candidate: Candidate;
  slim: tfl.LayersModel;
  selection: Selection;
}

/** One search of the path. */
export interface SearchRun {
  strength: number;
  /** What it left open; may be empty. */
  selection: Selection;
  /** Scores of the model at the end of the search. */
  validation: Scores;
  test: Scores | null;
  seconds: number;
}

export interface AutoSelection {
  /** The chosen model, trained: slim, compiled as the given one. The caller disposes it. */
  model: tfl.LayersModel;
  /** Its interactions. */
  selection: Selection;
  chosen: Candidate;
  /** All that was trained after a search, the chosen one included. */
  candidates: Candidate[];
  searches: SearchRun[];
  /** Null where none was asked for, and where all interactions together were chosen. */
  verdict: Verdict | null;
  /** What a reader should not miss; on console.warn, too. */
  warnings: string[];
}

/**
 * The library's own recipe in one call. It searches with two strengths, alpha frozen at first and then trained on validation batches, and
 * trains each search's model on with what its gates left open. It retrains each selection, and all interactions, with normalised products and
 * alpha, which starts where the search ended; and the smallest selection that is about as good as the best, and all interactions, plainly,
 * without both. Then it tries fewer and fewer interactions, the largest |alpha| first: of a search's model where that is the best by AUC, and by
 * logloss significantly better than the plain ones; else of that selection, with gates and plainly. The result is of the kind that leads, plain
 * unless one with gates is significantly better, and has the fewest interactions that are about as good as the best.
 *
 * A model whose gates give each product by itself, such as `autoIpnn`, cannot be pruned, and is only retrained. All choices are made on
 * validation rows; but those among plain sets on training rows by cross-validation, where they are in memory and at most 50,000, for a tenth
 * as many validation rows tell too little. `test` is only scored.
 *
 * Errors: a model that is not compiled or has no gates; rows that do not fit.
 *
 * ```ts
 * const {model, selection, chosen} = await autoSelect({model: autoFm({fields}), train, validation, batchSize: 500});
 * console.log(`${selection.length} interactions, validation AUC ${chosen.validation.auc}`);
 * await model.save('file://model');
 * ```
 */
export async function autoSelect(args: AutoSelectArgs): Promise<AutoSelection> {
  const where = 'autoSelect';
  const options = check(where, args);
  const {model, train, validation, test, tolerance, seed, judge, onRun, training} = options;
  const crossRows = crossable(train, validation, seed);
  const chooser = new Chooser(labelsOf(validation), tolerance, crossRows && labelsOf(crossRows));
  let entries: Entry[] = [];
  const candidates: Candidate[] = [], searches: SearchRun[] = [], searched: HeldOutSearch[] = [];

  const enter = async (selection: Selection, strength: number | null, form: Candidate['form'], {slim, run}: Trained): Promise<Entry> => {
    const candidate = {strength, form, kept: selection.length, ...run, crossAuc: null, test: test ? await score(slim, test) : null};
    const shortened = searches.some(search => search.strength === strength && selection.length < search.selection.length);
    const entry: Entry = {slim, selection, candidate, shortened, predictions: predicted(slim, validation)};
    candidates.push(candidate);
    onRun?.(candidate);
    // Models that are no longer near the best are not kept in memory.
    const all = [...entries, entry];
    entries = chooser.near(all);
    all.filter(e => !entries.includes(e)).forEach(e => e.slim.dispose());
    return entry;
  };
  const retrain = async (selection: Selection, strength: number | null, form: Form): Promise<Entry> => {
    const slim = formOf(model, selection, form, seed);
    return enter(selection, strength, form, {slim, run: await trainToBest(slim, train, validation, seed, training)});
  };
  /** Cross-validates a plain set. */
  const cross = async (entry: Entry, rows: LabeledRows): Promise<void> => {
    const predictions = await crossPredicted(() => formOf(model, entry.selection, 'plain', seed), rows, seed, training);
    entry.candidate.crossAuc = auc(labelsOf(rows), predictions);
    entry.crossed = {auc: entry.candidate.crossAuc, predictions};
  };
  const continued = async ({model: source, strength}: HeldOutSearch, selection: Selection): Promise<Entry> =>
    enter(selection, strength, 'searched', await goOn(source, selection, options));
  /** Tries fewer than `total` interactions; the fewest that are about as good as the best of the `rivals` and of what was tried. */
  const shorten = (total: number, rivals: readonly Entry[], shortened: (size: number) => Promise<Entry>): Promise<number> => {
    let top = bestOf(rivals)!;
    return narrow(total, async size => {
      const shorter = await shortened(size);
      const suffices = chooser.matches(shorter, top);
      top = bestOf([top, shorter])!;
      return suffices;
    });
  };

  try {
    const own: Entry[] = [], gated: Entry[] = [], all = everything(model);
    // Where a gate gives each product by itself, what reads them has weights for all of them, and the model cannot be pruned.
    const prunable = findGates(where, model).every(({layer}) => layer.outputMode === 'sum');
    const strengths = [...options.strengths ?? [firstStrength(options)]];
    for (const strength of strengths) {
      const run = await heldOutSearch(options, strength);
      if (options.strengths === undefined && strengths.length === 1) strengths.push(nextStrength(strength, run.selection.length / all.length));
      searched.push(run);
      const {selection, seconds} = run;
      searches.push({
        strength, selection, validation: await score(run.model, validation), test: test ? await score(run.model, test) : null, seconds,
      });
      if (selection.length === 0) continue;
      if (prunable) own.push(await continued(run, selection));
      gated.push(await retrain(selection, strength, 'gated'));
    }
    await retrain(all, null, 'gated');
    const plainAll = await retrain(all, null, 'plain');
    /** A plain model of what a search selected, or the first of it; one that is there already where that is everything. */
    const plainly = async ({selection, candidate: {strength}}: Entry, size = selection.length): Promise<Entry> =>
      size < all.length ? retrain(selection.slice(0, size), strength, 'plain') : plainAll;
    if (gated.length > 0) {
      const least = chooser.fewest(gated), whole = await plainly(least);
      if (chooser.prefersSearched(entries)) {
        const {selection: left, candidate} = chooser.fewest(own), source = searched.find(run => run.strength === candidate.strength)!;
        await shorten(left.length, own, size => continued(source, left.slice(0, size)));
      } else if (crossRows !== null && chooser.prefersPlain(entries)) {
        // Which selection suffices is asked again, since more rows answer now.
        const wholes = new Map([[whole, least]]);
        for (const other of gated) if (other !== least) wholes.set(await plainly(other), other);
        for (const entry of new Set([plainAll, ...wholes.keys()])) await cross(entry, crossRows);
        const enough = [...wholes.keys()].filter(entry => chooser.matchesPlain(entry, entries));
        if (enough.length > 0) {
          const source = wholes.get(chooser.fewest(enough))!;
          await narrow(source.selection.length, async size => {
            const shorter = await plainly(source, size);
            await cross(shorter, crossRows);
            return chooser.matchesPlain(shorter, entries);
          });
        }
      } else {
        const {selection, candidate: {strength}} = least, total = selection.length;
        const enough = await shorten(total, gated, size => retrain(selection.slice(0, size), strength, 'gated'));
        // A size that suffices with gates need not do so without them.
        await narrowFrom(enough, total, async size => chooser.matchesPlain(await plainly(least, size), entries),
            () => chooser.matchesPlain(whole, entries) && chooser.prefersPlain(entries));
      }
    }
    const winner = chooser.choose(entries);
    entries = entries.filter(entry => entry !== winner);
    const {candidate: chosen, slim, selection} = winner;
    const source = searched.find(({strength}) => strength === chosen.strength);
    const verdict = judge === undefined || source === undefined ? null :
      await judgeSelection({...training, ...judge, model: source.model, selection, train, validation, test: test!});
    const warnings = cutShort(candidates, training);
    warnings.forEach(message => console.warn(`autoSelect: ${message}`));
    return {model: slim, selection, chosen, candidates, searches, verdict, warnings};
  } finally {
    entries.forEach(({slim}) => slim.dispose());
    searched.forEach(run => run.model.dispose());
  }
}

function check(where: string, args: AutoSelectArgs) {
  checkKeys(where, args, ['model', 'train', 'validation', 'test', 'strengths', 'searchEpochs', 'tolerance', 'seed', 'judge', 'onRun', ...trainingKeys]);
  const {model, train, validation, test, strengths, searchEpochs, tolerance = 0.001, seed = 1, judge, onRun} = args;
  checkModel(where, model);
  checkStart(where, findGates(where, model));
  if (model.optimizer == null) throw new AutofisError(`${where}: the model is not compiled. Call model.compile(...) first.`);
  checkTrainingRows(where, 'train', train);
  checkScoredRows(where, 'validation', validation);
  if (test !== undefined) checkScoredRows(where, 'test', test);
  if (strengths !== undefined && (!Array.isArray(strengths) || strengths.length === 0)) throw invalidArgument(where, 'strengths', 'be a list of numbers > 0, at least one', strengths);
  strengths?.forEach((strength, i) => checkNumber(where, `strengths[${i}]`, strength, '(0, Infinity)'));
  if (searchEpochs !== undefined) checkInteger(where, 'searchEpochs', searchEpochs, 1);
  checkNumber(where, 'tolerance', tolerance, '[0, Infinity)');
  checkInteger(where, 'seed', seed, 0);
  if (judge !== undefined) {
    checkKeys(`${where}: judge`, judge, ['seeds', 'randomSets', 'topKEpochs']);
    if (test === undefined) throw new AutofisError(`${where}: \`judge\` needs test rows that nothing was chosen by. Give \`test\`.`);
  }
  return {model, train, validation, test, strengths, searchEpochs, tolerance, seed, judge, onRun, training: checkTraining(where, args)};
}
