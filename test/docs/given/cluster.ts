import {mkdir} from 'node:fs/promises';
import {autoDeepFm} from 'tfjs-autofis/models';
import {writeShards} from '../../helpers/shards';
import {fields, rowsOf} from './rows';

export {tf} from './tf';

/** What docs/cluster.md takes as given: the folder `shards`, and the model that Python trained. */
export async function prepare(): Promise<void> {
  const {xs, ys} = rowsOf(1, 50);
  const ids = Int32Array.from(xs.dataSync());
  writeShards('shards', {train: {fields, ids, labels: Float32Array.from(ys.dataSync())}});
  await mkdir('run');
  // Python saves what it trains with its optimizer.
  await autoDeepFm({fields, embeddingDim: 4, seed: 1}).save('file://run/model', {includeOptimizer: true});
}
