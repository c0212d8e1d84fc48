import {mkdtempSync, rmSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {loadBundle, Row, saveBundle} from 'tfjs-autofis/bundle';
import {useBackend} from 'tfjs-autofis/runtime';
import {loadEngine} from '../../examples/serve/engine';
import {modelFor} from '../helpers/bundles';
import {everyRule} from '../helpers/fitted';
import {apart} from '../export/models';

const rows: Row[] = Array.from({length: 300}, (_, i) => ({
  site_id: ['a', 1005, 'b', null][i % 4],
  age: i % 90,
  count: i % 7,
  genres: [['Drama', 'Comedy'], ['Noir'], null][i % 3],
  time: `141021${String(i % 24).padStart(2, '0')}`,
  device: `d${i}`,
}));
const fitted = everyRule();
let folder: string;
let expected: Float32Array;

/** Saves a bundle in which `change` may put a layer behind the model. */
async function save(name: string, change = (probability: tfl.SymbolicTensor) => probability): Promise<string> {
  const model = modelFor(fitted);
  const place = path.join(folder, name);
  const changed = tfl.model({inputs: model.inputs, outputs: change(model.outputs[0])});
  await saveBundle(place, {model: changed, fitted});
  changed.dispose();
  return place;
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-engine-'));
  const bundle = await loadBundle(await save('plain'));
  expected = await bundle.predict(rows);
  bundle.dispose();
});
afterAll(() => rmSync(folder, {recursive: true}));
beforeEach(async () => {
  await useBackend();
});
afterEach(() => jest.unmock('onnxruntime-node').resetModules());

test(
  'computes with ONNX Runtime by default, the same to 1e-6 for any number of rows, ' + 'and keeps no tensors',
  async () => {
    const before = tf.memory().numTensors;
    const {bundle, predictIds, reason} = await loadEngine(path.join(folder, 'plain'));
    expect(reason).toMatch(/^ONNX Runtime \d+\.\d+\.\d+$/);
    expect(tf.memory().numTensors).toBe(before);
    expect(new Set(expected).size).toBeGreaterThan(100);
    for (const count of [1, 2, 300]) {
      const {ids} = bundle.encoder.encode(rows.slice(0, count));
      expect(apart(await predictIds(ids), expected.subarray(0, count))).toBeLessThan(1e-6);
    }
  },
);

test('computes with the backend that is asked for', async () => {
  const {bundle, predictIds, reason} = await loadEngine(path.join(folder, 'plain'), 'cpu');
  expect(reason).toContain('cpu');
  expect(apart(await predictIds(bundle.encoder.encode(rows).ids), expected)).toBeLessThan(1e-6);
  bundle.dispose();
});

describe('a model that cannot be exported', () => {
  const leaky = (x: tfl.SymbolicTensor) => tfl.layers.leakyReLU({name: 'leaky'}).apply(x) as tfl.SymbolicTensor;
  const problem = 'writeOnnx: layer leaky (LeakyReLU) cannot be exported.';

  test('is computed by TensorFlow.js, and it is said why', async () => {
    const {bundle, predictIds, reason} = await loadEngine(await save('leaky', leaky));
    expect(reason).toContain(`; not ONNX Runtime: ${problem}`);
    expect(apart(await predictIds(bundle.encoder.encode(rows).ids), expected)).toBeLessThan(1e-6);
    bundle.dispose();
  });

  test('is an error where ONNX Runtime is asked for', async () => {
    const before = tf.memory().numTensors;
    await expect(loadEngine(await save('leaky', leaky), 'onnx')).rejects.toThrow(problem);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('without onnxruntime-node', () => {
  beforeEach(() => {
    jest.doMock('onnxruntime-node', () => {
      throw new Error("Cannot find module 'onnxruntime-node'\nRequire stack: ...");
    });
  });

  test('TensorFlow.js computes', async () => {
    const {bundle, predictIds, reason} = await loadEngine(path.join(folder, 'plain'));
    expect(reason).not.toContain('ONNX');
    expect(apart(await predictIds(bundle.encoder.encode(rows).ids), expected)).toBeLessThan(1e-6);
    bundle.dispose();
  });

  test('it is an error to ask for it', async () => {
    await expect(loadEngine(path.join(folder, 'plain'), 'onnx')).rejects.toThrow(
      "onnxruntime-node cannot be loaded: Cannot find module 'onnxruntime-node'. Run: npm install onnxruntime-node",
    );
  });
});
