import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from '../../../layers/field_layout';
import {lazyAdam} from '../../../optimizers/lazy_adam';
import {autoDeepFm} from '../../models/auto_deep_fm';
import {autoFfm} from '../../models/auto_ffm';
import {autoFm} from '../../models/auto_fm';
import {autoIpnn} from '../../models/auto_ipnn';
import type {PaperPlan} from './paper_plan';

const BUILDERS = {autoFm, autoFfm, autoDeepFm, autoIpnn};

/** Build the model of pairs with all of its gates, without dropout and penalty as in the paper, and its optimizer. */
export function buildModel(
  {model, learningRate, seed}: PaperPlan,
  fields: readonly FieldSpec[],
): {model: tfl.LayersModel; optimizer: tf.Optimizer} {
  const optimizer = lazyAdam({learningRate});
  return {optimizer, model: BUILDERS[model]({fields, seed, optimizer})};
}
