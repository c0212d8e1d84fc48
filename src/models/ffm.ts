import type * as tfl from '@tensorflow/tfjs-layers';
import {FieldAwareInteraction} from '../../layers/field_aware_interaction';
import {apply, ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * Field-aware FM (Juan et al., RecSys 2016, eq. 4): every feature has one embedding for each field that it meets,
 *   sigmoid(w0 + <w, x> + sum_{i<j} <v_{i, f_j}, v_{j, f_i}>).
 * Its table is [V, m d], so d is small as a rule: 4 to 8.
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function ffm(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('ffm', options);
  const interactions = apply(new FieldAwareInteraction({name: 'field_aware'}), builder.fieldAwareEmbeddings());
  return builder.model([builder.linear(), interactions]);
}
