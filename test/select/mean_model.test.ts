import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {fitCrosses} from '../../layers/fit_crosses';
import {lr} from '../../src/models/lr';
import {ffmForm, fmForm} from '../../src/select/forms';
import {meanModel} from '../../src/select/mean_model';
import {logitsOf} from '../../src/components/products/model_products';
import {fields, plantedRows} from '../helpers/models';
import {expectNoLeak} from '../helpers/tensors';

const {ids} = plantedRows(80, fields, [[0, 1]], 4);
const crosses = fitCrosses({
  ids: Int32Array.from(ids.flat()),
  fields,
  interactions: [
    [0, 1],
    [0, 1, 2],
  ],
});

/** Any weights but those of dictionaries. */
function shuffle(model: tfl.LayersModel, seed: number): void {
  tf.tidy(() =>
    model.setWeights(
      model
        .getWeights()
        .map((weight, i) =>
          weight.dtype === 'int32' ? weight : tf.randomNormal(weight.shape, 0, 0.5, 'float32', 9 * seed + i),
        ),
    ),
  );
}

it.each([
  ['FM', fmForm({fields, embeddingDim: 3})],
  ['FFM', ffmForm({fields, embeddingDim: 2, tableL2: 0.01})],
])('makes one model whose logit is the mean of those of %s and of a GA2M', async (_, form) => {
  await expectNoLeak(async () => {
    const selection = form.all.slice(1, 4);
    const products = form.build(selection, 1);
    const tables = lr({fields, crosses});
    shuffle(products, 1);
    shuffle(tables, 2);
    const mean = meanModel(products, tables, own => form.build(selection, 3, own));
    const xs = tf.tensor2d(ids, undefined, 'int32');
    const each = [products, tables].map(model => logitsOf(model, xs));
    logitsOf(mean, xs).forEach((z, row) => expect(z).toBeCloseTo((each[0][row] + each[1][row]) / 2, 5));
    expect(each[0]).not.toEqual(each[1]);
    xs.dispose();
    [products, tables, mean].forEach(model => model.dispose());
  });
});
