import type * as tfl from '@tensorflow/tfjs-layers';
import {ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * Factorisation machine (Rendle, ICDM 2010; AutoFIS, eq. 4):
 *   sigmoid(w0 + <w, x> + sum_{i<j} <e_i, e_j>).
 * With `order` 'both' it is the third-order FM, which adds sum_{i<j<k} <e_i, e_j, e_k>; with 3 it has only these.
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function fm(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('fm', options, {orders: true, gatesOnly: true});
  return builder.model([builder.linear(), ...builder.interactions()]);
}
