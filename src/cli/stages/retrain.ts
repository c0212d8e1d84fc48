import path from 'node:path';
import * as tfl from '@tensorflow/tfjs-layers';
import {saveBundle} from '../../bundle/node/index';
import type {Shards} from '../../data/shards/open_shards';
import {everything, Form, formOf, forms} from '../../judge/contestants';
import type {LabeledRows} from '../../judge/rows';
import {EpochMetrics} from '../../metrics/epoch_metrics';
import {RestoreBest} from '../../metrics/restore_best';
import type {StageRecord} from '../../run/run';
import {saveModel} from '../../runtime/save_model';
import type {Selection} from '../../stages/selection';
import type {Run} from '../command';
import {UsageError} from '../usage_error';
import {buildModel} from './build_model';
import {loadTensors, openPart} from './load_rows';
import {Plan, planOf, settingsOf} from './plan';
import type {RunFolder} from './run_folder';
import type {SearchResult} from './search';
import {fileUrl, train} from './train';

/** One retrained model. */
export interface RetrainedModel {
  /** The stage's folder within the run's, which holds the model. */
  stage: string;
  form: Form;
  kept: number;
  bestEpoch: number;
  /** On the validation rows, in the best epoch. */
  validation: {auc: number, logloss: number};
  record: StageRecord;
}

export interface RetrainResult {
  chosen: RetrainedModel;
  /** All interactions, in the form of the chosen one: what the selection is held against. */
  all: RetrainedModel;
  models: RetrainedModel[];
  selection: Selection;
}

/** The retrain stage of a run: the selection in one form or both, and all interactions to compare with. */
export async function retrainStage(run: Run, folder: RunFolder): Promise<RetrainResult> {
  const {selection, plan: searched} = await folder.result<SearchResult>('search', 'search');
  const [rows, held] = [await openPart(folder, 'train'), await openPart(folder, 'valid')];
  // The model is that of the search, whatever the flags of this command are.
  const plan = planOf({...run.values, ...architectureOf(searched)}, rows.rows);
  if (selection.length === 0) {
    throw new UsageError(`The search in ${folder.path} closed every gate, so there is nothing to retrain. Search again in another --folder ` +
      'with a smaller --strength, or for more --search-epochs.');
  }
  return folder.stage('retrain', {...settingsOf(plan, 'retrain', rows), form: plan.form, selection: keysOf(selection)}, async () => {
    const validation = await loadTensors(held);
    const {model, optimizer} = buildModel(plan, rows.fields);
    const one = (name: string, set: Selection, form: Form) =>
      retrainOne(run, folder, {stage: `retrain/${name}`, set, form, plan, model, rows, validation});
    const models: RetrainedModel[] = [];
    for (const form of plan.form === 'best' ? forms : [plan.form]) models.push(await one(form, selection, form));
    const chosen = models.reduce((best, each) => each.validation.auc > best.validation.auc ? each : best);
    const all = await one(`all-${chosen.form}`, everything(model), chosen.form);
    [model, optimizer, validation].forEach(each => each.dispose());
    await bundle(folder, chosen, selection, rows);
    return {chosen, all, models: [...models, all], selection};
  });
}

/** A selection as one text. */
function keysOf(selection: Selection): string {
  return selection.map(({gate, interaction}) => `${gate}:${interaction}`).join(' ');
}

function architectureOf({model, order, embeddingDim, hiddenUnits, dropout, l2}: Plan) {
  return {model, order, embeddingDim, hiddenUnits, dropout, l2};
}

interface OneArgs {
  stage: string;
  set: Selection;
  form: Form;
  plan: Plan;
  /** The searched model's architecture. */
  model: tfl.LayersModel;
  rows: Shards;
  validation: LabeledRows;
}

function retrainOne(
    {values, output}: Run, folder: RunFolder, {stage, set, form, plan, model, rows, validation}: OneArgs): Promise<RetrainedModel> {
  const settings = {...settingsOf(plan, 'retrain', rows), interactions: keysOf(set)};
  return folder.stage(stage, settings, async own => {
    const title = stage.replace('/', ' ');
    const slim = formOf(model, set, form, plan.seed);
    const {patience, leastEpochs, epochs, batchSize, seed} = plan;
    const best = new RestoreBest({patience, leastEpochs});
    const record = await train({
      model: slim, train: rows, epochs, batchSize, seed, callbacks: [new EpochMetrics({data: validation}), best], resumable: [best],
      folder: own, settings, title, values, output,
    });
    await saveModel(slim, fileUrl(path.join(own, 'model')));
    slim.dispose();
    const {logs} = record.epochs[best.bestEpoch - 1];
    output.note(`${title}: validation AUC ${logs['val_auc'].toFixed(4)} in epoch ${best.bestEpoch}`);
    return {
      stage, form, kept: set.length, bestEpoch: best.bestEpoch, validation: {auc: logs['val_auc'], logloss: logs['val_logloss']}, record,
    };
  });
}

/** The chosen model with its schema; data of another engine may have none, and then there is no bundle. */
async function bundle(folder: RunFolder, {stage, form, validation}: RetrainedModel, selection: Selection, rows: Shards): Promise<void> {
  const fitted = await rows.fitted();
  if (fitted === null) return;
  const model = await tfl.loadLayersModel(`${fileUrl(folder.file(stage, 'model'))}/model.json`);
  await saveBundle(folder.file('bundle'), {model, fitted, selection, metadata: {form, validation}});
  model.dispose();
}
