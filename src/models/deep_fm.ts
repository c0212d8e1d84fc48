import type * as tfl from '@tensorflow/tfjs-layers';
import {ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * DeepFM (Guo et al., IJCAI 2017): FM and an MLP on the same embeddings,
 *   sigmoid(w0 + <w, x> + sum_{i<j} <e_i, e_j> + MLP([e_1, ..., e_m])).
 * `order` as in `fm`.
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function deepFm(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('deepFm', options, {orders: true});
  return builder.model([builder.linear(), ...builder.interactions(), builder.mlp([builder.embeddings()])]);
}
