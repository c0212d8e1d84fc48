import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import * as ort from 'onnxruntime-node';
import {onnxBytes, writeOnnx} from 'tfjs-autofis/export';
import {everyStep} from './every_step';
import {apart, cases, predict, randomIds, trainedModels} from './models';

const models = trainedModels();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'autofis-onnx-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

/** Loads the model in ONNX Runtime. */
async function session(model: tfl.LayersModel): Promise<ort.InferenceSession> {
  const file = path.join(folder, 'model.onnx');
  await writeOnnx(file, model);
  return ort.InferenceSession.create(file, {logSeverityLevel: 4});
}

describe('writeOnnx', () => {
  it.each(cases.map((each, i) => ({...each, i})))('predicts the same in ONNX Runtime: $title', async ({fields, i}) => {
    const model = models()[i];
    const ids = randomIds(fields, 1000, 5);
    const before = tf.memory().numTensors;
    const loaded = await session(model);
    expect(tf.memory().numTensors).toBe(before);
    expect([loaded.inputNames, loaded.outputNames]).toEqual([['ids'], ['click']]);
    const {click} = await loaded.run({
      ids: new ort.Tensor('int32', Int32Array.from(ids.flat()), [1000, ids[0].length]),
    });
    expect(click.dims).toEqual([1000, 1]);
    expect(apart(click.data as Float32Array, predict(model, ids))).toBeLessThan(1e-5);
    const one = await loaded.run({ids: new ort.Tensor('int32', Int32Array.from(ids[0]), [1, ids[0].length])});
    expect(apart(one['click'].data as Float32Array, [(click.data as Float32Array)[0]])).toBeLessThan(1e-6);
  });

  it('has every activation, several inputs and outputs, and models in models', async () => {
    const {model, given} = everyStep();
    const expected = model.predict(given) as tf.Tensor[];
    const loaded = await session(model);
    const [a, b] = given.map(tensor => new ort.Tensor('float32', tensor.dataSync(), tensor.shape));
    const result = await loaded.run({x: a, y: b});
    expect(loaded.outputNames).toHaveLength(4);
    expected.forEach((tensor, i) => {
      const {data, dims} = result[loaded.outputNames[i]];
      expect(dims).toEqual(tensor.shape);
      expect(apart(data as Float32Array, tensor.dataSync())).toBeLessThan(2e-5);
    });
    tf.dispose([...given, ...expected]);
    model.dispose();
  });

  it('writes the bytes that onnxBytes gives, to a folder that it makes', async () => {
    const [model] = models();
    const file = path.join(folder, 'new/models/model.onnx');
    await writeOnnx(file, model);
    expect(Buffer.compare(readFileSync(file), onnxBytes(model))).toBe(0);
  });

  it('holds a table once, though two layers share it', async () => {
    const x = tfl.input({shape: [2], dtype: 'int32'});
    const y = tfl.input({shape: [2], dtype: 'int32'});
    const shared = tfl.layers.embedding({inputDim: 1000, outputDim: 8, inputLength: 2});
    const model = tfl.model({
      inputs: [x, y],
      outputs: tfl.layers.add().apply([shared.apply(x), shared.apply(y)] as tfl.SymbolicTensor[]) as tfl.SymbolicTensor,
    });
    await session(model);
    expect(readFileSync(path.join(folder, 'model.onnx')).length).toBeLessThan(1000 * 8 * 4 + 2000);
    model.dispose();
  });
});
