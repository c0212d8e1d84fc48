import {statSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {stockModel} from 'tfjs-autofis/export';
import {FieldEmbedding} from 'tfjs-autofis/layers';
import {expectSameAlone} from './alone';
import {everyStep} from './every_step';
import {apart, cases, foreignLayers, predict, randomIds, trainedModels} from './models';
import {fileSystem} from '../../src/runtime/file_system';
import {sharedFolder} from '../helpers/folders';

const models = trainedModels();
const folder = sharedFolder();

describe('stockModel', () => {
  it.each(cases.map((each, i) => ({...each, i})))('predicts the same: $title', ({fields, i}) => {
    const model = models()[i];
    const ids = randomIds(fields, 1000, 5);
    const expected = predict(model, ids);
    const before = tf.memory().numTensors;
    const stock = stockModel(model);
    expect(new Set(expected).size).toBeGreaterThan(20);
    expect(apart(predict(stock, ids), expected)).toBeLessThan(1e-5);
    expect(foreignLayers(stock)).toEqual([]);
    expect([stock.inputs[0].shape, stock.inputNames, stock.outputNames]).toEqual([
      model.inputs[0].shape,
      ['ids'],
      ['click'],
    ]);
    stock.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('loads in a process that has only TensorFlow.js', async () => {
    const loader = "require('@tensorflow/tfjs-layers').loadLayersModel";
    await expectSameAlone(folder, loader, models(), async (model, to) => {
      const stock = stockModel(model);
      await stock.save(fileSystem(`file://${to}`));
      stock.dispose();
    });
    // A table, a kernel of m x m and what the offsets take: no kernel of the size of all products.
    expect(statSync(path.join(folder, 'alone-0/weights.bin')).size).toBeLessThan(4 * (103 * 7 + 2 * 30 + 25 + 30 + 20));
  });

  it('has every activation, several inputs and outputs, and models in models', () => {
    const {model, given} = everyStep();
    const stock = stockModel(model);
    const [expected, result] = [model, stock].map(each => each.predict(given) as tf.Tensor[]);
    expected.forEach((tensor, i) => expect(apart(result[i].dataSync(), tensor.dataSync())).toBeLessThan(2e-5));
    tf.dispose([...given, ...expected, ...result]);
    model.dispose();
    stock.dispose();
  });

  it('gives way to layers that have the names of its own', () => {
    const x = tfl.input({shape: [3], dtype: 'int32', name: 'x'});
    const fields = ['a', 'b', 'c'].map(name => ({name, size: 3, ignored: name === 'b'}));
    const embedded = new FieldEmbedding({name: 'e', fields, outputDim: 2, seed: 1}).apply(x);
    let output = tfl.layers.flatten({name: 'e_rows'}).apply(embedded);
    for (const name of ['e_offsets', 'e_columns', 'e_columns_1', 'e_taken', 'e_ids'])
      output = tfl.layers.dense({units: 4, name}).apply(output);
    const model = tfl.model({inputs: x, outputs: output as tfl.SymbolicTensor});
    const stock = stockModel(model);
    const ids = [
      [0, 1, 2],
      [2, 0, 1],
    ];
    expect(apart(predict(stock, ids), predict(model, ids))).toBeLessThan(1e-6);
    model.dispose();
    stock.dispose();
  });

  it('names what it cannot export', async () => {
    const model = (layer: tfl.layers.Layer) =>
      tfl.sequential({layers: [tfl.layers.inputLayer({inputShape: [4]}), layer]});
    expect(() => stockModel(model(tfl.layers.leakyReLU({name: 'leaky'})))).toThrow(
      /^stockModel: layer leaky \(LeakyReLU\) cannot be exported\. Those that can: Activation, Add, .*GatedInteraction/,
    );
    expect(() => stockModel(model(tfl.layers.dense({units: 1, activation: 'swish', name: 'top'})))).toThrow(
      'stockModel: layer top (Dense): the activation "swish" cannot be exported. Those that can: ' +
        'linear, relu, relu6, sigmoid, tanh, softmax, elu, selu, softplus.',
    );
  });
});
