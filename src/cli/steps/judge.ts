import path from 'node:path';
import {judgeSelection} from '../../judge/judge_selection';
import type {Verdict} from '../../judge/verdict';
import type {Invocation} from '../command';
import {UsageError} from '../usage_error';
import {loadTensors, openPart} from './load_rows';
import {planOf, settingsOf} from './plan';
import type {RunFolder} from './run_folder';
import {searchedModel} from './saved_models';
import type {SearchResult} from './search';
import {stepFiles} from './step_files';

/** The verdict on a run's selection, by many retrainings, each of which is kept as it ends. */
export async function judgeStep({values, output}: Invocation, folder: RunFolder): Promise<Verdict> {
  const {plan: searched, selection} = await folder.result<SearchResult>('search', 'search');
  if (selection.length === 0)
    throw new UsageError(`The search in ${folder.path} closed every gate: there is nothing to judge.`);
  const [train, valid, test] = [
    await openPart(folder, 'train'),
    await openPart(folder, 'valid'),
    await openPart(folder, 'test'),
  ];
  const {batchSize, epochs, patience, leastEpochs} = planOf({...values, recipe: searched.recipe}, train.rows);
  const plan = {...searched, batchSize, epochs, patience, leastEpochs};
  const {seeds = [1, 2, 3], randomSets = 5} = values;
  const settings = {...settingsOf(plan, 'retrain', train), seeds: seeds.join(','), randomSets};
  return folder.stage('judge', settings, async own => {
    const [validation, rows] = [await loadTensors(valid), await loadTensors(test)];
    const model = await searchedModel(folder, plan, train.fields);
    const verdict = await judgeSelection({
      model,
      selection,
      train: seed => train.dataset({batchSize, seed}),
      validation,
      test: rows,
      seeds,
      randomSets,
      batchSize,
      epochs,
      patience,
      leastEpochs,
      store: stepFiles(path.join(own, 'trainings')),
      onRun: ({contestant, form, seed, test: {auc}}, done, total) =>
        output.note(
          `judge: training ${done} of ${total}, ${contestant} ${form}, seed ${seed}: test AUC ${auc.toFixed(4)}`,
        ),
    });
    [model, validation, rows].forEach(each => each.dispose());
    return verdict;
  });
}
