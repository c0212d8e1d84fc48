import path from 'node:path';
import {EpochMetrics} from '../../metrics/epoch_metrics';
import type {StageRecord} from '../../record/run_record';
import {saveModel} from '../../runtime/save_model';
import {writeSelection} from '../../export/selection_file';
import type {GrdaPlan} from '../../stages/grda_plan';
import {SearchStage} from '../../stages/search';
import type {SearchStageArgs} from '../../stages/search_args';
import type {Selection} from '../../stages/selection';
import type {LabeledRows} from '../../training/rows';
import {buildModel} from './build_model';
import {openPart} from './open_part';
import {loadTensors} from '../../data/shards/load_rows';
import {Plan, planOf, settingsOf} from './plan';
import {RunFolder} from './run_folder';
import {fileUrl, train} from './train';
import type {Invocation} from '../command';

export interface SearchResult {
  plan: Plan;
  /** Backend that ran the search. */
  backend: string;
  selection: Selection;
  /** Number of gates, open and closed. */
  total: number;
  /** Metrics of the model on the validation rows, at the end of the search. */
  validation: {auc: number; logloss: number};
  constants: GrdaPlan | null;
  warnings: string[];
  record: StageRecord;
}

/** The search stage of a run, on its encoded data. */
export async function searchStep(
  {values, output}: Invocation,
  folder: RunFolder,
  backend: string,
): Promise<SearchResult> {
  const [rows, held] = [await openPart(folder, 'train'), await openPart(folder, 'valid')];
  const plan = planOf(values, rows.rows);
  await folder.checkFree('select', 'search');
  const settings = settingsOf(plan, 'search', rows);
  return folder.stage('search', settings, async own => {
    const validation = await loadTensors(held);
    const {model, optimizer} = buildModel(plan, rows.fields);
    const {batchSize, seed, searchEpochs: epochs} = plan;
    const search = new SearchStage(searchOptions(plan, validation));
    const record = await train({
      ...{model, train: rows, epochs, batchSize, seed},
      callbacks: [search, new EpochMetrics({data: validation})],
      resumable: [search],
      folder: own,
      settings,
      ...{title: 'search', values, output},
    });
    await saveModel(model, fileUrl(path.join(own, 'model')));
    await writeSelection(path.join(own, 'selection.json'), search.selection);
    const {logs} = record.epochs[record.epochs.length - 1];
    const total = record.alpha!.gates.reduce((sum, {interactions}) => sum + interactions.length, 0);
    output.note(
      `search: ${search.selection.length} of ${total} interactions are open, validation AUC ` +
        `${logs['val_auc'].toFixed(4)}`,
    );
    validation.dispose();
    model.dispose();
    optimizer.dispose();
    return {
      plan,
      backend,
      selection: search.selection,
      total,
      validation: {auc: logs['val_auc'], logloss: logs['val_logloss']},
      constants: search.constants,
      warnings: search.warnings,
      record,
    };
  });
}

/** The options of the search stage; but for the paper's, validation rows close gates. */
function searchOptions({recipe}: Plan, {xs, ys, weights}: LabeledRows): SearchStageArgs {
  return {recipe, ...(recipe === 'paper' ? {} : {heldOut: {xs, ys, weights}})};
}
