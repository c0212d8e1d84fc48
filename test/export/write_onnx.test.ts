import {readFileSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import * as ort from 'onnxruntime-node';
import {onnxBytes, writeOnnx} from 'tfjs-autofis/export';
import {NumericEmbedding} from 'tfjs-autofis/layers';
import {everyStep} from './every_step';
import {apart, cases, predict, randomIds, trainedModels} from './models';
import {sharedFolder} from '../helpers/folders';

const models = trainedModels();
const folder = sharedFolder();

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

  it('takes integers in other shapes than that of the input', async () => {
    const x = tfl.input({shape: [4], dtype: 'int32', name: 'x'});
    const square = tfl.layers.reshape({targetShape: [2, 2]}).apply(x);
    const turned = tfl.layers.permute({dims: [2, 1]}).apply(square);
    const numbers = new NumericEmbedding({fields: ['a', 'b', 'c', 'd'].map(name => ({name})), outputDim: 2}).apply(x);
    const outputs = [
      tfl.layers.dense({units: 3, name: 'dense'}).apply(tfl.layers.flatten().apply(turned)),
      numbers,
    ] as tfl.SymbolicTensor[];
    const model = tfl.model({inputs: x, outputs});
    const given = tf.tensor2d([[1, 2, 3, 4]], [1, 4], 'int32');
    const expected = model.predict(given) as tf.Tensor[];
    const loaded = await session(model);
    const result = await loaded.run({x: new ort.Tensor('int32', Int32Array.of(1, 2, 3, 4), [1, 4])});
    expected.forEach((tensor, i) =>
      expect(apart(result[loaded.outputNames[i]].data as Float32Array, tensor.dataSync())).toBeLessThan(1e-5),
    );
    tf.dispose([given, expected]);
    model.dispose();
  });

  it('gives each output a name of its own, where a layer is used twice', async () => {
    const inputs = ['x', 'y'].map(name => tfl.input({shape: [2], name}));
    const [twice, once] = ['top', 'top_1'].map(name => tfl.layers.dense({units: 1, name}));
    const outputs = [twice.apply(inputs[0]), twice.apply(inputs[1]), once.apply(inputs[0])] as tfl.SymbolicTensor[];
    const model = tfl.model({inputs, outputs});
    expect((await session(model)).outputNames).toEqual(['top', 'top_2', 'top_1']);
    model.dispose();
  });
});
