import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from '../../../layers/field_layout';
import {lazyAdam} from '../../../optimizers/lazy_adam';
import {autoDeepFm} from '../../models/auto_deep_fm';
import {autoFfm} from '../../models/auto_ffm';
import {autoFm} from '../../models/auto_fm';
import {autoIpnn} from '../../models/auto_ipnn';
import type {ARCHITECTURE, Plan} from './plan';

/** Settings that determine a model with gates and its optimizer. */
export type Architecture = Pick<Plan, (typeof ARCHITECTURE)[number] | 'model' | 'learningRate' | 'recipe' | 'seed'>;

const BUILDERS = {autoFm, autoFfm, autoDeepFm, autoIpnn};

/** The model that is searched, with all of its gates; and its optimizer, which the caller disposes, too. */
export function buildModel(
  {model, order, embeddingDim, hiddenUnits, dropout, embeddingDropout, l2, learningRate, recipe, seed}: Architecture,
  fields: readonly FieldSpec[],
): {model: tfl.LayersModel; optimizer: tf.Optimizer} {
  const optimizer = lazyAdam({learningRate});
  return {
    optimizer,
    model: BUILDERS[model]({
      fields,
      order: order === 'both' ? order : (Number(order) as 2 | 3),
      embeddingDim,
      hiddenUnits,
      dropout,
      embeddingDropout,
      l2,
      thirdOrderTable: recipe === 'paper' && order !== '2',
      seed,
      optimizer,
    }),
  };
}
