import type * as tfl from '@tensorflow/tfjs-layers';
import {OuterProduct} from '../../layers/outer_product';
import {apply, ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * OPNN, the outer-product network (Qu et al., ICDM 2016): an MLP reads the embeddings and the sum of all outer
 * products,
 *   sigmoid(MLP([e_1, ..., e_m, vec(s s^T)])),  s = sum_i e_i.
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function opnn(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('opnn', options);
  const embeddings = builder.embeddings();
  return builder.model([builder.mlp([embeddings, apply(new OuterProduct({name: 'outer_product'}), embeddings)])]);
}
