import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {useBackend} from 'tfjs-autofis/runtime';
import {
  adamPowers,
  addReference,
  logged,
  memoryOf,
  namedWeights,
  NATIVE_CONSTANTS,
  nativeBackend,
  disposesOptimizer,
  setOptimizer,
  setOwner,
  silenceFirstUse,
  trainedModel,
  wasmBackend,
  withoutWeights,
} from '../src/tfjs_internals';

const methodsOf = (object: object, names: string[]) =>
  Object.fromEntries(names.map(name => [name, typeof (object as {[name: string]: unknown})[name]]));

const functions = (...names: string[]) => Object.fromEntries(names.map(name => [name, 'function']));

function compiled(): tfl.Sequential {
  const model = tfl.sequential({layers: [tfl.layers.dense({units: 1, inputShape: [2], name: 'only'})]});
  model.compile({optimizer: 'adam', loss: 'meanSquaredError'});
  return model;
}

it('are those of the version of tfjs that the library was tried with', () => {
  // With another one: run all tests, read its changes of what src/tfjs_internals.ts names, and then change this line.
  expect([tf.version_core, tfl.version_layers]).toEqual(['4.22.0', '4.22.0']);
});

describe('of the engine', () => {
  it('make another backend the owner of a tensor', () => {
    const tensor = tf.scalar(1);
    const own = tf.backend();
    const other = {disposeData: () => true, refCount: () => 0} as unknown as tf.KernelBackend;
    setOwner(tensor, other);
    expect(() => tensor.dataSync()).toThrow();
    setOwner(tensor, own);
    expect(tensor.dataSync()[0]).toBe(1);
    tensor.dispose();
  });

  it('count one more tensor on data, which then outlive the first', () => {
    const before = tf.memory();
    const tensor = tf.scalar(7);
    const second = tf.scalar(0);
    tf.engine().disposeTensor(second);
    second.dataId = tensor.dataId;
    addReference(second);
    tensor.dispose();
    expect(second.dataSync()[0]).toBe(7);
    second.dispose();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });
});

describe('of models and optimizers', () => {
  it('hold the optimizer and who disposes it', () => {
    const sequential = compiled();
    const model = trainedModel(sequential);
    expect(disposesOptimizer(model)).toBe(true);
    model.optimizer.dispose();
    const own = tf.train.sgd(0.1);
    setOptimizer(model, own, false);
    expect(model.optimizer).toBe(own);
    expect(disposesOptimizer(model)).toBe(false);
    sequential.dispose();
    own.dispose();
  });

  it('name the weights, and save a model without them', async () => {
    const model = compiled();
    expect(namedWeights(model).map(({name, tensor}) => [name.replace(/_\d+\//, '/'), tensor.shape])).toEqual([
      ['only/kernel', [2, 1]],
      ['only/bias', [1]],
    ]);
    let saved!: tf.io.ModelArtifacts;
    await withoutWeights(model).save(
      tf.io.withSaveHandler(async artifacts => {
        saved = artifacts;
        return {modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts)};
      }),
      {includeOptimizer: true},
    );
    expect(saved.weightSpecs).toEqual([]);
    expect(saved.modelTopology).toMatchObject({class_name: 'Sequential'});
    model.dispose();
  });

  it('log a scalar as the loss of a batch, in the model that a tf.Sequential wraps', async () => {
    const model = compiled();
    const seen: Array<[boolean, boolean]> = [];
    const callback = new (class extends tfl.Callback {
      override async onBatchEnd(_batch: number, logs: tfl.Logs): Promise<void> {
        seen.push([logged(logs, 'loss') instanceof tf.Tensor, (this.model as unknown) === trainedModel(model)]);
      }
    })();
    callback.onBatchEnd = callback.onBatchEnd.bind(callback);
    const xs = tf.ones([2, 2]);
    const ys = tf.ones([2, 1]);
    await model.fit(xs, ys, {epochs: 1, verbose: 0, callbacks: [callback]});
    expect(seen).toEqual([[true, true]]);
    expect(trainedModel(model)).not.toBe(model);
    tf.dispose([xs, ys]);
    model.dispose();
  });

  it("hold Adam's powers", () => {
    const adam = tf.train.adam(0.25, 0.5, 0.75);
    const {beta1, beta2, accBeta1, accBeta2} = adamPowers(adam);
    expect([beta1, beta2, accBeta1.dataSync()[0], accBeta2.dataSync()[0]]).toEqual([0.5, 0.75, 0.5, 0.75]);
    adam.dispose();
  });
});

describe('of backends', () => {
  it('run ops of TensorFlow by their names', () => {
    const backend = nativeBackend();
    // Without the addon there is none.
    if (backend === null) return;
    const runs = ['executeSingleOutput', 'executeMultipleOutputs', 'getInputTensorIds', 'createOutputTensor'];
    const methods = [...runs, 'disposeData'];
    expect(methodsOf(backend, methods)).toEqual(functions(...methods));
    expect(methodsOf(backend.binding, ['executeOp', 'deleteTensor'])).toEqual(functions('executeOp', 'deleteTensor'));
    expect(NATIVE_CONSTANTS.filter(name => typeof backend.binding[name] !== 'number')).toEqual([]);
    expect(backend.binding.TF_Version).toMatch(/^\d+\.\d+\./);
    expect([typeof backend.isGPUPackage, typeof backend.isUsingGpuDevice]).toEqual(['boolean', 'boolean']);
    const x = tf.scalar(-2);
    const {TF_ATTR_TYPE, TF_FLOAT} = backend.binding;
    const sign = backend.executeSingleOutput('Sign', [{name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT}], [x]);
    expect(sign.dataSync()[0]).toBe(-1);
    tf.dispose([x, sign]);
  });

  it("lay wasm's tensors on a heap that can be seen", async () => {
    const before = tf.getBackend();
    await useBackend('wasm');
    const backend = wasmBackend()!;
    const names = ['makeOutput', 'typedArrayFromHeap', 'disposeData'];
    expect(methodsOf(backend, names)).toEqual(functions(...names));
    expect(methodsOf(backend.wasm, ['_malloc', '_free'])).toEqual(functions('_malloc', '_free'));
    expect(Object.prototype.toString.call(memoryOf(backend))).toBe('[object WebAssembly.Memory]');
    const output = backend.makeOutput([2], 'float32');
    backend.typedArrayFromHeap(output).set([3, 4]);
    const {memoryOffset} = backend.dataIdMap.get(output.dataId);
    expect([...new Float32Array(backend.wasm.HEAPU8.buffer, memoryOffset, 2)]).toEqual([3, 4]);
    backend.disposeData(output.dataId);
    tf.setBackend(before);
  });

  it('say nothing on the first use of cpu', async () => {
    const before = tf.getBackend();
    await useBackend('cpu');
    expect('firstUse' in tf.backend()).toBe(true);
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    silenceFirstUse(tf.backend());
    tf.scalar(1).dispose();
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
    tf.setBackend(before);
  });
});
