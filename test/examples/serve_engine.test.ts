import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {fieldSpecs, fitCrosses, retrainModel, selectionOf} from 'tfjs-autofis';
import {loadBundle, RowEncoder, saveBundle} from 'tfjs-autofis/bundle';
import {onnxBytes} from 'tfjs-autofis/export';
import {autoDeepFm, autoFm, autoIpnn, ffm, fm, lr} from 'tfjs-autofis/models';
import {useBackend} from 'tfjs-autofis/runtime';
import {engineLoader} from '../../examples/serve/engine';
import {OnnxSession} from '../../examples/serve/onnx_session';
import {MemoryStore, modelFor} from '../helpers/bundles';
import {sharedFolder} from '../helpers/folders';
import {everyRule, everyRuleRows} from '../helpers/fitted';
import {apart} from '../export/models';
import {drawWeights} from '../export/zoo_cases';

const rows = everyRuleRows(300);
const fitted = everyRule();
const folder = sharedFolder();
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
  const bundle = await loadBundle(await save('plain'));
  expected = await bundle.predict(rows);
  bundle.dispose();
});
beforeEach(async () => {
  await useBackend();
});
afterEach(() => jest.restoreAllMocks().unmock('onnxruntime-node').resetModules());

test('computes with ONNX Runtime by default, the same for any number of rows, and keeps no tensors', async () => {
  const before = tf.memory().numTensors;
  const release = jest.spyOn(OnnxSession.prototype, 'release');
  const {bundle, predictIds, reason, close} = await engineLoader(path.join(folder, 'plain'))();
  expect(reason).toMatch(/^ONNX Runtime \d+\.\d+\.\d+$/);
  expect(tf.memory().numTensors).toBe(before);
  expect(new Set(expected).size).toBeGreaterThan(100);
  for (const count of [1, 2, 300]) {
    const {ids} = bundle.encoder.encode(rows.slice(0, count));
    expect(apart(await predictIds(ids), expected.subarray(0, count))).toBeLessThan(1e-6);
  }
  expect(release).not.toHaveBeenCalled();
  await close();
  expect(release).toHaveBeenCalledTimes(1);
});

describe('ONNX Runtime computes, the same to 1e-6', () => {
  const fields = fieldSpecs(fitted);
  const options = {fields, embeddingDim: 4, hiddenUnits: [8], dropout: 0.2, l2: 1e-4, seed: 1};
  const crosses = (interactions: Array<[number, number]>) =>
    fitCrosses({ids: new RowEncoder(fitted).encode(rows).ids, fields, interactions});
  const slim = (build: (given: typeof options) => tfl.LayersModel, form: Parameters<typeof retrainModel>[2]) => () => {
    const model = build(options);
    return retrainModel(
      model,
      selectionOf(model).filter((_, i) => i % 3 > 0),
      form,
    );
  };
  const plain = {alpha: 'none', batchNorm: false} as const;

  test.each<[string, () => tfl.LayersModel]>([
    ['LR with crosses', () => lr({...options, crosses: crosses([[0, 1]])})],
    ['FM of some pairs with crosses', () => fm({...options, interactions: [[0, 1]], crosses: crosses([[2, 5]])})],
    ['FFM', () => ffm(options)],
    ['AutoFM of both with two tables', () => autoFm({...options, order: 'both', thirdOrderTable: true})],
    ['AutoDeepFM, slim', slim(autoDeepFm, {})],
    ['AutoDeepFM, slim and plain', slim(autoDeepFm, plain)],
    ['AutoIPNN, slim', slim(autoIpnn, {})],
  ])('%s', async (_, build) => {
    const model = build();
    drawWeights(model, 2);
    const store = new MemoryStore();
    await saveBundle(store, {model, fitted});
    const engines = [await engineLoader(store)(), await engineLoader(store, 'cpu')()];
    expect(engines[0].reason).toMatch(/^ONNX Runtime/);
    const {ids} = engines[0].bundle.encoder.encode(rows);
    const [onnx, own] = [await engines[0].predictIds(ids), await engines[1].predictIds(ids)];
    expect(new Set(own).size).toBeGreaterThan(20);
    expect(apart(onnx, own)).toBeLessThan(1e-6);
    await Promise.all(engines.map(({close}) => close()));
    model.dispose();
  });
});

describe('an ONNX Runtime with other answers', () => {
  const problem = /on a generated row it gives 0\.\d+, TensorFlow\.js 0\.\d+/;
  let release: jest.SpyInstance;
  beforeEach(() => {
    release = jest.spyOn(OnnxSession.prototype, 'release');
    const {run} = OnnxSession.prototype;
    jest.spyOn(OnnxSession.prototype, 'run').mockImplementation(async function (this: OnnxSession, ids) {
      const probabilities = await run.call(this, ids);
      probabilities[probabilities.length - 1] += 3e-6;
      return probabilities;
    });
  });

  test('does not compute, and it is said why', async () => {
    const before = tf.memory().numTensors;
    const {bundle, predictIds, reason, close} = await engineLoader(path.join(folder, 'plain'))();
    expect(reason).toMatch(new RegExp(`^native TensorFlow .*; not ONNX Runtime: ${problem.source}$`));
    expect(release).toHaveBeenCalledTimes(1);
    expect(apart(await predictIds(bundle.encoder.encode(rows).ids), expected)).toBeLessThan(1e-6);
    await close();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('is an error where it is asked for', async () => {
    await expect(engineLoader(path.join(folder, 'plain'), 'onnx')()).rejects.toThrow(problem);
  });
});

describe('a session', () => {
  let session: OnnxSession;
  let columns: number;
  beforeEach(async () => {
    const bundle = await loadBundle(path.join(folder, 'plain'));
    ({columns} = bundle.encoder);
    session = await OnnxSession.start(onnxBytes(bundle.model), columns);
    bundle.dispose();
  });
  afterEach(() => session.release());

  test('answers after a failed prediction, each question with its own answer', async () => {
    const empty = new Int32Array(columns);
    const asked = [empty, new Int32Array(columns).fill(1e9), new Int32Array(300 * columns), empty];
    const [first, failed, ...others] = await Promise.allSettled(asked.map(ids => session.run(ids)));
    expect(failed).toMatchObject({reason: {message: expect.stringContaining('out of data bounds') as string}});
    const [probability] = await session.run(empty);
    for (const [answer, rows] of [
      [first, 1],
      [others[0], 300],
      [others[1], 1],
    ] as const)
      expect(answer.status === 'fulfilled' && Array.from(answer.value)).toEqual(Array(rows).fill(probability));
  });

  test('fails what waits when its thread ends', async () => {
    const waiting = session.run(new Int32Array(1e6 * columns));
    await Promise.all([session.release(), expect(waiting).rejects.toThrow('The thread of ONNX Runtime has ended.')]);
    await expect(session.run(new Int32Array(columns))).rejects.toThrow('The thread of ONNX Runtime has ended.');
  });
});

test('bytes that ONNX Runtime cannot read start no session', async () => {
  await expect(OnnxSession.start(Uint8Array.of(1, 2, 3), 1)).rejects.toThrow(/protobuf/i);
});

test('computes with the backend that is asked for', async () => {
  const {bundle, predictIds, reason} = await engineLoader(path.join(folder, 'plain'), 'cpu')();
  expect(reason).toContain('cpu');
  expect(apart(await predictIds(bundle.encoder.encode(rows).ids), expected)).toBeLessThan(1e-6);
  bundle.dispose();
});

describe('a model that cannot be exported', () => {
  const leaky = (x: tfl.SymbolicTensor) => tfl.layers.leakyReLU({name: 'leaky'}).apply(x) as tfl.SymbolicTensor;
  const problem = 'onnxBytes: layer leaky (LeakyReLU) cannot be exported.';

  test('is computed by TensorFlow.js, and it is said why', async () => {
    const {bundle, predictIds, reason} = await engineLoader(await save('leaky', leaky))();
    expect(reason).toContain(`; not ONNX Runtime: ${problem}`);
    expect(apart(await predictIds(bundle.encoder.encode(rows).ids), expected)).toBeLessThan(1e-6);
    bundle.dispose();
  });

  test('is an error where ONNX Runtime is asked for', async () => {
    const before = tf.memory().numTensors;
    await expect(engineLoader(await save('leaky', leaky), 'onnx')()).rejects.toThrow(problem);
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
    const {bundle, predictIds, reason} = await engineLoader(path.join(folder, 'plain'))();
    expect(reason).toContain(
      "; not ONNX Runtime: onnxruntime-node cannot be loaded: Cannot find module 'onnxruntime-node'. " +
        'Run: npm install onnxruntime-node',
    );
    expect(apart(await predictIds(bundle.encoder.encode(rows).ids), expected)).toBeLessThan(1e-6);
    bundle.dispose();
  });

  test('it is an error to ask for it', async () => {
    await expect(engineLoader(path.join(folder, 'plain'), 'onnx')()).rejects.toThrow(
      "onnxruntime-node cannot be loaded: Cannot find module 'onnxruntime-node'. Run: npm install onnxruntime-node",
    );
  });
});
