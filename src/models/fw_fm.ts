import type * as tfl from '@tensorflow/tfjs-layers';
import {ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * FwFM, the field-weighted FM (Pan et al., WWW 2018, section 4): FM with a weight r for each pair of fields,
 *   sigmoid(w0 + <w, x> + sum_{i<j} r_ij <e_i, e_j>).
 * r starts at 1, so that the model starts as FM. It is a GatedInteraction without normalisation, whose alpha is r.
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function fwFm(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('fwFm', options, {chosen: true, gatesOnly: true});
  return builder.model([builder.linear(), ...builder.interactions({batchNorm: false, alphaInit: 1})]);
}
