import type * as tfl from '@tensorflow/tfjs-layers';
import {ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * AutoFM (AutoFIS, section 3.2): FM with a gate on each normalised interaction,
 *   sigmoid(w0 + <w, x> + sum_{i<j} alpha_ij BN(<e_i, e_j>)),
 * and with `order` 'both' also + sum_{i<j<k} alpha_ijk BN(<e_i, e_j, e_k>), whose embeddings `thirdOrderTable` sets
 * apart. Search its gates with SearchStage; `retrainModel` gives the slim model.
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 *
 * @throws AutofisError on an invalid option.
 * @example
 * const model = autoFm({fields: [{name: 'hour', size: 24}, {name: 'origin', size: 221}], seed: 1});
 */
export function autoFm(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('autoFm', options, {orders: true, gatesOnly: true});
  return builder.model([builder.linear(), ...builder.gated()]);
}
