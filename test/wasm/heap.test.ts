import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {GatedInteraction, fieldEmbedding, lazyAdam} from 'tfjs-autofis';
import {useBackend} from 'tfjs-autofis/runtime';
import {moved} from '../../src/products/moving_statistics';
import {HeapRows} from '../../src/tables/heap_table';
import {filledTensor, valuesOf} from '../../src/wasm/heap';
import {madeOnCpu, withGrowingHeap} from '../helpers/growing_heap';
import {expectClose, expectNoLeak, numbers} from '../helpers/tensors';

beforeAll(() => useBackend('wasm'));

const matrix = () =>
  tf.tensor2d([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);

/** An op and the inputs that it gets, all of which lie on the cpu backend. */
const cases: Array<[string, () => tf.Tensor[], (inputs: tf.Tensor[]) => tf.Tensor[]]> = [
  ['tf.gather', () => [matrix(), tf.tensor1d([2, 0], 'int32')], ([x, at]) => [tf.gather(x, at)]],
  ['tf.slice', () => [matrix()], ([x]) => [tf.slice(x, [1, 0], [2, 2])]],
  ['tf.split', () => [matrix()], ([x]) => tf.split(x, [1, 2])],
  [
    'tf.unsortedSegmentSum',
    () => [matrix(), tf.tensor1d([1, 0, 1], 'int32')],
    ([x, ids]) => [tf.unsortedSegmentSum(x, ids as tf.Tensor1D, 2)],
  ],
  [
    'tf.matMul with a transposed side',
    () => [tf.ones([16, 8]), tf.ones([16, 8])],
    ([a, b]) => [tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D, true)],
  ],
  ['tf.clone', () => [tf.tensor1d([1, 2])], ([x]) => [tf.clone(x)]],
  [
    'filledTensor',
    () => [tf.tensor1d([1, 2]), tf.tensor1d([3, 4])],
    inputs => [
      filledTensor([2], inputs, (result, x, y) =>
        result.forEach((_, i) => {
          result[i] = 10 * x[i] + y[i];
        }),
      ),
    ],
  ],
  [
    'moving statistics',
    () => [...[1, 2, 3, 4].map(value => tf.tensor1d([value, value])), tf.scalar(1)],
    ([mean, variance, m, v, steps]) => Object.values(moved({mean, variance, steps}, {mean: m, variance: v}, 0.5)),
  ],
];

it.each(cases)('%s reads inputs that move to wasm and make its heap grow', async (_, make, compute) => {
  await expectNoLeak(async () => {
    const [expected, inputs] = await madeOnCpu(() => [tf.tidy(() => compute(make()).map(numbers)), make()] as const);
    await withGrowingHeap('moves', () => tf.tidy(() => expect(compute(inputs).map(numbers)).toEqual(expected)));
    tf.dispose(inputs);
  });
});

it('takes views of tensors only after all of them have moved', async () => {
  const inputs = await madeOnCpu(() => [tf.tensor1d([1, 2]), tf.tensor1d([3], 'int32')]);
  await withGrowingHeap('moves', () => expect(valuesOf(...inputs).map(values => [...values])).toEqual([[1, 2], [3]]));
  tf.dispose(inputs);
});

it('steps on rows whose gradient moves to wasm', async () => {
  const [rows, gradient] = await madeOnCpu(() => [
    tf.tensor1d([1, 1], 'int32'),
    tf.tensor2d([
      [1, 2],
      [3, 4],
    ]),
  ]);
  const stores = [0, 1, 2].map(() => new HeapRows([3, 2]));
  tf.tidy(() => stores.forEach(store => store.write(tf.zeros([3, 2]))));
  await withGrowingHeap('moves', () => {
    stores[0].adamRows(stores[1], stores[2], rows, gradient, {beta1: 0.5, beta2: 0.5, rate: 1, epsilon: 0});
    tf.tidy(() => expectClose(stores[1].read(), [0, 0, 2, 3, 0, 0]));
    tf.tidy(() =>
      expectClose(
        stores[0].gather(rows),
        [2, 3, 2, 3].map(m => -m / Math.sqrt(2 * m * m)),
      ),
    );
  });
  tf.dispose([rows, gradient]);
});

it('fits a model to data that was made on another backend', async () => {
  const [ids, labels] = await madeOnCpu(() => [
    tf.tensor2d(
      [
        [0, 1],
        [1, 0],
        [2, 1],
        [0, 0],
      ],
      [4, 2],
      'int32',
    ),
    tf.tensor2d([[1], [0], [1], [0]]),
  ]);
  const model = tfl.sequential({
    layers: [
      fieldEmbedding({
        fields: [
          {name: 'a', size: 3},
          {name: 'b', size: 2},
        ],
        outputDim: 2,
        seed: 1,
      }),
      new GatedInteraction(),
      tfl.layers.activation({activation: 'sigmoid'}),
    ],
  });
  model.compile({optimizer: lazyAdam(), loss: 'binaryCrossentropy'});
  const {history} = await withGrowingHeap('moves', () => model.fit(ids, labels, {epochs: 2, batchSize: 2, verbose: 0}));
  expect(history.loss.every(Number.isFinite)).toBe(true);
  model.optimizer.dispose();
  model.dispose();
  tf.dispose([ids, labels]);
});
