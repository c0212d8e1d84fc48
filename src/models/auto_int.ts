import type * as tfl from '@tensorflow/tfjs-layers';
import {FieldAttention} from '../../layers/field_attention';
import {apply, ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * AutoInt+ (Song et al., CIKM 2019): layers of self-attention between the fields, beside an MLP,
 *   sigmoid(u^T vec(E_L) + MLP([e_1, ..., e_m])),  E_{l+1} = relu([A_1 E_l V_1, ..., A_H E_l V_H] + E_l R),
 *   A_h = softmax((E_l Q_h) (E_l K_h)^T).
 * `attentionLayers` is L, `heads` is H, `attentionUnits` the width of each Q_h, K_h and V_h. With `hiddenUnits` []
 * there is no MLP: AutoInt.
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function autoInt(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('autoInt', options);
  const {attentionLayers, attentionUnits: units, heads, hiddenUnits} = builder.options;
  let e = builder.embeddings();
  for (let l = 1; l <= attentionLayers; l++) {
    e = apply(new FieldAttention({name: `attention_${l}`, units, heads, seed: builder.seed('attention', 4 * l)}), e);
  }
  const attended = builder.flat(e, 'attended');
  // Without an MLP this is the only part with a bias.
  const hasMlp = hiddenUnits.length > 0;
  const logit = builder.toLogit('attention_output', attended, !hasMlp);
  return builder.model(hasMlp ? [logit, builder.mlp([builder.embeddings()])] : [logit]);
}
