import * as tf from '@tensorflow/tfjs-core';
import {fitCrosses} from '../../layers/fit_crosses';
import {ffmForm, fmForm} from '../../src/select/forms';
import {foldModels} from '../../src/select/fold_models';
import {logitsOf} from '../../src/components/products/model_products';
import {fields, plantedRows} from '../helpers/models';
import {expectNoLeak} from '../helpers/tensors';

describe('foldModels', () => {
  const {ids} = plantedRows(50, fields, [[0, 1]], 4);
  const crosses = fitCrosses({ids: Int32Array.from(ids.flat()), fields, interactions: [[0, 1]]});

  it.each([
    ['fm', fmForm({fields, embeddingDim: 3}), undefined],
    ['ffm with crosses', ffmForm({fields, embeddingDim: 2, tableL2: 0.01}), crosses],
  ])('makes one model whose logit is the mean: %s', async (_, form, own) => {
    await expectNoLeak(async () => {
      const selection = form.all.slice(0, 3);
      const models = [1, 2, 3].map(seed => {
        const model = form.build(selection, seed, own);
        const start = model
          .getWeights()
          .map((weight, i) =>
            weight.dtype === 'int32' ? weight : tf.randomNormal(weight.shape, 0, 0.5, 'float32', 9 * seed + i),
          );
        model.setWeights(start);
        tf.dispose(start.filter(({dtype}) => dtype !== 'int32'));
        return model;
      });
      const mean = form.build(selection, 1, own, 3);
      foldModels(models, mean);
      const xs = tf.tensor2d(ids, undefined, 'int32');
      const each = models.map(model => logitsOf(model, xs));
      logitsOf(mean, xs).forEach((z, row) =>
        expect(z).toBeCloseTo((each[0][row] + each[1][row] + each[2][row]) / 3, 4),
      );
      xs.dispose();
      [...models, mean].forEach(model => model.dispose());
    });
  });
});
