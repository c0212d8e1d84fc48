import path from 'node:path';
import type * as tfl from '@tensorflow/tfjs-layers';
import {saveBundle} from '../../bundle/node/save_load';
import type {Shards} from '../../data/shards/shards';
import {everything, type Form, formOf} from '../../judge/contestants';
import type {LabeledRows} from '../../training/rows';
import {cutShort, type Training} from '../../training/train_to_best';
import {EpochMetrics} from '../../metrics/epoch_metrics';
import {RestoreBest} from '../../metrics/restore_best';
import type {StageRecord} from '../../record/run_record';
import {saveModel} from '../../runtime/save_model';
import {keyOf, type Selection} from '../../stages/selection';
import type {Invocation} from '../command';
import {UsageError} from '../usage_error';
import {loadTensors} from '../../data/shards/load_rows';
import {openPart} from './open_part';
import {Plan, planOf, settingsOf} from './plan';
import type {RunFolder} from './run_folder';
import {loadModel, searchedModel} from './saved_models';
import type {SearchResult} from './search';
import {restoreMoments, saveMoments} from './saved_moments';
import {fileUrl, train} from './train';

/** One retrained model. */
export interface RetrainedModel extends Pick<Training, 'bestEpoch' | 'validation'> {
  form: Form;
  kept: number;
  /** The stage's folder within the run's, which holds the model. */
  stage: string;
  record: StageRecord;
}

export interface RetrainResult {
  /** The kept interactions. */
  chosen: RetrainedModel;
  /** All interactions in the same form, to compare with. */
  all: RetrainedModel;
  selection: Selection;
  /** Warnings of the trainings. */
  warnings: string[];
}

/** The retrain stage after a search: the selection in one form, and all interactions to compare with. */
export async function retrainStep(run: Invocation, folder: RunFolder): Promise<RetrainResult> {
  const {selection, plan: searched} = await folder.result<SearchResult>('search', 'search');
  const [rows, held] = [await openPart(folder, 'train'), await openPart(folder, 'valid')];
  // The model is that of the search, whatever the flags of this command are.
  const plan = planOf({...run.values, ...architectureOf(searched)}, rows.rows);
  const {form} = plan;
  if (selection.length === 0) {
    throw new UsageError(
      `the search in ${folder.path} closed every gate, so there is nothing to retrain. Search again in another ` +
        '--folder for more --search-epochs.',
    );
  }
  await folder.checkFrom('retrain', 'search');
  const settings = {
    ...settingsOf(plan, 'retrain', rows),
    ...{form, selection: keysOf(selection), search: await folder.stamp('search')},
  };
  return folder.stage('retrain', settings, async () => {
    const validation = await loadTensors(held);
    const model = await searchedModel(folder, plan, rows.fields);
    const one = (stage: string, set: Selection) =>
      retrainOne(run, folder, {stage: `retrain/${stage}`, set, form, plan, model, rows, validation});
    const chosen = await one('selection', selection);
    const all = await one('all', everything(model));
    [model, validation].forEach(each => each.dispose());
    await bundle(folder, chosen, selection, rows);
    const warnings = cutShort(
      [chosen, all].map(({bestEpoch, record}) => ({form, bestEpoch, epochs: record.epochs.length})),
      plan,
    );
    return {chosen, all, selection, warnings};
  });
}

/** A selection as one text. */
function keysOf(selection: Selection): string {
  return selection.map(keyOf).join(' ');
}

function architectureOf({model, order, embeddingDim, hiddenUnits, dropout, embeddingDropout, l2, recipe}: Plan) {
  return {model, order, embeddingDim, hiddenUnits, dropout, embeddingDropout, l2, recipe};
}

interface OneArgs {
  stage: string;
  set: Selection;
  form: Form;
  plan: Plan;
  /** The model at the end of the search. */
  model: tfl.LayersModel;
  rows: Shards;
  validation: LabeledRows;
}

function retrainOne(
  {values, output}: Invocation,
  folder: RunFolder,
  {stage, set, form, plan, model, rows, validation}: OneArgs,
): Promise<RetrainedModel> {
  const settings = {...settingsOf(plan, 'retrain', rows), interactions: keysOf(set)};
  return folder.stage(stage, settings, async own => {
    const title = stage.replace('/', ' ');
    const {seed, patience, leastEpochs, epochs, batchSize} = plan;
    const slim = formOf(model, set, form, seed);
    const best = new RestoreBest({patience, leastEpochs});
    const record = await train({
      model: slim,
      train: rows,
      epochs,
      batchSize,
      seed,
      callbacks: [new EpochMetrics({data: validation}), best],
      resumable: [best],
      folder: own,
      settings,
      title,
      values,
      output,
    });
    await saveModel(slim, fileUrl(path.join(own, 'model')));
    await saveMoments(own, slim);
    slim.dispose();
    const {logs} = record.epochs[best.bestEpoch - 1];
    output.note(`${title}: validation AUC ${logs['val_auc'].toFixed(4)} in epoch ${best.bestEpoch}`);
    return {
      stage,
      form,
      kept: set.length,
      bestEpoch: best.bestEpoch,
      validation: {auc: logs['val_auc'], logloss: logs['val_logloss']},
      record,
    };
  });
}

/** The chosen model with its schema; data of another engine may have none, and then there is not a bundle. */
async function bundle(
  folder: RunFolder,
  {stage, form, validation}: RetrainedModel,
  selection: Selection,
  rows: Shards,
): Promise<void> {
  const fitted = await rows.fitted();
  if (fitted === null) return;
  const model = await loadModel(folder, stage);
  const optimizer = await restoreMoments(model, folder, stage);
  await saveBundle(folder.file('bundle'), {model, fitted, selection, metadata: {form, validation}, optimizer});
  model.dispose();
}
