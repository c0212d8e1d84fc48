import type * as tfl from '@tensorflow/tfjs-layers';
import {CompressedInteraction} from '../../layers/compressed_interaction';
import {apply, ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * xDeepFM (Lian et al., KDD 2018): a linear part, a compressed interaction network and an MLP,
 *   sigmoid(w0 + <w, x> + u^T CIN(e_1, ..., e_m) + MLP([e_1, ..., e_m])),
 * where CIN sums feature maps X^k_h = sum_ij W^k_{h,ij} (X^{k-1}_i * e_j), X^0_i = e_i, of each layer k over d.
 * `cinUnits` are the numbers of feature maps.
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function xDeepFm(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('xDeepFm', options);
  const cin = new CompressedInteraction({name: 'cin', units: builder.options.cinUnits, seed: builder.seed('crossing')});
  return builder.model([
    builder.linear(),
    builder.toLogit('cin_output', apply(cin, builder.embeddings()), false),
    builder.mlp([builder.embeddings()]),
  ]);
}
