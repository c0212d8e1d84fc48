import type * as tfl from '@tensorflow/tfjs-layers';
import type {HeldOutEvidence} from '../stages/held_out_decision';
import {compileLike, rebuildModel} from '../stages/rebuild';
import {retrainModel} from '../stages/retrain';
import {SearchStage} from '../stages/search';
import type {Selection} from '../stages/selection';
import {AbortCallback} from '../training/abort_callback';
import type {Scores} from '../training/evaluation';
import {joinRows} from '../training/join_rows';
import type {TrainingRows} from '../training/rows';
import {batchesOf} from '../training/seeded_batches';
import type {CheckedArgs} from './auto_select_args';
import {compareOnTest, type TestComparison} from './compare_on_test';
import {disposedOnError} from './disposed_on_error';

/** Result of a selection in the caller's model. */
export interface ModelSelection {
  /** The model with the open gates alone, trained on all rows except the test rows. The caller disposes it. */
  model: tfl.LayersModel;
  /** Its interactions. */
  selection: Selection;
  /** Evidence of the validation rows on every interaction. */
  evidence: readonly HeldOutEvidence[];
  /** With test rows: scores of the model, and of the model with all interactions, trained alike; else null. */
  test: {scores: Scores; all: TestComparison} | null;
  warnings: string[];
}

/**
 * Search the gates of a copy of a model on the training rows, decide on them by the validation rows, and train the
 * model again with the open ones, with its gates, loss and optimizer as they are.
 */
export async function selectInModel(
  model: tfl.LayersModel,
  {train, validation, test, schedule: {batchSize, epochs}, seed, signal, onStep}: CheckedArgs,
): Promise<ModelSelection> {
  const where = 'autoSelect';
  const freshCopy = () => {
    const copy = rebuildModel(where, model, {seed});
    compileLike(where, copy, model);
    return copy;
  };
  const fit = async (fresh: tfl.LayersModel, rows: TrainingRows, callbacks: tfl.Callback[] = []) =>
    disposedOnError([fresh], async () => {
      const aborts = signal === undefined ? [] : [new AbortCallback(signal)];
      const args = {epochs, verbose: 0 as const, callbacks: [...callbacks, ...aborts]};
      await fresh.fitDataset(batchesOf(rows, batchSize, seed) as never, args);
      return fresh;
    });
  const {xs, ys, weights} = validation;
  const search = new SearchStage({method: {type: 'heldOut', rows: {xs, ys, ...(weights && {weights})}}});
  (await fit(freshCopy(), train, [search])).dispose();
  const {selection, evidence, warnings} = search;
  const all = joinRows(train, validation);
  try {
    const slim = await fit(retrainModel(model, selection, {seed}), all.rows);
    onStep('trained the model with its open gates on all rows', {type: 'retrained', role: 'chosen'});
    if (test === undefined) return {model: slim, selection, evidence, test: null, warnings: [...warnings]};
    return await disposedOnError([slim], async () => {
      const rival = await fit(freshCopy(), all.rows);
      onStep('trained the model with all gates on all rows', {type: 'retrained', role: 'all'});
      onStep('reads the test rows, once, after all decisions', {type: 'test'});
      const {scores, comparisons} = compareOnTest(slim, [rival], test);
      rival.dispose();
      return {model: slim, selection, evidence, test: {scores, all: comparisons[0]}, warnings: [...warnings]};
    });
  } finally {
    all.dispose();
  }
}
