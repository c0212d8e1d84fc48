import path from 'node:path';
import type {Shards} from '../../data/shards/shards';
import {evaluateSelection} from '../../record/evaluate_model';
import type {SelectionFound} from '../../record/record_run';
import type {ModelRecord} from '../../record/run_record';
import {saveModel} from '../../runtime/save_model';
import {TrainingThreads} from '../../runtime/training_threads';
import {autoSelect} from '../../select/auto_select';
import type {SearchMetadata} from '../../update/refit_model';
import {scheduleFor} from '../../training/schedule';
import type {Invocation} from '../command';
import {loadTensors, trainingRows} from '../../data/shards/load_rows';
import {openParts, rowSettings} from './open_parts';
import type {RunFolder} from './run_folder';
import {SelectPlan, selectPlanOf, selectSettings} from './select_plan';
import {selectProgress} from './expected';
import {shownTrainer} from './shown_trainer';
import {stepFiles} from './step_files';
import {fileUrl} from './train';
import {writeBundle} from './write_bundle';

/** The selection, and its models on the test rows. */
export interface SelectResult extends SelectionFound {
  method: 'components';
  plan: SelectPlan;
  /** Backend that ran the selection. */
  backend: string;
  models: ModelRecord[];
}

/** Select interactions on a run's encoded data, saving each step as it ends, and write FOLDER/bundle. */
export async function selectStep(run: Invocation, folder: RunFolder, backend: string): Promise<SelectResult> {
  const {train, valid, test} = await openParts(folder);
  const plan = selectPlanOf(run.values);
  const settings = {...selectSettings(plan), ...rowSettings(train)};
  return folder.stage('select', settings, async own => {
    const [rows, validation, scored] = [await trainingRows(train), await loadTensors(valid), await loadTensors(test)];
    const threads = threadsFor(run.values.threads, pays(train, plan));
    const shown = selectProgress(run.output, train.rows + valid.rows, run.values);
    try {
      const selected = await autoSelect({
        fields: train.fields,
        train: rows.rows,
        validation,
        test: scored,
        effort: plan.effort,
        share: plan.share,
        schedule: plan.schedule,
        seed: plan.seed,
        store: shown.store(stepFiles(path.join(own, 'steps'))),
        trainer: shownTrainer(run.output, threads?.trainer, shown.share),
        parallel: threads?.size ?? 1,
        onStep: shown.onStep,
      });
      const models = await evaluateSelection(selected, scored);
      const {model, rivals, selection, decision, copied, warnings} = selected;
      await saveModel(model, fileUrl(path.join(own, 'model')));
      const metadata: SearchMetadata = {decision, effort: plan.effort, share: plan.share};
      await writeBundle(folder, train, {model, selection, metadata: {...metadata}});
      [model, ...rivals.map(rival => rival.model)].forEach(each => each.dispose());
      return {method: 'components', plan, backend, selection, decision, copied, warnings, models};
    } finally {
      await threads?.close();
      [rows, validation, scored].forEach(each => each.dispose());
    }
  });
}

/** Products of pairs in a training from which on it takes as long as a thread to start. */
const MUCH = 6e6;

/** Tell whether trainings take long enough for threads to pay. */
function pays({rows, fields}: Shards, {schedule}: SelectPlan): boolean {
  const pairs = (fields.length * (fields.length - 1)) / 2;
  return rows * (schedule.epochs ?? scheduleFor(rows).epochs) * pairs > MUCH;
}

/** Threads for the trainings; none where they do not pay, or one training at a time is asked for. */
function threadsFor(size: number | undefined, pay: boolean): TrainingThreads | null {
  if (!pay || size === 1) return null;
  const threads = new TrainingThreads({size});
  return threads.size > 1 ? threads : null;
}
