import * as tf from '@tensorflow/tfjs-core';
import {useBackend} from 'tfjs-autofis/runtime';
import {allInteractions} from '../../src/interactions';
import {LayerProducts} from '../../src/products/layer_products';
import {SlicePasses} from '../../src/products/slice_passes';
import {WasmPasses} from '../../src/products/wasm_passes';
import {withGrowingHeap} from '../helpers/growing_heap';
import {testFieldAwarePasses, testPasses} from '../helpers/passes_suite';
import {generator, uniform} from '../helpers/random';
import {expectClose, numbers} from '../helpers/tensors';

beforeAll(() => useBackend('wasm'));

testPasses('wasm', (interactions, order) => new WasmPasses(interactions, order), it);
const pairsOf = (count: number) => Array.from({length: count}, (_, p) => [2 * p, 2 * p + 1]);
testFieldAwarePasses('on wasm', count => new WasmPasses(pairsOf(count), 2), it);

it('is what layers use on wasm, and only there', async () => {
  const products = LayerProducts.of(allInteractions(4, 2), 2);
  expect(products.current.groups[0]).toBeInstanceOf(WasmPasses);
  expect(LayerProducts.fieldAware(3).current.groups[0]).toBeInstanceOf(WasmPasses);
  expect(LayerProducts.fieldAware(0).current.groups).toEqual([]);
  await useBackend('cpu');
  expect(products.current.groups[0]).toBeInstanceOf(SlicePasses);
  await useBackend('wasm');
});

it('leaves no tensor, and no room on the heap', () => {
  const e = tf.tensor3d(uniform(generator(1), 500 * 10 * 8), [500, 10, 8]);
  const passes = new WasmPasses(allInteractions(10, 3), 3);
  const column = tf.ones([500, 1]) as tf.Tensor2D;
  const values = tf.ones([120]) as tf.Tensor1D;
  const all = () =>
    tf.tidy(() => {
      passes.moments(passes.hold([e]));
      passes.pullBack([e], values, column, values, values);
      passes.pullBackList([e], passes.list([e]));
      expectClose(passes.weightedSum([e], values), tf.sum(passes.list([e]), 1), 1e-5);
    });
  const heap = () => (tf.backend() as unknown as {wasm: {HEAPU8: Uint8Array}}).wasm.HEAPU8.length;
  all();
  const [tensors, bytes] = [tf.memory().numTensors, heap()];
  for (let i = 0; i < 200; i++) all();
  expect([tf.memory().numTensors, heap()]).toEqual([tensors, bytes]);
  tf.dispose([e, column, values]);
});

it('works after the heap has grown', () => {
  const interactions = allInteractions(6, 2);
  const passes = new WasmPasses(interactions, 2);
  tf.tidy(() => {
    const e = tf.tensor3d(uniform(generator(2), 9 * 6 * 4), [9, 6, 4]);
    const before = passes.list([e]).arraySync();
    tf.zeros([20, 1000, 1000]);
    expect(passes.list([e]).arraySync()).toEqual(before);
  });
});

it('pulls back from kept products on a heap that grows meanwhile', async () => {
  const passes = new WasmPasses(allInteractions(4, 2), 2);
  const held = passes.hold([tf.tensor3d(uniform(generator(5), 5 * 4 * 2), [5, 4, 2])]);
  const w = tf.tensor1d(uniform(generator(6), 6));
  const g = tf.tensor2d(uniform(generator(7), 5), [5, 1]);
  const gradient = () => tf.tidy(() => passes.pullBack(held, w, g, w, w).map(numbers));
  const expected = gradient();
  expect(await withGrowingHeap('rooms', gradient)).toEqual(expected);
  tf.dispose([...held, w, g]);
});

it('gives the same from products that are kept as from products that are made again, as often as it is asked', () => {
  for (const [order, m] of [
    [2, 5],
    [3, 6],
  ] as const) {
    const interactions = allInteractions(m, order);
    const P = interactions.length;
    const B = 13;
    const random = generator(3);
    const passes = new WasmPasses(interactions, order);
    tf.tidy(() => {
      const e = tf.tensor3d(uniform(random, B * m * 6), [B, m, 6]);
      const [w, q, r] = [1, 2, 3].map(() => tf.tensor1d(uniform(random, P)));
      const g = tf.tensor2d(uniform(random, B), [B, 1]);
      const held = passes.hold([e]);
      expect(held).toHaveLength(2);
      const all = (operands: tf.Tensor[]) => {
        const {mean, variance} = passes.moments(operands);
        return [
          mean,
          variance,
          passes.weightedSum(operands, w),
          passes.correlate(operands, g),
          ...passes.pullBack(operands, w, g, q, r),
        ].map(tensor => Array.from(tensor.dataSync()));
      };
      const expected = all([e]);
      expect(all(held)).toEqual(expected);
      expect(all(held)).toEqual(expected);
    });
  }
});

it('keeps no more products than are read faster than made', () => {
  const passes = new WasmPasses(allInteractions(40, 2), 2);
  tf.tidy(() => {
    expect(passes.hold([tf.zeros([336, 40, 4])])).toHaveLength(2);
    expect(passes.hold([tf.zeros([337, 40, 4])])).toHaveLength(1);
  });
});
