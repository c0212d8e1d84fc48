import type * as tfl from '@tensorflow/tfjs-layers';
import {ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * AutoIPNN (AutoFIS, section 4): IPNN whose products are normalised and gated before the MLP reads them,
 *   sigmoid(MLP([e_1, ..., e_m, alpha_12 BN(<e_1, e_2>), ...])).
 * `order` and `thirdOrderTable` as in `autoFm`.
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function autoIpnn(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('autoIpnn', options, {orders: true});
  return builder.model([builder.mlp([builder.embeddings(), ...builder.gated('each')])]);
}
