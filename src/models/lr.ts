import type * as tfl from '@tensorflow/tfjs-layers';
import {ModelBuilder} from './model_builder';
import type {ModelOptions} from './model_options';

/**
 * Logistic regression (of clicks: Richardson et al., WWW 2007):
 *   sigmoid(w0 + <w, x>).
 *
 * Input: ids [B, W]; output: probabilities [B, 1].
 */
export function lr(options: ModelOptions): tfl.LayersModel {
  const builder = new ModelBuilder('lr', options);
  return builder.model([builder.linear()]);
}
