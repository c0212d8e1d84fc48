import type {LabeledRows} from '../../training/rows';
import {evaluateModel} from '../../record/evaluate_model';
import type {ModelRecord} from '../../record/run_record';
import type {Invocation} from '../command';
import {loadTensors, openPart} from './load_rows';
import type {Plan} from './plan';
import type {RetrainedModel, RetrainResult} from './retrain';
import type {RunFolder} from './run_folder';
import {loadModel} from './saved_models';
import type {SearchResult} from './search';

const TITLES: Record<Plan['model'], string> = {autoFm: 'AutoFM', autoDeepFm: 'AutoDeepFM', autoIpnn: 'AutoIPNN'};

/** The models of a run on its test rows: the chosen one, all interactions to compare with, the other forms, and the model at the end of the search. */
export async function evaluateStep({output}: Invocation, folder: RunFolder): Promise<ModelRecord[]> {
  const test = await openPart(folder, 'test');
  const {total, plan, selection} = await folder.result<SearchResult>('search', 'search');
  const {chosen, all, models} = await folder.result<RetrainResult>('retrain', 'retrain');
  const title = TITLES[plan.model];
  return folder.stage('evaluate', {rows: test.rows, positives: test.positives, stage: chosen.stage}, async () => {
    const rows = await loadTensors(test);
    const others = models.filter(({stage}) => stage !== all.stage && stage !== chosen.stage);
    const records = [
      await record(folder, all, rows, {name: `${title}, all interactions, ${all.form}`, role: 'before', total}),
      await record(folder, chosen, rows, {name: `${title}, selection, ${chosen.form}`, role: 'after', total}),
    ];
    for (const other of others)
      records.push(
        await record(folder, other, rows, {name: `${title}, selection, ${other.form}`, role: 'other', total}),
      );
    records.push(
      await record(folder, {stage: 'search', kept: selection.length}, rows, {
        name: `${title}, end of the search`,
        role: 'other',
        total,
      }),
    );
    rows.dispose();
    output.note(`evaluated on ${test.rows} test rows`);
    return records;
  });
}

async function record(
  folder: RunFolder,
  {stage, kept}: Pick<RetrainedModel, 'stage' | 'kept'>,
  rows: LabeledRows,
  {name, role, total}: {name: string; role: ModelRecord['role']; total: number},
): Promise<ModelRecord> {
  const model = await loadModel(folder, stage);
  try {
    return await evaluateModel({name, role, model, rows, interactions: {open: kept, total}});
  } finally {
    model.dispose();
  }
}
