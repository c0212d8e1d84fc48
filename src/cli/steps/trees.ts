import {AutofisError} from '../../errors';
import {loadRows, rowTensors} from '../../data/shards/load_rows';
import {calibrationBins} from '../../record/calibration_bins';
import type {ModelRecord} from '../../record/run_record';
import {comparePredictions} from '../../select/compare_on_test';
import {predicted} from '../../training/evaluation';
import type {Invocation} from '../command';
import {findLightGbm, tuneTrees} from '../trees/light_gbm';
import {treeColumnCount, treeTable} from '../trees/tree_table';
import {openParts, rowSettings} from './open_parts';
import type {RunFolder} from './run_folder';
import {loadModel} from './saved_models';
import {selectPlanOf} from './select_plan';

/** The models of a run of the recipe on its test rows, with LightGBM where it was compared. */
export async function comparedModels(folder: RunFolder, models: readonly ModelRecord[]): Promise<ModelRecord[]> {
  const trees = await folder.resultIfDone<ModelRecord>(STAGE);
  return [...models, ...(trees !== null && (await folder.isFrom(STAGE, 'select')) ? [trees] : [])];
}

const STAGE = 'trees';
/** Training rows that decide which two settings grow on all of them; with effort `thorough` every setting does. */
const SAMPLE = 20_000;
/** Numbers that are held for trees at most: 2 GB. */
const MOST_NUMBERS = 2.5e8;

/**
 * LightGBM, tuned on a run's encoded data and compared with the chosen model on the test rows; null with effort
 * `quick`, and where it cannot be had, which a note explains.
 */
export async function treesStep(run: Invocation, folder: RunFolder): Promise<ModelRecord | null> {
  const {train, valid, test} = await openParts(folder);
  const {effort, seed} = selectPlanOf(run.values);
  if (effort === 'quick') return null;
  const without = (why: string): null => {
    run.output.note(`the report has no LightGBM to compare with: ${why}`);
    return null;
  };
  const columns = treeColumnCount(train.fields);
  const rows = train.rows + valid.rows + test.rows;
  if (columns * rows > MOST_NUMBERS) return without(`${columns} columns of ${rows} rows need more than 2 GB`);
  const select = await folder.stamp('select');
  const settings = {effort, seed, ...rowSettings(train), select};
  try {
    await folder.checkFrom(STAGE, 'select');
    return await folder.stage(STAGE, settings, async () => {
      const {python, problem} = await findLightGbm();
      if (python === null) throw new Error(problem);
      run.output.note('LightGBM: tunes eight settings, to compare with');
      const parts = {train: await loadRows(train), validation: await loadRows(valid), test: await loadRows(test)};
      const sample = effort === 'thorough' ? null : SAMPLE;
      const {version, bytes, predictions} = await tuneTrees(python, treeTable(train.fields, parts), {seed, sample});
      const tensors = rowTensors(parts.test, test.columns);
      const model = await loadModel(folder, 'select');
      const own = predicted(model, tensors);
      model.dispose();
      tensors.dispose();
      const {labels, weights} = parts.test;
      const {scores, ...comparison} = comparePredictions(labels, own, predictions, weights);
      return {
        name: `LightGBM ${version}`,
        role: 'trees',
        ...scores,
        calibration: calibrationBins(labels, predictions, undefined, weights),
        interactions: null,
        parameters: null,
        bytes,
        comparison,
      } satisfies ModelRecord;
    });
  } catch (error) {
    // The run's own result does not depend on it.
    if (error instanceof AutofisError || !(error instanceof Error)) throw error;
    return without(error.message.trim().split('\n').at(-1)!);
  }
}
