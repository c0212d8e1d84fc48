import {execFile} from 'node:child_process';
import {statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {stockModel} from 'tfjs-autofis/export';
import {FieldEmbedding} from 'tfjs-autofis/layers';
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
    const program = path.join(folder, 'load.cjs');
    writeFileSync(
      program,
      `
      const fs = require('fs'), path = require('path'), tf = require('@tensorflow/tfjs-core'), tfl = require('@tensorflow/tfjs-layers');
      require('@tensorflow/tfjs-backend-cpu');
      tf.backend().firstUse = false;
      const {ids, folders} = JSON.parse(fs.readFileSync(0, 'utf8'));
      const load = folder => tfl.loadLayersModel({load: async () => {
        const json = JSON.parse(fs.readFileSync(path.join(folder, 'model.json')));
        const bytes = fs.readFileSync(path.join(folder, 'weights.bin'));
        return tf.io.getModelArtifactsForJSON(json, async manifest =>
          [manifest.flatMap(group => group.weights), bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)]);
      }});
      (async () => {
        const result = [];
        for (let i = 0; i < folders.length; i++) {
          const model = await load(folders[i]);
          result.push([...model.predict(tf.tensor2d(ids[i], undefined, 'int32'), {batchSize: 500}).dataSync()]);
        }
        console.log(JSON.stringify(result));
      })();`,
    );
    const ids = cases.map(({fields}) => randomIds(fields, 1000, 6));
    const expected: number[][] = [];
    const folders: string[] = [];
    for (const [i, model] of models().entries()) {
      const stock = stockModel(model);
      expected.push(predict(model, ids[i]));
      folders.push(path.join(folder, String(i)));
      await stock.save(fileSystem(`file://${folders[i]}`));
      stock.dispose();
    }
    const child = promisify(execFile)(process.execPath, [program], {
      env: {...process.env, NODE_PATH: path.resolve('node_modules')},
    });
    child.child.stdin!.end(JSON.stringify({ids, folders}));
    const predictions = JSON.parse((await child).stdout) as number[][];
    predictions.forEach((each, i) =>
      expect([cases[i].title, apart(each, expected[i]) < 1e-5]).toEqual([cases[i].title, true]),
    );
    // A table, a kernel of m x m and what the offsets take: no kernel of the size of all products.
    expect(statSync(path.join(folders[0], 'weights.bin')).size).toBeLessThan(4 * (103 * 7 + 2 * 30 + 25 + 30 + 20));
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
