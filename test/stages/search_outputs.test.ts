import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {EpochMetrics, lazyAdam, retrainModel, SearchStage} from 'tfjs-autofis';
import {FieldEmbedding, GatedInteraction} from 'tfjs-autofis/layers';
import {fields, plantedRows, disposeTrained} from '../helpers/models';
import {captureWarnings} from '../helpers/search';
import {expectNoLeak} from '../helpers/tensors';

captureWarnings();

const {ids, labels} = plantedRows(3000, fields, [[0, 1]], 3);

/** Some rows: clicks depend on the first two fields, and prices on the others. */
function rows(from: number, to: number) {
  const own = ids.slice(from, to);
  const prices = own.map(row => ((row[2] + row[3]) % 2 === 0 ? 2.5 : -1.5));
  return {
    xs: tf.tensor2d(own, undefined, 'int32'),
    ys: [labels.slice(from, to), prices].map(values => tf.tensor2d(values, [own.length, 1])),
  };
}

/** One table, and for each output a gate of its own. */
function twoHeads(): tfl.LayersModel {
  const inputs = tfl.input({shape: [fields.length], dtype: 'int32'});
  const e = new FieldEmbedding({
    fields,
    outputDim: 6,
    embeddingsInitializer: tfl.initializers.randomUniform({minval: -0.5, maxval: 0.5, seed: 1}),
  }).apply(inputs) as tfl.SymbolicTensor;
  const head = (name: string, activation: 'linear' | 'sigmoid', seed: number) =>
    tfl.layers
      .dense({name, units: 1, activation, kernelInitializer: 'ones'})
      .apply(new GatedInteraction({seed}).apply(e)) as tfl.SymbolicTensor;
  const model = tfl.model({inputs, outputs: [head('click', 'sigmoid', 2), head('price', 'linear', 3)]});
  model.compile({optimizer: lazyAdam({learningRate: 0.04}), loss: ['binaryCrossentropy', 'meanSquaredError']});
  return model;
}

it('each output finds its own interactions, a click and a number', async () => {
  const [train, more] = [rows(0, 2400), rows(2400, 3000)];
  await expectNoLeak(async () => {
    const model = twoHeads();
    const search = new SearchStage();
    const fit = {batchSize: 30, shuffle: false, verbose: 0} as const;
    await model.fit(train.xs, train.ys, {...fit, epochs: 4, callbacks: [search]});
    const first = [0, 1].map(gate => search.selection.find(each => each.gate === gate)!.fields);
    expect(first).toEqual([
      ['user_ID', 'C1'],
      ['a_b', 'hour'],
    ]);

    const kept = [0, 1].map(gate => search.selection.find(each => each.gate === gate)!);
    const slim = retrainModel(model, kept, {seed: 5});
    const metrics = [
      new EpochMetrics({data: {xs: more.xs, ys: more.ys[0]}, output: 'click', metrics: ['auc']}),
      new EpochMetrics({data: {xs: more.xs, ys: more.ys[1]}, output: 'price', metrics: ['r2']}),
    ];
    const {history} = await slim.fit(train.xs, train.ys, {...fit, epochs: 2, callbacks: metrics});
    expect(history['val_click_auc'].at(-1)).toBeGreaterThan(0.8);
    expect(history['val_price_r2'].at(-1)).toBeGreaterThan(0.8);
    disposeTrained(model, slim);
  });
  tf.dispose([train, more] as never);
});
