import {AutofisError} from '../../errors';
import {loadRows, rowTensors} from '../../data/shards/load_rows';
import type {Shards} from '../../data/shards/shards';
import {calibrationBins} from '../../record/calibration_bins';
import type {ModelRecord} from '../../record/run_record';
import {groupedAuc} from '../../record/evaluate_model';
import {comparePredictions} from '../../select/compare_on_test';
import {wrapped} from '../../text_table';
import {predicted} from '../../training/evaluation';
import type {Invocation} from '../command';
import {growCatBoost} from '../trees/cat_boost';
import type {SettingValues} from '../settings';
import {findPython} from '../trees/grown_trees';
import {type TunedTrees, tuneTrees} from '../trees/light_gbm';
import {treeColumnCount, type TreeTable, treeTable} from '../trees/tree_table';
import {UsageError} from '../usage_error';
import {STEPS} from './expected';
import {openParts, rowSettings} from './open_parts';
import type {RunFolder} from './run_folder';
import {loadModel} from './saved_models';
import {selectPlanOf, type SelectResult} from './select';
import type {PaperResult} from './paper';

/** The models of a run of the recipe on its test rows, with the trees that were compared. */
export async function comparedModels(folder: RunFolder, models: readonly ModelRecord[]): Promise<ModelRecord[]> {
  const trees = await folder.done<ModelRecord[]>(STAGE);
  const isCurrent = trees !== null && trees.settings['select'] === (await folder.stamp('select'));
  return [...models, ...(isCurrent ? trees.result : [])];
}

const STAGE = 'trees';
/** Training rows that decide which two settings grow on all of them; with effort `thorough` every setting does. */
const SAMPLE = 20_000;
/** Numbers that are held for trees at most: 2 GB. */
const MOST_NUMBERS = 2.5e8;

/** A library of trees in Python. */
interface TreeLibrary {
  name: 'LightGBM' | 'CatBoost';
  module: 'lightgbm' | 'catboost';
  grow(python: string, table: TreeTable, options: {seed: number; sample: number | null}): Promise<TunedTrees>;
}

const LIBRARIES: readonly TreeLibrary[] = [
  {name: 'LightGBM', module: 'lightgbm', grow: tuneTrees},
  {name: 'CatBoost', module: 'catboost', grow: growCatBoost},
];

/** Look for the libraries that a run compares with; none with effort `quick`. */
export async function findTrees({effort}: SettingValues): Promise<Array<TreeLibrary & {python: string | null}>> {
  if (effort === 'quick') return [];
  return Promise.all(LIBRARIES.map(async library => ({...library, python: await findPython(library.module)})));
}

/**
 * LightGBM, tuned, and CatBoost on a run's encoded data, compared with the chosen model on the test rows; none where
 * they cannot be had, which a note explains.
 */
export async function treesStep(
  run: Invocation,
  folder: RunFolder,
  libraries: Awaited<ReturnType<typeof findTrees>>,
): Promise<ModelRecord[]> {
  const found = libraries.filter(({python}) => python !== null);
  const missing = libraries.filter(({python}) => python === null);
  if (missing.length > 0 && (await folder.done(STAGE)) === null) {
    const install = `pip install ${missing.map(({module}) => module).join(' ')}`;
    const names = missing.map(({name}) => name).join(' or ');
    run.output.note(wrapped(`no ${names} to compare with: ${install}, or name a Python by AUTOFIS_PYTHON`));
  }
  if (found.length === 0) return [];
  const {train, valid, test} = await openParts(folder);
  const {effort, seed} = selectPlanOf(run.values);
  const columns = treeColumnCount(train.fields);
  const rows = train.rows + valid.rows + test.rows;
  if (columns * rows > MOST_NUMBERS) {
    run.output.note(`no trees: ${columns} columns of ${rows} rows need more than 2 GB`);
    return [];
  }
  const select = await folder.stamp('select');
  const earlier = (await folder.done(STAGE))?.settings['select'];
  if (earlier !== undefined && earlier !== select)
    throw new UsageError(
      `${folder.file(STAGE)} was made from an earlier result of \`select\`. Remove it and make it again, or give ` +
        'another --folder.',
    );
  return folder.stage(STAGE, {effort, seed, ...rowSettings(train), select}, async () => {
    const loaded = await treeRows(folder, {train, valid, test});
    const grown: ModelRecord[] = [];
    for (const {name, python, grow} of found) {
      run.output.begin(STEPS[name]);
      try {
        const trees = await grow(python!, loaded.table, {seed, sample: effort === 'thorough' ? null : SAMPLE});
        grown.push(recordOf(`${name} ${trees.version}`, trees, loaded));
      } catch (error) {
        // The run's own result does not depend on it.
        if (error instanceof AutofisError || !(error instanceof Error)) throw error;
        run.output.note(`no ${name}: ${error.message.trim().split('\n').at(-1)!}`);
      }
    }
    return grown;
  });
}

/** Load rows as trees take them, and predict the test rows by the chosen model. */
async function treeRows(folder: RunFolder, {train, valid, test}: Record<'train' | 'valid' | 'test', Shards>) {
  const parts = {train: await loadRows(train), validation: await loadRows(valid), test: await loadRows(test)};
  const model = await loadModel(folder, 'select');
  const tensors = rowTensors(parts.test, test.columns);
  const predictions = predicted(model, tensors);
  model.dispose();
  tensors.dispose();
  return {table: treeTable(train.fields, parts), predictions, groups: parts.test.groups};
}

type TreeRows = Awaited<ReturnType<typeof treeRows>>;

function recordOf(name: string, {bytes, predictions}: TunedTrees, {table, groups, ...chosen}: TreeRows): ModelRecord {
  const {labels, weights} = table.parts.test;
  const {scores, ...comparison} = comparePredictions({labels, weights, groups}, chosen.predictions, predictions);
  return {
    name,
    role: 'trees',
    ...scores,
    ...groupedAuc({labels, weights, groups}, predictions),
    calibration: calibrationBins(labels, predictions, undefined, weights),
    interactions: null,
    parameters: null,
    bytes,
    comparison,
  };
}

/** Read the result of `select`, by either method. */
export async function selectedOf(folder: RunFolder): Promise<SelectResult | PaperResult> {
  return folder.result<SelectResult | PaperResult>('select', 'select');
}

/** Read the models of a run, scored on its test rows, with the trees that were compared. */
export async function modelsOf(folder: RunFolder): Promise<ModelRecord[]> {
  return comparedModels(folder, (await selectedOf(folder)).models);
}
