import path from 'node:path';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {Shards} from '../../data/shards/shards';
import {judgeSelection} from '../../judge/judge_selection';
import {interactionCount} from '../../judge/contestants';
import type {Verdict} from '../../judge/verdict';
import {besideProducts, hasTables, withAll} from '../../select/candidate';
import type {Interacting} from '../../components/interacting_fields';
import {libraryForms} from '../../select/library_forms';
import type {Selection} from '../../stages/selection';
import type {Invocation} from '../command';
import {UsageError} from '../usage_error';
import {ownModel} from './build_model';
import {loadTensors} from '../../data/shards/load_rows';
import {counted} from '../../counted';
import {openPart} from './open_part';
import {Plan, planOf, settingsOf} from './plan';
import type {RunFolder, StageSettings} from './run_folder';
import {searchedModel} from './saved_models';
import type {SearchResult} from './search';
import type {SelectResult} from './select';
import {selectSettings} from './select_plan';
import {stepFiles} from './step_files';

/** The verdict on a run's selection, by many retrainings, each of which is kept as it ends. */
export async function judgeStep({values, output}: Invocation, folder: RunFolder): Promise<Verdict> {
  const [train, valid, test] = [
    await openPart(folder, 'train'),
    await openPart(folder, 'valid'),
    await openPart(folder, 'test'),
  ];
  const {selection, source, recipe, own, model: build} = await judgedOf(folder, train);
  await folder.checkFrom('judge', source);
  const {batchSize, epochs, patience, leastEpochs} = planOf({...values, recipe}, train.rows);
  const training = {batchSize, epochs, patience, leastEpochs};
  const {seeds = [1, 2, 3], randomSets = 5} = values;
  if (new Set(seeds).size < seeds.length) throw new UsageError(`--seeds must differ. Received: ${seeds.join(',')}.`);
  const settings = {
    ...own,
    ...training,
    ...{rows: train.rows, positives: train.positives, schema: train.schemaHash},
    ...{seeds: seeds.join(','), randomSets, [source]: await folder.stamp(source)},
  };
  return folder.stage('judge', settings, async stage => {
    const model = await build(training);
    checkLeavesSome(folder, selection, model);
    const [validation, rows] = [await loadTensors(valid), await loadTensors(test)];
    const verdict = await judgeSelection({
      model,
      selection,
      searched: source === 'search',
      train: seed => train.dataset({batchSize, seed}),
      validation,
      test: rows,
      seeds,
      randomSets,
      ...training,
      store: stepFiles(path.join(stage, 'trainings')),
      onRun: ({contestant, form, seed, test: {auc}}, done, total) =>
        output.note(
          `judge: training ${done} of ${total}, ${contestant} ${form}, seed ${seed}: test AUC ${auc.toFixed(4)}`,
        ),
    });
    [model, validation, rows].forEach(each => each.dispose());
    return verdict;
  });
}

/** A sentence on what is judged where that is not the chosen model; null where it is. */
export async function judgedInstead(folder: RunFolder): Promise<string | null> {
  const selected = await folder.resultIfDone<SelectResult>('select');
  const beyond = selected === null ? null : besideProducts(selected.chosen);
  if (selected === null || beyond === null) return null;
  return (
    `This verdict is not of the chosen model (${selected.chosen.name}), which has ${beyond}: these take no gates. ` +
    `Judged is ${formOfJudged(selected).form}, a model of products of its pairs alone.`
  );
}

/** Check that other sets have the selection's size: where it is everything, all contestants are the same set. */
function checkLeavesSome({path: place}: RunFolder, selection: Selection, model: tfl.LayersModel): void {
  if (selection.length < interactionCount(model)) return;
  model.dispose();
  throw new UsageError(
    `the run in ${place} keeps all ${counted(selection.length, 'interaction')}: ` +
      'no other set has that size, so there is nothing to judge.',
  );
}

/** What is judged. */
interface Judged {
  selection: Selection;
  /** The stage whose selection it is: with 'search' the model is the one at its end. */
  source: 'select' | 'search';
  recipe: Plan['recipe'];
  /** What the verdict depends on. */
  own: StageSettings;
  /** The model with all gates, compiled. */
  model(training: Partial<Plan>): Promise<tfl.LayersModel>;
}

/** The selection of the recipe or of a search, with the model that has its gates. */
async function judgedOf(folder: RunFolder, train: Shards): Promise<Judged> {
  const selected = await folder.resultIfDone<SelectResult>('select');
  if (selected !== null) return selectedOf(folder, selected, train);
  const {plan, selection} = await folder.result<SearchResult>('search', 'search');
  if (selection.length === 0)
    throw new UsageError(`the search in ${folder.path} closed every gate: there is nothing to judge.`);
  return {
    selection,
    source: 'search',
    recipe: plan.recipe,
    own: settingsOf(plan, 'search', train),
    model: training => searchedModel(folder, {...plan, ...training}, train.fields),
  };
}

function selectedOf({path: place}: RunFolder, selected: SelectResult, {fields, rows}: Shards): Judged {
  const {plan, selection: kept, chosen} = selected;
  // Tables have no form with gates on all pairs: their pairs are judged in the best form that has, without triples.
  const selection = hasTables(chosen) ? kept.filter(({order}) => order === 2) : kept;
  if (selection.length === 0)
    throw new UsageError(
      `the run in ${place} keeps no ${kept.length === 0 ? 'interaction' : 'pair'}: there is nothing to judge.`,
    );
  const {form, schedule} = formOfJudged(selected);
  return {
    selection,
    source: 'select',
    recipe: 'default',
    own: {...selectSettings(plan), form},
    model: async () =>
      ownModel(plan, fields)?.model ??
      libraryForms(fields, schedule!, rows, mayInteract(selected))
        .every.find(({name}) => name === form)!
        .gated(plan.seed),
  };
}

/** The fields that may interact: those of the models with all interactions. */
function mayInteract({candidates}: SelectResult): Interacting {
  return new Set(withAll(candidates).flatMap(({selection}) => selection.flatMap(({fields}) => fields)));
}

/** The candidate whose form is judged: the chosen one, or of tables the best on V2 with all interactions. */
function formOfJudged({chosen, candidates}: SelectResult): SelectResult['chosen'] {
  if (chosen.schedule !== null) return chosen;
  return withAll(candidates)
    .filter(({schedule}) => schedule !== null)
    .reduce((a, b) => (b.choice.logloss < a.choice.logloss ? b : a));
}
