import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {CrossLinear} from '../../layers/cross_linear';
import type {Crosses} from '../../layers/fit_crosses';

/**
 * Give a model the weights by which its logit is the mean of those of two others: `fm` or `ffm` without memorised
 * crosses, and a GA2M, which is `lr` with crosses. Vectors are divided by the root of 2, since each product is of two;
 * weights of crosses are halved, those of the linear parts are means. So the mean is one model, in every format.
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
  const isCross = (layer: tfl.layers.Layer) => layer.getClassName() === 'CrossLinear';
  const remembered = tables.layers.find(isCross)! as CrossLinear;
  const [kernel, dictionary] = remembered.getWeights();
  const mean = build({
    interactions: [...remembered.interactions],
    counts: [...remembered.counts!],
    dictionary: dictionary.dataSync() as Int32Array,
  });
  for (const layer of mean.layers) {
    const name = layer.getClassName();
    tf.tidy(() => {
      if (name === 'FieldLinear') {
        const [own, others] = [products, tables].map(model => model.getLayer(layer.name).getWeights());
        layer.setWeights(own.map((weight, i) => tf.mul(tf.add(weight, others[i]), 1 / 2)));
      } else if (/^Field(Aware)?Embedding$/.test(name)) {
        const [table] = products.getLayer(layer.name).getWeights();
        layer.setWeights([tf.mul(table, Math.SQRT1_2)]);
      } else if (isCross(layer)) {
        layer.setWeights([tf.mul(kernel, 1 / 2), dictionary]);
      }
    });
  }
  return mean;
}
