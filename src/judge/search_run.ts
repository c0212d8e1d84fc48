import type * as tfl from '@tensorflow/tfjs-layers';
import {compileLike, rebuildModel} from '../stages/rebuild';
import {SearchStage} from '../stages/search';
import {baseOptimizer} from '../stages/search_optimizer';
import type {Selection} from '../stages/selection';
import {batchesOf, LabeledRows, TrainingRows} from './rows';

export interface HeldOutSearch {
  strength: number;
  /** The model at the end of the search. */
  model: tfl.LayersModel;
  selection: Selection;
  seconds: number;
}

/** A search has so many steps unless told otherwise; a third of them alpha waits. */
const STEPS = 3000;

/** Searches the gates of a fresh copy of `model`, alpha on validation batches. */
export async function heldOutSearch({model, train, validation, seed, searchEpochs, training: {batchSize}}: {
  model: tfl.LayersModel, train: TrainingRows, validation: LabeledRows, seed: number, searchEpochs?: number, training: {batchSize: number},
}, strength: number): Promise<HeldOutSearch> {
  const where = 'autoSelect';
  const fresh = rebuildModel(where, model, {seed});
  compileLike(where, fresh, model, baseOptimizer(model.optimizer));
  const batches = batchesOf(train, batchSize, seed);
  const search = new SearchStage({strength, heldOut: {xs: validation.xs, ys: validation.ys, batchSize, seed}});
  const start = performance.now();
  await fresh.fitDataset(batches as never, {
    epochs: searchEpochs ?? Math.ceil(STEPS / batches.size), verbose: 0, yieldEvery: 'never', callbacks: [search],
  });
  return {strength, model: fresh, selection: search.selection, seconds: (performance.now() - start) / 1000};
}
