import type * as tfl from '@tensorflow/tfjs-layers';
import {BiInteraction} from '../../layers/bi_interaction';
import {apply, ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * Neural FM (He and Chua, SIGIR 2017, eq. 2 to 4): an MLP reads the sum of all pairs' elementwise products,
 *   sigmoid(w0 + <w, x> + MLP(sum_{i<j} e_i * e_j)).
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function nfm(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('nfm', options);
  return builder.model([
    builder.linear(),
    builder.mlp([apply(new BiInteraction({name: 'bi_interaction'}), builder.embeddings())]),
  ]);
}
