import path from 'node:path';
import type * as tfl from '@tensorflow/tfjs-layers';
import {saveBundle} from '../../bundle/node/index';
import type {Shards} from '../../data/shards/open_shards';
import {Chooser, RetrainCandidate} from '../../select/candidates';
import {everything, formOf, forms} from '../../judge/contestants';
import {predicted} from '../../training/evaluation';
import {type LabeledRows, labelsOf} from '../../training/rows';
import {pruned} from '../../select/search_run';
import {cutShort} from '../../training/train_to_best';
import {EpochMetrics} from '../../metrics/epoch_metrics';
import {RestoreBest} from '../../metrics/restore_best';
import type {StageRecord} from '../../record/run_record';
import {saveModel} from '../../runtime/save_model';
import type {Selection} from '../../stages/selection';
import type {Invocation} from '../command';
import {UsageError} from '../usage_error';
import {loadTensors, openPart} from './load_rows';
import {isPrunable, Plan, planOf, settingsOf} from './plan';
import type {RunFolder} from './run_folder';
import {loadModel, searchedModel} from './saved_models';
import type {SearchResult} from './search';
import {fileUrl, train} from './train';

type Form = RetrainCandidate['form'];

/** One retrained model. */
export interface RetrainedModel extends Pick<RetrainCandidate, 'form' | 'kept' | 'bestEpoch' | 'validation'> {
  /** The stage's folder within the run's, which holds the model. */
  stage: string;
  record: StageRecord;
}

export interface RetrainResult {
  chosen: RetrainedModel;
  /** All interactions, in the form that is chosen for a fresh start: what the selection is held against. */
  all: RetrainedModel;
  models: RetrainedModel[];
  selection: Selection;
  /** What a reader should not miss. */
  warnings: string[];
}

/** The retrain stage of a run: the selection in one form or in all, and all interactions to compare with. */
export async function retrainStep(run: Invocation, folder: RunFolder): Promise<RetrainResult> {
  const {selection, plan: searched} = await folder.result<SearchResult>('search', 'search');
  const [rows, held] = [await openPart(folder, 'train'), await openPart(folder, 'valid')];
  // The model is that of the search, whatever the flags of this command are.
  const plan = planOf({...run.values, ...architectureOf(searched)}, rows.rows);
  if (selection.length === 0) {
    throw new UsageError(
      `The search in ${folder.path} closed every gate, so there is nothing to retrain. Search again in another --folder ` +
        'with a smaller --strength, or for more --search-epochs.',
    );
  }
  return folder.stage(
    'retrain',
    {...settingsOf(plan, 'retrain', rows), form: plan.form, selection: keysOf(selection)},
    async () => {
      const validation = await loadTensors(held);
      const model = await searchedModel(folder, plan, rows.fields);
      const one = (name: string, set: Selection, form: Form) =>
        retrainOne(run, folder, {stage: `retrain/${name}`, set, form, plan, model, rows, validation});
      const models: RetrainedModel[] = [];
      for (const form of formsOf(plan)) models.push(await one(form, selection, form));
      const {chosen, fresh} = await choose(folder, models, validation);
      const all = await one(`all-${fresh}`, everything(model), fresh);
      [model, validation].forEach(each => each.dispose());
      await bundle(folder, chosen, selection, rows);
      const trained = [...models, all];
      const warnings = cutShort(
        trained.map(({form, bestEpoch, record}) => ({form, bestEpoch, epochs: record.epochs.length})),
        plan,
      );
      return {chosen, all, models: trained, selection, warnings};
    },
  );
}

function formsOf(plan: Plan): readonly Form[] {
  if (plan.form !== 'best') return [plan.form];
  return isPrunable(plan) ? [...forms, 'searched'] : forms;
}

/**
 * The model that autoSelect would choose of these, and the form that it would choose for a fresh start: plain where there is no such model.
 */
async function choose(
  folder: RunFolder,
  models: readonly RetrainedModel[],
  validation: LabeledRows,
): Promise<{chosen: RetrainedModel; fresh: Form}> {
  const chooser = new Chooser(labelsOf(validation), 0);
  const contenders = [];
  for (const candidate of models) {
    const model = await loadModel(folder, candidate.stage);
    contenders.push({candidate, predictions: predicted(model, validation), shortened: false});
    model.dispose();
  }
  const retrained = contenders.filter(({candidate}) => candidate.form !== 'searched');
  return {
    chosen: chooser.choose(contenders).candidate,
    fresh: retrained.length > 0 ? chooser.choose(retrained).candidate.form : 'plain',
  };
}

/** A selection as one text. */
function keysOf(selection: Selection): string {
  return selection.map(({gate, interaction}) => `${gate}:${interaction}`).join(' ');
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
    const {seed} = plan;
    const {
      slim,
      callbacks,
      training: {patience, leastEpochs, epochs, batchSize},
    } = form === 'searched'
      ? pruned(model, set, {validation, seed, training: plan})
      : {slim: formOf(model, set, form, seed), callbacks: [], training: plan};
    const best = new RestoreBest({patience, leastEpochs});
    const record = await train({
      model: slim,
      train: rows,
      epochs,
      batchSize,
      seed,
      callbacks: [...callbacks, new EpochMetrics({data: validation}), best],
      resumable: [best],
      folder: own,
      settings,
      title,
      values,
      output,
    });
    await saveModel(slim, fileUrl(path.join(own, 'model')));
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
  await saveBundle(folder.file('bundle'), {model, fitted, selection, metadata: {form, validation}});
  model.dispose();
}
