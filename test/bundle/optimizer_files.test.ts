import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {fieldSpecs, lazyAdam} from 'tfjs-autofis';
import {loadBundle, saveBundle} from 'tfjs-autofis/bundle';
import {autoDeepFm} from 'tfjs-autofis/models';
import {useClosedLoss} from '../../src/metrics/binary_crossentropy';
import {readOptimizer, restoreOptimizer} from '../../src/bundle/optimizer_files';
import {setOptimizer} from '../../src/tfjs_internals';
import {MemoryStore} from '../helpers/bundles';
import {everyRule} from '../helpers/fitted';
import {zooIds} from '../helpers/plain_models';
import {expectNoLeak, weightValues} from '../helpers/tensors';

const fitted = everyRule();
const fields = fieldSpecs(fitted);
const build = (optimizer: tf.Optimizer) => autoDeepFm({fields, embeddingDim: 2, hiddenUnits: [3], seed: 1, optimizer});
let xs: tf.Tensor;
let ys: tf.Tensor;
beforeAll(() => {
  xs = tf.tensor2d(zooIds(fields, 30, 2), undefined, 'int32');
  ys = tf.tensor2d(Array.from({length: 30}, (_, i) => [i % 2]));
});
const step = (model: tfl.LayersModel) => model.fit(xs, ys, {epochs: 3, shuffle: false, verbose: 0});

test.each([
  ['lazyAdam', () => lazyAdam({learningRate: 0.05})],
  ['tf.train.adam', () => tf.train.adam(0.05)],
])('a model trains on from a bundle with the moments of %s to the same weights', async (_, make) => {
  const store = new MemoryStore();
  const model = build(make());
  await step(model);
  await saveBundle(store, {model, fitted, optimizer: true});
  await step(model);

  const bundle = await loadBundle(store);
  const saved = (await readOptimizer(store))!;
  const optimizer = await restoreOptimizer('test', saved);
  tf.dispose(saved.slots.map(({tensors}) => tensors));
  bundle.model.compile({optimizer, loss: 'binaryCrossentropy'});
  // As the model's builder does: tfjs's own differs in the last digits.
  useClosedLoss(bundle.model);
  setOptimizer(bundle.model, optimizer, true);
  await step(bundle.model);
  expect(weightValues(bundle.model.weights)).toEqual(weightValues(model.weights));
});

test('a bundle without an optimizer, one before its first step, and one whose state is not moments', async () => {
  const store = new MemoryStore();
  const model = build(lazyAdam({learningRate: 0.05}));
  await saveBundle(store, {model, fitted});
  expect(await readOptimizer(store)).toBeNull();
  expect(store.files.has('optimizer.bin')).toBe(false);
  await saveBundle(store, {model, fitted, optimizer: true});
  expect(await readOptimizer(store)).toMatchObject({
    className: 'LazyAdam',
    config: {learningRate: 0.05},
    step: 0,
    slots: [],
  });
  const momentum = build(tf.train.momentum(0.1, 0.9));
  const {model: plain} = await loadBundle(store);
  await expect(saveBundle(store, {model: plain, fitted, optimizer: true})).rejects.toThrow(
    'saveBundle: `optimizer` needs a model compiled with lazyAdam() or tf.train.adam(), with moments of each ' +
      'trainable weight. Received a model with no optimizer. Leave `optimizer` out.',
  );
  await expect(saveBundle(store, {model: momentum, fitted, optimizer: 1 as never})).rejects.toThrow(
    '`optimizer` must be',
  );
});

test('damaged moments are found, and nothing leaks', async () => {
  const store = new MemoryStore();
  const model = build(lazyAdam());
  await step(model);
  await expectNoLeak(() => saveBundle(store, {model, fitted, optimizer: true}));
  await expectNoLeak(async () => tf.dispose((await readOptimizer(store))!.slots.map(({tensors}) => tensors)));
  store.files.get('optimizer.bin')![5] ^= 1;
  await expect(readOptimizer(store)).rejects.toThrow('optimizer.bin has changed since it was saved');
});
