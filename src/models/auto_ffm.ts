import type * as tfl from '@tensorflow/tfjs-layers';
import {ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * AutoFFM: field-aware FM with a gate on each normalised pair,
 *   sigmoid(w0 + <w, x> + sum_{i<j} alpha_ij BN(<v_{i, f_j}, v_{j, f_i}>)).
 * Search its gates with SearchStage; in `retrainModel` and `pruneModel` a closed pair loses its vectors.
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function autoFfm(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('autoFfm', options, {chosen: true});
  return builder.model([builder.linear(), builder.fieldAwarePairs(builder.options.gate)]);
}
