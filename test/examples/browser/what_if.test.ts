import * as tf from '@tensorflow/tfjs-core';
import {auc, fitCrosses} from 'tfjs-autofis';
import {heldParts, WhatIfGates} from '../../../examples/browser/worker/what_if';
import {ffm} from '../../../src/models/ffm';
import {generator, integers} from '../../helpers/random';

it('parts of products and crosses add up to what the model predicts, until their gates close', async () => {
  const fields = ['a', 'b', 'c', 'd'].map(name => ({name, size: 4}));
  const next = generator(3);
  const ids = Int32Array.from(integers(next, 4 * 60, 4));
  const pairs = [
    [0, 1],
    [1, 2],
  ];
  const crosses = fitCrosses({ids, fields, interactions: [pairs[1], [0, 1, 3]]});
  const model = ffm({fields, seed: 1, embeddingDim: 3, interactions: pairs, crosses});
  const draw = (weight: tf.Tensor) =>
    tf.tensor(
      Float32Array.from({length: weight.size}, () => next() - 0.5),
      weight.shape,
    );
  model.setWeights(model.getWeights().map(weight => (weight.dtype === 'int32' ? weight : draw(weight))));
  const rows = {xs: tf.tensor2d(ids, [60, 4], 'int32'), ys: tf.tensor2d(integers(next, 60, 2), [60, 1])};
  const names = fields.map(({name}) => name);
  const aucOf = () => auc(rows.ys.dataSync(), (model.predict(rows.xs) as tf.Tensor).dataSync());
  const before = tf.memory().numTensors;
  const gates = new WhatIfGates(await heldParts(model, rows, {fields: names, interactions: 3}), 7);
  expect(tf.memory().numTensors).toBe(before);
  expect([...gates.state().open]).toEqual([1, 0, 0, 1, 0, 0, 1]);
  expect(gates.state().chosen).toBeCloseTo(aucOf(), 6);
  for (const layer of model.layers.filter(each => each.getClassName() !== 'FieldLinear'))
    layer.setWeights(layer.getWeights().map(weight => (weight.dtype === 'int32' ? weight : tf.zerosLike(weight))));
  [0, 3, 6].forEach(gate => gates.set(gate, false));
  expect(gates.state().now).toBeCloseTo(aucOf(), 6);
  expect(gates.state().now).not.toBeCloseTo(gates.state().chosen, 3);
  model.dispose();
});
