import path from 'node:path';
import {saveBundle} from '../../bundle/node/index';
import type {Shards} from '../../data/shards/open_shards';
import {FiniteLoss} from '../../stages/finite_loss';
import {autoSelect, AutoSelection} from '../../select/auto_select';
import type {Trainer} from '../../select/trainer';
import type {TestComparison} from '../../select/compare_on_test';
import {saveModel} from '../../runtime/save_model';
import {fitModel} from '../../training/fit_model';
import {batchesOf, LabeledRows, TrainingRows} from '../../training/rows';
import type {Invocation} from '../command';
import {loadTensors, openPart} from './load_rows';
import {Progress} from './progress';
import type {RunFolder} from './run_folder';
import {stepFiles} from './step_files';
import {fileUrl} from './train';

/** What `autoSelect` found, but for its models. */
export interface SelectResult extends Omit<AutoSelection, 'model' | 'rivals'> {
  rivals: Array<{name: string; test: TestComparison}>;
}

/** More training rows than these are read from disk in each epoch. */
const MOST_IN_MEMORY = 2_000_000;

/** The recipe on a run's encoded data; each of its steps is kept as it ends. Writes FOLDER/bundle. */
export async function selectStep({values, output}: Invocation, folder: RunFolder): Promise<SelectResult> {
  const [train, valid, test] = [
    await openPart(folder, 'train'),
    await openPart(folder, 'valid'),
    await openPart(folder, 'test'),
  ];
  const {effort = 'normal', seed = 1} = values;
  const settings = {effort, seed, rows: train.rows, positives: train.positives, schema: train.schemaHash};
  return folder.stage('select', settings, async own => {
    const [rows, validation, scored] = [await trainingRows(train), await loadTensors(valid), await loadTensors(test)];
    try {
      const {model, rivals, ...found} = await autoSelect({
        fields: train.fields,
        train: rows.rows,
        validation,
        test: scored,
        effort,
        seed,
        store: stepFiles(path.join(own, 'steps')),
        trainer: shownTrainer(output),
        onStep: words => output.note(words),
      });
      await saveModel(model, fileUrl(path.join(own, 'model')));
      const fitted = await train.fitted();
      if (fitted !== null) {
        const {
          selection,
          chosen: {name, choice},
        } = found;
        await saveBundle(folder.file('bundle'), {
          model,
          fitted,
          ...(selection.length === 0 ? {} : {selection}),
          metadata: {chosen: name, validation: choice},
        });
      }
      [model, ...rivals.map(rival => rival.model)].forEach(each => each.dispose());
      return {...found, rivals: rivals.map(({candidate: {name}, test: comparison}) => ({name, test: comparison}))};
    } finally {
      [rows, validation, scored].forEach(each => each.dispose());
    }
  });
}

async function trainingRows(shards: Shards): Promise<{rows: TrainingRows; dispose(): void}> {
  if (shards.rows > MOST_IN_MEMORY)
    return {rows: (seed, batchSize) => shards.dataset({batchSize, seed}), dispose: () => undefined};
  const {dispose, ...rows} = await loadTensors(shards);
  return {rows: rows as LabeledRows, dispose};
}

/** Trains with a progress bar, and ends with an error where the loss is not a number. */
function shownTrainer(output: Invocation['output']): Trainer {
  return ({name, model, train, schedule: {batchSize, epochs}, seed, callbacks}) =>
    fitModel(model, batchesOf(train, batchSize, seed), {
      epochs,
      callbacks: [...callbacks, new FiniteLoss(name, 0), new Progress(name, output, 0)],
    });
}
