import type * as tfl from '@tensorflow/tfjs-layers';
import {ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * Field-aware FM (Juan et al., RecSys 2016, eq. 4): every value has one vector for each field that it meets,
 *   sigmoid(w0 + <w, x> + sum_{i<j} <v_{i, f_j}, v_{j, f_i}>).
 * A value of a field in n pairs has n vectors, so d is small as a rule, 4 to 8, and `interactions` makes the table
 * smaller.
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function ffm(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('ffm', options, {chosen: true});
  return builder.model([builder.linear(), builder.fieldAwarePairs()]);
}
