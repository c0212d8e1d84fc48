import path from 'node:path';
import type * as tfl from '@tensorflow/tfjs-layers';
import {Checkpoints} from '../../checkpoints/checkpoints';
import {loadTensors} from '../../data/shards/load_rows';
import type {Shards} from '../../data/shards/shards';
import type {ResumableCallback} from '../../metrics/callbacks';
import {EpochMetrics} from '../../metrics/epoch_metrics';
import {RestoreBest} from '../../metrics/restore_best';
import {evaluateModel} from '../../record/evaluate_model';
import type {ModelRecord} from '../../record/run_record';
import {saveModel} from '../../runtime/save_model';
import {findGates} from '../../stages/gates';
import {FiniteLoss} from '../../stages/loss_watch';
import {retrainModel} from '../../stages/retrain';
import {SearchStage} from '../../stages/search';
import type {Selection} from '../../stages/selection';
import {type Scores, score} from '../../training/evaluation';
import type {LabeledRows} from '../../training/rows';
import type {Invocation} from '../command';
import {UsageError} from '../usage_error';
import {openParts, rowSettings} from './open_parts';
import {TrainingProgress} from './progress';
import type {RunFolder, StageSettings} from './run_folder';
import {fileUrl, loadModel} from './saved_models';
import {writeBundle} from './write_bundle';
import type {FieldSpec} from '../../../layers/field_layout';
import {lazyAdam} from '../../../optimizers/lazy_adam';
import {autoDeepFm} from '../../models/auto_deep_fm';
import {autoFfm} from '../../models/auto_ffm';
import {autoFm} from '../../models/auto_fm';
import {autoIpnn} from '../../models/auto_ipnn';
import type {SettingValues} from '../settings';

/** Settings of the paper's two stages. */
interface PaperPlan extends StageSettings {
  model: NonNullable<SettingValues['model']>;
  batchSize: number;
  learningRate: number;
  searchEpochs: number;
  /** Most epochs of the retrain stage. */
  epochs: number;
  seed: number;
}

/** Fill in what was not set, as in the paper. */
export function paperPlanOf({
  model = 'autoFm',
  batchSize = 2000,
  learningRate = 1e-3,
  searchEpochs = 1,
  epochs = 60,
  seed = 1,
}: SettingValues): PaperPlan {
  return {model, batchSize, learningRate, searchEpochs, epochs, seed};
}

/** Folders of the two stages within a run's. */
const [SEARCH, RETRAIN] = ['select/search', 'select/retrain'];
/** Minutes between two checkpoints. */
const MINUTES = 2;
/** Epochs without a better validation AUC after which the retrain stage ends, and the least that it takes. */
const [PATIENCE, LEAST_EPOCHS] = [3, 10];

/** Models with gates by the names of --model: those of pairs, without dropout and penalty, as in the paper. */
const MODELS = {
  autoFm: {title: 'AutoFM', build: autoFm},
  autoFfm: {title: 'AutoFFM', build: autoFfm},
  autoDeepFm: {title: 'AutoDeepFM', build: autoDeepFm},
  autoIpnn: {title: 'AutoIPNN', build: autoIpnn},
};

/** Result of both stages, and the models of their ends on the test rows. */
export interface PaperResult {
  method: 'paper';
  plan: PaperPlan;
  /** Backend that ran the stages. */
  backend: string;
  selection: Selection;
  /** Number of gates, open and closed. */
  total: number;
  /** Scores on the validation rows, at the end of the search and at the best epoch of the retraining. */
  search: Scores;
  retrain: Scores & {bestEpoch: number};
  warnings: string[];
  models: ModelRecord[];
}

/** Inputs of both stages. */
interface Stage {
  run: Invocation;
  folder: RunFolder;
  plan: PaperPlan;
  rows: Shards;
  validation: LabeledRows;
  settings: StageSettings;
}

/** Do the paper's two stages on a run's encoded data, and write FOLDER/bundle. */
export async function paperStep(run: Invocation, folder: RunFolder, backend: string): Promise<PaperResult> {
  const {train: rows, valid, test} = await openParts(folder);
  const plan = paperPlanOf(run.values);
  const settings = {method: 'paper', ...plan, ...rowSettings(rows)};
  return folder.stage('select', settings, async () => {
    const [validation, scored] = [await loadTensors(valid), await loadTensors(test)];
    try {
      const stage = {run, folder, plan, rows, validation, settings};
      const {selection, total, ...search} = await searchStage(stage);
      if (selection.length === 0) {
        throw new UsageError(
          `the search closed all ${total} gates, so there is nothing to retrain. Give more or fewer --search-epochs, ` +
            'in another --folder.',
        );
      }
      const {bestEpoch, ...retrain} = await retrainStage(stage, selection);
      return {
        method: 'paper',
        plan,
        backend,
        selection,
        total,
        search: search.validation,
        retrain: {...retrain.validation, bestEpoch},
        warnings: [...search.warnings, ...retrain.warnings],
        models: await scoredModels(folder, scored, {title: MODELS[plan.model].title, open: selection.length, total}),
      };
    } finally {
      [validation, scored].forEach(item => item.dispose());
    }
  });
}

/** Train a model with a gate on each interaction; gRDA closes gates. */
function searchStage(stage: Stage) {
  const {run, folder, plan, rows, validation: data, settings} = stage;
  return folder.stage(SEARCH, settings, async stageFolder => {
    const {model, optimizer} = buildModel(plan, rows.fields);
    const search = new SearchStage({method: {type: 'grda'}});
    const callbacks = [search, new EpochMetrics({data})];
    const validation = await train(stage, stageFolder, 'search', {
      model,
      epochs: plan.searchEpochs,
      callbacks,
      resumable: search,
    });
    const {selection, warnings} = search;
    const total = findGates('select', model).reduce((sum, {layer}) => sum + layer.interactions.length, 0);
    const words = `search: ${selection.length} of ${total} interactions are open`;
    run.output.note(`${words}, validation AUC ${validation.auc.toFixed(4)}`);
    [model, optimizer].forEach(item => item.dispose());
    return {selection, total, validation, warnings};
  });
}

/** Train a fresh model of the open interactions to its best epoch, and write the bundle. */
function retrainStage(stage: Stage, selection: Selection) {
  const {run, folder, plan, rows, validation: data, settings} = stage;
  return folder.stage(RETRAIN, settings, async stageFolder => {
    const gated = buildModel(plan, rows.fields);
    const {seed, epochs} = plan;
    const model = retrainModel(gated.model, selection, {seed});
    const best = new RestoreBest({patience: PATIENCE, leastEpochs: LEAST_EPOCHS});
    const callbacks = [new EpochMetrics({data}), best];
    const validation = await train(stage, stageFolder, 'retrain', {model, epochs, callbacks, resumable: best});
    const {bestEpoch} = best;
    run.output.note(`retrain: validation AUC ${validation.auc.toFixed(4)} in epoch ${bestEpoch}`);
    await writeBundle(folder, rows, {model, selection, metadata: {method: 'paper', validation}});
    [gated.model, gated.optimizer, model].forEach(item => item.dispose());
    return {bestEpoch, validation, warnings: cutShort(bestEpoch, epochs)};
  });
}

/**
 * Train a model with checkpoints in its stage's folder, from the newest one on, and save it there.
 *
 * @param resumable The callback that has a state.
 * @returns Its scores on the validation rows.
 */
async function train(
  {run: {output}, plan: {batchSize, seed}, rows, validation, settings}: Stage,
  folder: string,
  title: string,
  {
    model,
    epochs,
    callbacks,
    resumable,
  }: {
    model: tfl.LayersModel;
    epochs: number;
    callbacks: tfl.Callback[];
    resumable: ResumableCallback;
  },
): Promise<Scores> {
  const checkpoints = new Checkpoints({
    folder: path.join(folder, 'checkpoints'),
    callbacks: [resumable],
    settings,
    everyMinutes: MINUTES,
  });
  const {step, epoch} = await checkpoints.resume(model);
  if (step > 0) output.note(`${title}: continues at step ${step}, epoch ${epoch + 1} of ${epochs}`);
  await model.fitDataset(rows.dataset({batchSize, seed, fromStep: step}) as never, {
    epochs,
    initialEpoch: epoch,
    verbose: 0,
    callbacks: [checkpoints, new FiniteLoss(title, step), ...callbacks, new TrainingProgress(title, output, step)],
  });
  await saveModel(model, fileUrl(path.join(folder, 'model')));
  return score(model, validation);
}

/** Warn of a training that `epochs` ended before validation AUC did. */
function cutShort(bestEpoch: number, epochs: number): string[] {
  return epochs - bestEpoch >= PATIENCE
    ? []
    : [`The retrained model was still improving in the last of ${epochs} epochs. More --epochs may give a better one.`];
}

/** Score the retrained model and the one at the end of the search on the test rows. */
async function scoredModels(
  folder: RunFolder,
  rows: LabeledRows,
  {title, open, total}: {title: string; open: number; total: number},
): Promise<ModelRecord[]> {
  const chosen = await loadModel(folder, RETRAIN);
  const searched = await loadModel(folder, SEARCH);
  try {
    const interactions = {open, total};
    const name = `${title}, ${open} of ${total} interactions`;
    return [
      await evaluateModel({name, role: 'after', model: chosen, rows, interactions}),
      await evaluateModel({name: `${title}, end of the search`, model: searched, rows, interactions, chosen}),
    ];
  } finally {
    [chosen, searched].forEach(item => item.dispose());
  }
}

/** Build the model of a plan with all of its gates, and its optimizer. */
function buildModel({model, learningRate, seed}: PaperPlan, fields: readonly FieldSpec[]) {
  const optimizer = lazyAdam({learningRate});
  return {optimizer, model: MODELS[model].build({fields, seed, optimizer})};
}
