import type * as tfl from '@tensorflow/tfjs-layers';
import type {LabeledRows} from '../../training/rows';
import {evaluateModel} from '../../record/evaluate_model';
import type {ModelRecord} from '../../record/run_record';
import type {Invocation} from '../command';
import {openPart} from './open_part';
import {loadTensors} from '../../data/shards/load_rows';
import type {Plan} from './plan';
import type {RetrainedModel, RetrainResult} from './retrain';
import type {RunFolder} from './run_folder';
import {loadModel} from './saved_models';
import type {SearchResult} from './search';
import type {SelectResult} from './select';
import {comparedModels} from './trees';

const TITLES: Record<Plan['model'], string> = {
  autoFm: 'AutoFM',
  autoFfm: 'AutoFFM',
  autoDeepFm: 'AutoDeepFM',
  autoIpnn: 'AutoIPNN',
};

/**
 * The models of a run on its test rows. Those of the recipe were scored as it ended; after a search the chosen one, all
 * interactions to compare with, and the model at the end of the search.
 */
export async function evaluateStep({output}: Invocation, folder: RunFolder): Promise<ModelRecord[]> {
  const selected = await folder.resultIfDone<SelectResult>('select');
  if (selected !== null) return comparedModels(folder, selected.models);
  const test = await openPart(folder, 'test');
  const {total, plan, selection} = await folder.result<SearchResult>('search', 'search');
  const {chosen, all} = await folder.result<RetrainResult>('retrain', 'retrain');
  const title = TITLES[plan.model];
  await folder.checkFrom('retrain', 'search');
  await folder.checkFrom('evaluate', 'retrain');
  const settings = {rows: test.rows, positives: test.positives, retrain: await folder.stamp('retrain')};
  return folder.stage('evaluate', settings, async () => {
    const rows = await loadTensors(test);
    const best = await loadModel(folder, chosen.stage);
    const one = (model: Pick<RetrainedModel, 'stage' | 'kept'>, name: string, role: ModelRecord['role']) =>
      record(folder, model, rows, {name: `${title}, ${name}`, role, total, chosen: best});
    const records = [
      await one(all, `all interactions, ${all.form}`, 'before'),
      await one(chosen, `selection, ${chosen.form}`, 'after'),
      await one({stage: 'search', kept: selection.length}, 'end of the search', 'other'),
    ];
    [best, rows].forEach(each => each.dispose());
    output.note(`evaluated on ${test.rows} test rows`);
    return records;
  });
}

async function record(
  folder: RunFolder,
  {stage, kept}: Pick<RetrainedModel, 'stage' | 'kept'>,
  rows: LabeledRows,
  {name, role, total, chosen}: {name: string; role: ModelRecord['role']; total: number; chosen: tfl.LayersModel},
): Promise<ModelRecord> {
  const model = await loadModel(folder, stage);
  try {
    const rival = role === 'after' ? {} : {chosen};
    return await evaluateModel({name, role, model, rows, interactions: {open: kept, total}, ...rival});
  } finally {
    model.dispose();
  }
}
