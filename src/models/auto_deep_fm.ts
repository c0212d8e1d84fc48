import type * as tfl from '@tensorflow/tfjs-layers';
import {ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * AutoDeepFM (AutoFIS, section 3): AutoFM and an MLP on the same embeddings,
 *   sigmoid(w0 + <w, x> + sum_{i<j} alpha_ij BN(<e_i, e_j>) + MLP([e_1, ..., e_m])).
 * `order` and `thirdOrderTable` as in `autoFm`.
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function autoDeepFm(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('autoDeepFm', options, {orders: true});
  return builder.model([builder.linear(), ...builder.gated(), builder.mlp([builder.embeddings()])]);
}
