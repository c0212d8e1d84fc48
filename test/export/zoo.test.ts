import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {loadGraphModel} from '@tensorflow/tfjs-converter';
import * as ort from 'onnxruntime-node';
import {stockModel, writeGraphModel, writeOnnx} from 'tfjs-autofis/export';
import {apart, foreignLayers, predict, randomIds} from './models';
import {zooCases} from './zoo_cases';
import {fileSystem} from '../../src/runtime/file_system';
import {sharedFolder} from '../helpers/folders';

const ROWS = 200;
const folder = sharedFolder();

/** What a model predicts after its way through each format. */
const formats: {[format: string]: (model: tfl.LayersModel, ids: number[][]) => Promise<ArrayLike<number>>} = {
  onnx: async (model, ids) => {
    const file = path.join(folder, 'model.onnx');
    await writeOnnx(file, model);
    const session = await ort.InferenceSession.create(file, {logSeverityLevel: 4});
    const given = new ort.Tensor('int32', Int32Array.from(ids.flat()), [ids.length, ids[0].length]);
    const {probability} = await session.run({ids: given});
    await session.release();
    return probability.data as Float32Array;
  },
  graph: async (model, ids) => {
    await writeGraphModel(folder, model);
    const graph = await loadGraphModel(fileSystem(`file://${path.join(folder, 'model.json')}`));
    const result = tf.tidy(() => (graph.predict(tf.tensor2d(ids, undefined, 'int32')) as tf.Tensor).dataSync());
    graph.dispose();
    return result;
  },
  stock: async (model, ids) => {
    const stock = stockModel(model);
    expect(foreignLayers(stock)).toEqual([]);
    const result = predict(stock, ids);
    stock.dispose();
    return result;
  },
};

describe('exports of every model', () => {
  it.each(zooCases)('$title', async ({fields, build}) => {
    const before = tf.memory().numTensors;
    const model = build();
    const ids = randomIds(fields, ROWS, 5);
    const expected = predict(model, ids);
    expect(new Set(expected.filter(p => p > 0.01 && p < 0.99)).size).toBeGreaterThan(20);
    for (const [format, predictions] of Object.entries(formats)) {
      expect([format, apart(await predictions(model, ids), expected) < 1e-5]).toEqual([format, true]);
    }
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
