import path from 'node:path';
import type * as tfl from '@tensorflow/tfjs-layers';
import {judgeSelection} from '../../judge/judge_selection';
import {interactionCount} from '../../judge/contestants';
import type {Verdict} from '../../judge/verdict';
import type {Selection} from '../../stages/selection';
import type {Invocation} from '../command';
import {UsageError} from '../usage_error';
import {loadTensors} from '../../data/shards/load_rows';
import {counted} from '../../counted';
import {openPart} from './open_part';
import {planOf, settingsOf} from './plan';
import type {RunFolder} from './run_folder';
import {searchedModel} from './saved_models';
import type {SearchResult} from './search';
import type {SelectResult} from './select';
import {stepFiles} from './step_files';

/** Judge the selection of a search by many retrainings, each of which is saved as it ends. */
export async function judgeStep({values, output}: Invocation, folder: RunFolder): Promise<Verdict> {
  const [train, valid, test] = [
    await openPart(folder, 'train'),
    await openPart(folder, 'valid'),
    await openPart(folder, 'test'),
  ];
  const {plan, selection} = await searchOf(folder);
  await folder.checkFrom('judge', 'search');
  const {batchSize, epochs, patience, leastEpochs} = planOf({...values, recipe: plan.recipe}, train.rows);
  const training = {batchSize, epochs, patience, leastEpochs};
  const {seeds = [1, 2, 3], randomSets = 5} = values;
  if (new Set(seeds).size < seeds.length) throw new UsageError(`--seeds must differ. Received: ${seeds.join(',')}.`);
  const settings = {
    ...settingsOf(plan, 'search', train),
    ...training,
    ...{seeds: seeds.join(','), randomSets, search: await folder.stamp('search')},
  };
  return folder.stage('judge', settings, async stage => {
    const model = await searchedModel(folder, {...plan, ...training}, train.fields);
    checkLeavesSome(folder, selection, model);
    const [validation, rows] = [await loadTensors(valid), await loadTensors(test)];
    const verdict = await judgeSelection({
      model,
      selection,
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

/** Check that other sets have the selection's size: where it is everything, all contestants are the same set. */
function checkLeavesSome({path: place}: RunFolder, selection: Selection, model: tfl.LayersModel): void {
  if (selection.length < interactionCount(model)) return;
  model.dispose();
  throw new UsageError(
    `the run in ${place} keeps all ${counted(selection.length, 'interaction')}: ` +
      'no other set has that size, so there is nothing to judge.',
  );
}

/** Read the search of a run; the selection of `select` has its verdict already. */
async function searchOf(folder: RunFolder): Promise<SearchResult> {
  if ((await folder.resultIfDone<SelectResult>('select')) !== null) {
    throw new UsageError(
      `the run in ${folder.path} was decided by \`select\`, whose report compares the selection with random sets of ` +
        'the same size: that is the verdict. `judge` is for the selection of `search`.',
    );
  }
  const result = await folder.result<SearchResult>('search', 'search');
  if (result.selection.length > 0) return result;
  throw new UsageError(`the search in ${folder.path} closed every gate: there is nothing to judge.`);
}
