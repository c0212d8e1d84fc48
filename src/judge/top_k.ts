import type * as tfl from '@tensorflow/tfjs-layers';
import {compileLike, rebuildModel} from '../stages/rebuild';
import {SearchStage} from '../stages/search';
import {baseOptimizer} from '../stages/search_optimizer';
import type {Selection} from '../stages/selection';
import type {TrainingRows} from '../training/rows';
import {batchesOf} from '../training/seeded_batches';

/**
 * The interactions of the largest |alpha| after a plain training of the model, all weights by its own optimizer's rule.
 */
export async function topK(
  model: tfl.LayersModel,
  keep: number,
  train: TrainingRows,
  batchSize: number,
  epochs: number,
  seed: number,
): Promise<Selection> {
  const fresh = rebuildModel('judgeSelection', model, {seed});
  compileLike('judgeSelection', fresh, model, baseOptimizer(model.optimizer));
  const search = new SearchStage({alphaOptimizer: 'adam', keep});
  try {
    await fresh.fitDataset(batchesOf(train, batchSize, seed) as never, {
      epochs,
      verbose: 0,
      yieldEvery: 'never',
      callbacks: [search],
    });
    return search.selection;
  } finally {
    fresh.dispose();
  }
}
