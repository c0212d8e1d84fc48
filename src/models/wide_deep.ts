import type * as tfl from '@tensorflow/tfjs-layers';
import {ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * Wide & Deep (Cheng et al., DLRS 2016, eq. 3), without crosses made by hand in the wide part:
 *   sigmoid(w0 + <w, x> + MLP([e_1, ..., e_m])).
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function wideDeep(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('wideDeep', options);
  return builder.model([builder.linear(), builder.mlp([builder.embeddings()])]);
}
