import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

/**
 * Give a model the weights by which its logit is the mean of the logits of others: `fm` or `ffm` with or without
 * memorised crosses, all of the same fields and pairs. Vectors stand one after another, each divided by the root of
 * their number, since <(a, b), (c, d)> = <a, c> + <b, d>; all other weights are means. So an ensemble is one model, in
 * every format.
 *
 * @param models K models of one form.
 * @param mean A model of that form whose vectors are K times as long.
 */
export function foldModels(models: readonly tfl.LayersModel[], mean: tfl.LayersModel): void {
  for (const layer of mean.layers) {
    const each = models.map(model => model.getLayer(layer.name).getWeights());
    if (each[0].length === 0) continue;
    const joins = /^Field(Aware)?Embedding$/.test(layer.getClassName());
    tf.tidy(() => {
      const tables = each.map(([table]) => table as tf.Tensor2D);
      const table = joins
        ? tf.mul(tf.concat(tables, 1), 1 / Math.sqrt(models.length))
        : tf.div(tf.addN(tables), models.length);
      // Behind the table are a bias, or the dictionary of crosses, which all have alike.
      const others = each[0]
        .slice(1)
        .map((first, i) =>
          layer.getClassName() === 'FieldLinear'
            ? tf.div(tf.addN(each.map(weights => weights[i + 1])), models.length)
            : first,
        );
      layer.setWeights([table, ...others]);
    });
  }
}
