import type * as tfl from '@tensorflow/tfjs-layers';
import {saveBundle} from '../../bundle/node/save_load';
import {hasMoments} from '../../bundle/optimizer_files';
import type {Shards} from '../../data/shards/shards';
import type {Selection} from '../../stages/selection';
import type {RunFolder} from './run_folder';

/** Write the chosen model with its schema; data of another engine may have none, and then there is no bundle. */
export async function writeBundle(
  folder: RunFolder,
  train: Shards,
  {model, selection, metadata}: {model: tfl.LayersModel; selection: Selection; metadata: {[key: string]: unknown}},
): Promise<void> {
  const fitted = await train.fitted();
  if (fitted === null) return;
  await saveBundle(folder.file('bundle'), {
    model,
    fitted,
    ...(selection.length === 0 ? {} : {selection}),
    metadata,
    // A model of components has none: it is put together after its trainings.
    optimizer: await hasMoments(model),
  });
}
