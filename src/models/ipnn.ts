import type * as tfl from '@tensorflow/tfjs-layers';
import {ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * IPNN, the inner-product network (Qu et al., ICDM 2016): an MLP reads the embeddings and all their inner products,
 *   sigmoid(MLP([e_1, ..., e_m, <e_1, e_2>, ..., <e_{m-1}, e_m>])).
 * `order` 3 and 'both' put the products of three beside or in the place of those of two.
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function ipnn(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('ipnn', options, {orders: true});
  return builder.model([builder.mlp([builder.embeddings(), ...builder.products()])]);
}
