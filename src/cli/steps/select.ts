import path from 'node:path';
import type {Shards} from '../../data/shards/shards';
import {evaluateSelection} from '../../record/evaluate_model';
import type {SelectionFound} from '../../record/record_run';
import type {ModelRecord} from '../../record/run_record';
import {saveModel} from '../../runtime/save_model';
import {TrainingThreads} from '../../runtime/training_threads';
import {autoSelect} from '../../select/auto_select';
import type {Forbidden} from '../../components/possible_pairs';
import type {SearchMetadata} from '../../update/refit_model';
import {scheduleFor, type Schedule} from '../../training/schedule';
import type {Invocation} from '../command';
import {loadTensors, trainingRows} from '../../data/shards/load_rows';
import {openParts, rowSettings} from './open_parts';
import type {RunFolder, StageSettings} from './run_folder';
import {selectProgress} from './expected';
import {shownTrainer} from './progress';
import {fileUrl} from './saved_models';
import {writeBundle} from './write_bundle';
import {type Effort, SHARE} from '../../select/effort';
import type {SettingValues} from '../settings';
import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import type {StepStore} from '../../training/step_store';
import {readSealed, writeSealed} from './sealed_file';

/** The settings of a selection. */
interface SelectPlan {
  effort: Effort;
  /** Share of the gates' saving that closed interactions may give up. */
  share: number;
  forbid: Forbidden[];
  seed: number;
  /** Parts of the schedule that were set; the rest follows from the number of rows. */
  schedule: Partial<Schedule>;
}

/** The plan of a command line. */
export function selectPlanOf({
  effort = 'normal',
  share = SHARE,
  forbid = [],
  seed = 1,
  batchSize,
  epochs,
  learningRate,
}: SettingValues): SelectPlan {
  const schedule = Object.fromEntries(
    Object.entries({batchSize, epochs, learningRate}).filter(([, value]) => value !== undefined),
  ) as Partial<Schedule>;
  return {effort, share, forbid: forbid.map(forbiddenOf), seed, schedule};
}

/** A field, or the two fields of "a x b". */
function forbiddenOf(text: string): Forbidden {
  const [a, b, ...others] = text.split(' x ').map(name => name.trim());
  return b === undefined || others.length > 0 ? text : [a, b];
}

/** Everything that the result depends on, as plain values. */
export function selectSettings({schedule, forbid, ...plan}: SelectPlan): StageSettings {
  return {...plan, ...(forbid.length > 0 && {forbid: JSON.stringify(forbid)}), ...schedule};
}

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
  return folder.stage('select', settings, async stageFolder => {
    const [rows, validation, scored] = [await trainingRows(train), await loadTensors(valid), await loadTensors(test)];
    const threads = threadsFor(run.values.threads, pays(train, plan));
    const shown = selectProgress(run.output, train.rows + valid.rows, run.values);
    try {
      const selected = await autoSelect({
        fields: train.fields,
        train: rows.rows,
        validation,
        test: scored,
        ...plan,
        store: shown.store(stepFiles(path.join(stageFolder, 'steps'))),
        trainer: shownTrainer(run.output, threads?.trainer, shown.share),
        parallel: threads?.size ?? 1,
        onStep: shown.onStep,
      });
      const models = await evaluateSelection(selected, scored);
      const {model, rivals, selection, decision, copied, warnings} = selected;
      await saveModel(model, fileUrl(path.join(stageFolder, 'model')));
      const {effort, share, forbid} = plan;
      const metadata = {decision, effort, share, forbid} satisfies SearchMetadata;
      await writeBundle(folder, train, {model, selection, metadata});
      [model, ...rivals.map(rival => rival.model)].forEach(item => item.dispose());
      return {method: 'components', plan, backend, selection, decision, copied, warnings, models};
    } finally {
      await threads?.close();
      [rows, validation, scored].forEach(item => item.dispose());
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

/** Results of steps in the files of a folder, each written as a whole and with a checksum. */
function stepFiles(folder: string): StepStore {
  const fileOf = (key: string) => path.join(folder, `${fileName(key)}.json`);
  return {
    get: async key =>
      existsSync(fileOf(key)) ? ((await readSealed(fileOf(key), ['value'])) as {value: unknown}).value : undefined,
    set: (key, value) => writeSealed(fileOf(key), {value}),
  };
}

/** The key itself where it can name a file; else what can of it, and a hash, since keys may be long. */
function fileName(key: string): string {
  if (/^[\w-]{1,60}$/.test(key)) return key;
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 12);
  return `${key.replace(/[^\w-]+/g, '-').slice(0, 40)}-${hash}`;
}
