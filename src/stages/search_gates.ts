import type * as tfl from '@tensorflow/tfjs-layers';
import {checkCompiled, checkModel} from './gates';
import type {HeldOut} from './held_out';
import {compileLike, rebuildModel} from './rebuild';
import {SearchStage} from './search';

/**
 * Search the gates of a compiled model on a fresh copy of it; the model stays as it is.
 *
 * @param train Batches to train on.
 * @param rows Rows that decide.
 * @param options Passes over the batches, and the seed of the weights; null leaves the seeds that the layers have.
 * @returns The search, with the interactions that the rows confirm.
 */
export async function searchGates(
  model: tfl.LayersModel,
  train: Parameters<tfl.LayersModel['fitDataset']>[0],
  rows: HeldOut,
  {epochs, seed = null}: {epochs: number; seed?: number | null},
): Promise<Pick<SearchStage, 'selection' | 'evidence' | 'warnings'>> {
  checkModel('searchGates', model);
  checkCompiled('searchGates', model);
  const copy = rebuildModel('searchGates', model, {seed});
  compileLike('searchGates', copy, model);
  const search = new SearchStage({method: {type: 'heldOut', rows}});
  try {
    await copy.fitDataset(train, {epochs, verbose: 0, callbacks: [search]});
    return search;
  } finally {
    copy.dispose();
  }
}
