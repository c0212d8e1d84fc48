import type * as tfl from '@tensorflow/tfjs-layers';
import {PairNetworks} from '../../layers/pair_networks';
import {apply, ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * PIN, the product network in network (Qu et al., TOIS 2018): an MLP reads the outputs of a small network for each
 * pair,
 *   sigmoid(MLP([f_12, ..., f_{m-1,m}])),  f_ij = relu(W2_ij^T relu(W1_ij^T [e_i, e_j, e_i * e_j] + b1_ij) + b2_ij).
 * `pairUnits` are the widths of W1 and W2.
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function pin(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('pin', options);
  const [hiddenUnits, units] = builder.options.pairUnits;
  const networks = new PairNetworks({name: 'pair_networks', hiddenUnits, units, seed: builder.seed('specific')});
  return builder.model([builder.mlp([apply(networks, builder.embeddings())])]);
}
