import {AutofisError} from '../../errors';
import {loadRows, rowTensors} from '../../data/shards/load_rows';
import type {Shards} from '../../data/shards/shards';
import {calibrationBins} from '../../record/calibration_bins';
import type {ModelRecord} from '../../record/run_record';
import {comparePredictions} from '../../select/compare_on_test';
import {predicted} from '../../training/evaluation';
import type {Invocation} from '../command';
import {growCatBoost} from '../trees/cat_boost';
import {findPython} from '../trees/grown_trees';
import {type TunedTrees, tuneTrees} from '../trees/light_gbm';
import {treeColumnCount, type TreeTable, treeTable} from '../trees/tree_table';
import {openParts, rowSettings} from './open_parts';
import type {RunFolder} from './run_folder';
import {loadModel} from './saved_models';
import {selectPlanOf} from './select_plan';

/** The models of a run of the recipe on its test rows, with the trees that were compared. */
export async function comparedModels(folder: RunFolder, models: readonly ModelRecord[]): Promise<ModelRecord[]> {
  const trees = await folder.resultIfDone<ModelRecord | ModelRecord[]>(STAGE);
  // Earlier builds stored the record of LightGBM alone.
  return [...models, ...(trees !== null && (await folder.isFrom(STAGE, 'select')) ? [trees].flat() : [])];
}

const STAGE = 'trees';
/** Training rows that decide which two settings grow on all of them; with effort `thorough` every setting does. */
const SAMPLE = 20_000;
/** Numbers that are held for trees at most: 2 GB. */
const MOST_NUMBERS = 2.5e8;

const NONE = new Error('No library grew trees.');

/** Libraries of trees in Python. */
const LIBRARIES: ReadonlyArray<{
  name: string;
  module: 'lightgbm' | 'catboost';
  /** The work in words. */
  work: string;
  grow(python: string, table: TreeTable, options: {seed: number; sample: number | null}): Promise<TunedTrees>;
}> = [
  {name: 'LightGBM', module: 'lightgbm', work: 'tunes eight settings', grow: tuneTrees},
  {name: 'CatBoost', module: 'catboost', work: 'grows trees with its defaults', grow: growCatBoost},
];

/**
 * LightGBM, tuned, and CatBoost on a run's encoded data, compared with the chosen model on the test rows; none with
 * effort `quick`, and where they cannot be had, which a note explains.
 */
export async function treesStep(run: Invocation, folder: RunFolder): Promise<ModelRecord[]> {
  const {train, valid, test} = await openParts(folder);
  const {effort, seed} = selectPlanOf(run.values);
  if (effort === 'quick') return [];
  const without = (name: string, why: string): [] => {
    run.output.note(`the report has no ${name} to compare with: ${why}`);
    return [];
  };
  const columns = treeColumnCount(train.fields);
  const rows = train.rows + valid.rows + test.rows;
  if (columns * rows > MOST_NUMBERS) return without('trees', `${columns} columns of ${rows} rows need more than 2 GB`);
  const select = await folder.stamp('select');
  await folder.checkFrom(STAGE, 'select');
  try {
    return await folder.stage(STAGE, {effort, seed, ...rowSettings(train), select}, async () => {
      const grown: ModelRecord[] = [];
      let loaded: TreeRows | null = null;
      for (const {name, module, work, grow} of LIBRARIES) {
        try {
          const {python, problem} = await findPython(module);
          if (python === null) throw new Error(problem);
          run.output.note(`${name}: ${work}, to compare with`);
          loaded ??= await treeRows(folder, {train, valid, test});
          const trees = await grow(python, loaded.table, {seed, sample: effort === 'thorough' ? null : SAMPLE});
          grown.push(recordOf(`${name} ${trees.version}`, trees, loaded));
        } catch (error) {
          // The run's own result does not depend on it.
          if (error instanceof AutofisError || !(error instanceof Error)) throw error;
          without(name, error.message.trim().split('\n').at(-1)!);
        }
      }
      if (grown.length === 0) throw NONE;
      return grown;
    });
  } catch (error) {
    // Nothing is stored: a later run may find a library.
    if (error !== NONE) throw error;
    return [];
  }
}

/** Load rows as trees take them, and predict the test rows by the chosen model. */
async function treeRows(folder: RunFolder, {train, valid, test}: Record<'train' | 'valid' | 'test', Shards>) {
  const parts = {train: await loadRows(train), validation: await loadRows(valid), test: await loadRows(test)};
  const model = await loadModel(folder, 'select');
  const tensors = rowTensors(parts.test, test.columns);
  const own = predicted(model, tensors);
  model.dispose();
  tensors.dispose();
  return {table: treeTable(train.fields, parts), own};
}

type TreeRows = Awaited<ReturnType<typeof treeRows>>;

function recordOf(name: string, {bytes, predictions}: TunedTrees, {table, own}: TreeRows): ModelRecord {
  const {labels, weights} = table.parts.test;
  const {scores, ...comparison} = comparePredictions(labels, own, predictions, weights);
  return {
    name,
    role: 'trees',
    ...scores,
    calibration: calibrationBins(labels, predictions, undefined, weights),
    interactions: null,
    parameters: null,
    bytes,
    comparison,
  };
}
