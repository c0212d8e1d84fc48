import type * as tfl from '@tensorflow/tfjs-layers';
import {AttentionalPooling} from '../../layers/attentional_pooling';
import {apply, ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * Attentional FM (Xiao et al., IJCAI 2017, section 3.1): an attention network weighs the pairs by what they are,
 *   sigmoid(w0 + <w, x> + p^T sum_{i<j} a_ij (e_i * e_j)),  a = softmax(h^T relu(W^T (e_i * e_j) + b)).
 * `attentionUnits` is the width of W.
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function afm(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('afm', options);
  const pooling = new AttentionalPooling({
    name: 'attention',
    units: builder.options.attentionUnits,
    seed: builder.seed('specific'),
  });
  return builder.model([
    builder.linear(),
    builder.toLogit('attention_output', apply(pooling, builder.embeddings()), false),
  ]);
}
