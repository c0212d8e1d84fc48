import * as tf from '@tensorflow/tfjs-core';
import {fitCrosses} from '../../layers/fit_crosses';
import {modelParts} from '../../src/components/model_parts';
import {logitsOf} from '../../src/components/products/model_products';
import {ffm} from '../../src/models/ffm';
import {lr} from '../../src/models/lr';
import {generator, integers} from '../helpers/random';

const fields = ['a', 'b', 'c', 'd'].map(name => ({name, size: 4}));
const ids = Int32Array.from(integers(generator(3), 4 * 40, 4));
let xs: tf.Tensor2D;
beforeAll(() => {
  xs = tf.tensor2d(ids, [40, 4], 'int32');
});
const crosses = fitCrosses({
  ids,
  fields,
  interactions: [
    [1, 2],
    [0, 1, 3],
  ],
});

/** A model whose weights are all drawn. */
function drawn(hasProducts: boolean) {
  const model = hasProducts
    ? ffm({
        fields,
        seed: 1,
        embeddingDim: 3,
        crosses,
        interactions: [
          [0, 1],
          [1, 2],
        ],
      })
    : lr({fields, seed: 1, crosses});
  const next = generator(5);
  for (const layer of model.layers) {
    const weights = layer.getWeights().map(weight =>
      weight.dtype === 'int32'
        ? weight
        : tf.tensor(
            Array.from({length: weight.size}, () => next() - 0.5),
            weight.shape,
          ),
    );
    layer.setWeights(weights);
  }
  return model;
}

it.each([
  ['products and crosses', true, ['0,1', '1,2', '0,1,3']],
  ['crosses alone', false, ['1,2', '0,1,3']],
])('takes a model of %s apart by interaction, and the parts add up to its logit', (_, hasProducts, names) => {
  const model = drawn(hasProducts);
  const before = tf.memory().numTensors;
  const {interactions, parts, base} = modelParts(model, xs);
  expect(tf.memory().numTensors).toBe(before);
  expect(interactions.map(String)).toEqual(names);
  const P = interactions.length;
  logitsOf(model, xs).forEach((logit, row) => {
    const sum = parts.slice(row * P, (row + 1) * P).reduce((a, b) => a + b, base[row]);
    expect(sum).toBeCloseTo(logit, 5);
  });
  // Rows with the same values of an interaction have the same part of it.
  interactions.forEach((interaction, p) => {
    const parted = new Map<string, number>();
    for (let row = 0; row < 40; row++) {
      const key = interaction.map(f => ids[4 * row + f]).join();
      expect(parts[row * P + p]).toBeCloseTo(parted.get(key) ?? parts[row * P + p], 5);
      parted.set(key, parts[row * P + p]);
    }
  });
  model.dispose();
});
