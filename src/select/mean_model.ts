import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {CrossLinear} from '../../layers/cross_linear';
import type {Crosses} from '../../layers/fit_crosses';
import {calibrateModel} from './calibrate_model';

/**
 * Give a model the weights by which its logit is the mean of those of two others: `fm` or `ffm` without memorised
 * crosses, and a GA2M, which is `lr` with crosses. Their sum has the vectors of one, the crosses of the other, and the
 * sum of both linear parts; the mean is half of it. So it is one model, in every format.
 *
 * @param products `fm` or `ffm`.
 * @param tables The GA2M, of the same fields.
 * @param build A model as `products`, with these crosses; it is given the weights, and returned.
 */
export function meanModel(
  products: tfl.LayersModel,
  tables: tfl.LayersModel,
  build: (crosses: Crosses) => tfl.LayersModel,
): tfl.LayersModel {
  const crosses = tables.layers.find(layer => layer.getClassName() === 'CrossLinear')! as CrossLinear;
  const [, dictionary] = crosses.getWeights();
  const mean = build({
    interactions: crosses.interactions,
    counts: crosses.counts!,
    dictionary: dictionary.dataSync() as Int32Array,
  });
  for (const layer of mean.layers.filter(({weights}) => weights.length > 0)) {
    const [own, other] = [products, tables]
      .flatMap(model => model.layers.filter(({name}) => name === layer.name))
      .map(each => each.getWeights());
    tf.tidy(() => layer.setWeights(other === undefined ? own : own.map((weight, i) => tf.add(weight, other[i]))));
  }
  calibrateModel(mean, {intercept: 0, slope: 1 / 2});
  return mean;
}
