import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {fitCrosses} from '../../layers/fit_crosses';
import {FieldSpec} from '../../layers/field_layout';
import {lazyAdam} from '../../optimizers/lazy_adam';
import {autoFm} from '../../src/models/auto_fm';
import {ffm} from '../../src/models/ffm';
import {fm} from '../../src/models/fm';
import {lr} from '../../src/models/lr';
import type {ModelOptions} from '../../src/models/model_options';
import {setOptimizer} from '../../src/tfjs_internals';
import {fitModel} from '../../src/training/fit_model';
import {LabeledRows} from '../../src/training/rows';
import {SeededBatches} from '../../src/training/seeded_batches';
import {ScheduledRate} from '../../src/training/schedule';
import {seededRandom} from '../../src/random';
import {expectNoLeak} from '../helpers/tensors';

const fields: FieldSpec[] = [
  {name: 'user', size: 7},
  {name: 'tags', size: 5, width: 3, combiner: 'mean'},
  {name: 'item', size: 14, ordered: true},
  {name: 'words', size: 4, width: 2, combiner: 'sum'},
];
const random = seededRandom(3);
const integer = (from: number, to: number) => from + Math.floor(random() * (to - from));
const ids = Array.from({length: 230}, () => [
  integer(0, 7),
  integer(-1, 5),
  integer(-1, 5),
  integer(-1, 5),
  integer(0, 6),
  integer(-1, 4),
  integer(-1, 4),
]);
const labels = ids.map(([user, , , , item]) => (random() < (user + item) % 2 ? 1 : 0));

function rows(weighted: boolean): LabeledRows {
  const xs = tf.tensor2d(ids, undefined, 'int32');
  const ys = tf.tensor2d(labels, [labels.length, 1]);
  return weighted ? {xs, ys, weights: tf.tensor1d(labels.map((_, i) => i % 3))} : {xs, ys};
}

type Build = (options: ModelOptions) => tfl.LayersModel;

/** A model with larger embeddings than those that it starts from, so that products count from the first step on. */
function built(of: Build, options: Partial<ModelOptions>, exact: boolean): tfl.LayersModel {
  const optimizer = lazyAdam({exact});
  const model = of({fields, embeddingDim: 3, l2: 0.05, seed: 5, optimizer, ...options});
  setOptimizer(model, optimizer, true);
  const table = model.layers.find(({name}) => name === 'embedding');
  if (table !== undefined) tf.tidy(() => table.setWeights(table.getWeights().map(weight => tf.mul(weight, 20))));
  return model;
}

/** FFM whose linear part is not 0, and is not trained. */
function onFrozenLinear(options: ModelOptions): tfl.LayersModel {
  const model = ffm(options);
  const linear = model.getLayer('linear');
  tf.tidy(() => linear.setWeights(linear.getWeights().map(({shape}) => tf.randomNormal(shape, 0, 0.3, 'float32', 4))));
  linear.trainable = false;
  model.compile({optimizer: model.optimizer, loss: model.loss as string});
  return model;
}

const chosen = {
  interactions: [
    [0, 1],
    [1, 3],
    [0, 2],
  ] as [number, number][],
};
/** Vectors of fields are not to be taken for vectors of pairs where there are as many. */
const half = {
  interactions: [
    [0, 2],
    [1, 3],
  ] as [number, number][],
};
const crosses = fitCrosses({ids: Int32Array.from(ids.flat()), fields, ...half});
const cases: Array<[string, Build, Partial<ModelOptions>, boolean, boolean]> = [
  ['lr', lr as Build, {embeddingDim: undefined, l2: undefined}, true, false],
  ['fm, dense Adam', fm, {}, true, false],
  ['fm of some pairs, weighted rows', fm, chosen, false, true],
  ['fm of half as many pairs as fields', fm, half, true, false],
  ['ffm', ffm, {}, false, false],
  ['ffm with a ridge', ffm, {l2: 0, tableL2: 0.01}, true, false],
  ['fm of some pairs with both penalties', fm, {...chosen, tableL2: 0.02}, true, false],
  ['ffm of some pairs with crosses, dense Adam, weighted rows', ffm, {...chosen, crosses}, true, true],
  ['ffm with a ridge on a frozen linear part', onFrozenLinear, {l2: 0, tableL2: 0.01}, true, false],
];

/** Calls what it is given after each step and each epoch. */
class Watching extends tfl.Callback {
  constructor(private readonly hooks: {step?: () => void; epoch?: (logs: tfl.Logs) => void}) {
    super();
  }

  override async onBatchEnd(): Promise<void> {
    this.hooks.step?.();
  }

  override async onEpochEnd(_: number, logs: tfl.Logs = {}): Promise<void> {
    this.hooks.epoch?.(logs);
  }
}

describe('fitModel', () => {
  it.each(cases)('trains as fitDataset does: %s', async (_, of, options, exact, weighted) => {
    await expectNoLeak(async () => {
      const [byOps, byLoops] = [0, 1].map(() => built(of, options, exact));
      const data = rows(weighted);
      const batches = () => new SeededBatches(data, {batchSize: 32, seed: 2});
      const losses: number[] = [];
      // fitDataset draws one order before its first epoch.
      const sameOrder = batches();
      await sameOrder.iterator();
      const {history} = await byOps.fitDataset(batches() as never, {
        epochs: 3,
        verbose: 0,
        callbacks: [new ScheduledRate(0.05)],
      });
      // Tensors of a batch would cost more than the loops compute.
      const iterator = jest.spyOn(sameOrder, 'iterator');
      await fitModel(byLoops, sameOrder, {
        epochs: 3,
        callbacks: [new ScheduledRate(0.05), new Watching({epoch: logs => void losses.push(logs['loss'])})],
      });
      expect(iterator).not.toHaveBeenCalled();
      byOps.getWeights().forEach((weight, i) => {
        const [want, got] = [weight, byLoops.getWeights()[i]].map(each => [...each.dataSync()]);
        want.forEach((value, k) => expect(got[k]).toBeCloseTo(value, 4));
      });
      expect(losses[0]).toBeCloseTo((history['loss'] as number[])[0], 1);
      tf.dispose([data.xs, data.ys, ...(weighted ? [data.weights!] : [])]);
      [byOps, byLoops].forEach(model => model.dispose());
    });
  });

  it('ends after the epoch in which a callback says so, and trains again afterwards', async () => {
    const model = built(...(cases[0].slice(1, 4) as Parameters<typeof built>));
    const data = rows(false);
    for (const from of [2, 0]) {
      let epochs = 0;
      const stop = new Watching({
        epoch: () => {
          model.stopTraining = ++epochs > from;
        },
      });
      await fitModel(model, new SeededBatches(data, {batchSize: 100, seed: 1}), {epochs: 5, callbacks: [stop]});
      expect(epochs).toBe(from + 1);
    }
    tf.dispose([data.xs, data.ys]);
    model.dispose();
  });

  it.each([
    [true, 'a ridge', {l2: 0, tableL2: 0.01}],
    [false, 'a penalty on what a batch looks up', {l2: 0.01}],
  ])('in loops (%s) for 33,600 numbers a row with %s', async (inLoops, _, options) => {
    const model = ffm({fields, embeddingDim: 5600, seed: 1, ...options});
    setOptimizer(model, lazyAdam({exact: inLoops}), true);
    const data = rows(false);
    const batches = new SeededBatches(data, {batchSize: 230, seed: 1});
    const iterator = jest.spyOn(batches, 'iterator');
    await fitModel(model, batches, {epochs: 1, callbacks: []});
    expect(iterator.mock.calls.length === 0).toBe(inLoops);
    tf.dispose([data.xs, data.ys]);
    model.dispose();
  });

  it('leaves other models to fitDataset, whose weights are in the model at every step', async () => {
    const model = autoFm({fields, embeddingDim: 3, seed: 1});
    const data = rows(false);
    const before = model.getWeights()[0].dataSync().slice();
    let changed = false;
    await fitModel(model, new SeededBatches(data, {batchSize: 100, seed: 1}), {
      epochs: 1,
      callbacks: [
        new Watching({
          step: () => {
            changed ||= model
              .getWeights()[0]
              .dataSync()
              .some((value, k) => value !== before[k]);
          },
        }),
      ],
    });
    expect(changed).toBe(true);
    tf.dispose([data.xs, data.ys]);
    model.dispose();
  });

  it('names an id that is out of range, and a number of epochs that is missing', async () => {
    const model = fm({
      fields: [
        {name: 'a', size: 2},
        {name: 'b', size: 2},
      ],
      seed: 1,
    });
    const data = {xs: tf.tensor2d([[0, 2]], [1, 2], 'int32'), ys: tf.tensor2d([[1]])};
    await expect(
      fitModel(model, new SeededBatches(data, {batchSize: 1, seed: 1}), {epochs: 1, callbacks: []}),
    ).rejects.toThrow('fitModel: id 2 of field "b" is out of range');
    await expect(
      fitModel(model, new SeededBatches(data, {batchSize: 1, seed: 1}), {callbacks: []} as never),
    ).rejects.toThrow('fitModel: `epochs` must be an integer >= 1. Received: undefined.');
    tf.dispose([data.xs, data.ys]);
    model.dispose();
  });
});

test('an optimizer that has made steps continues with its moments', async () => {
  const data = rows(false);
  const [a, b] = [0, 1].map(() => built(fm, {}, true));
  const batches = () => new SeededBatches(data, {batchSize: 50, seed: 2});
  for (const model of [a, b]) await model.fitDataset(batches() as never, {epochs: 1, verbose: 0});
  await a.fitDataset(batches() as never, {epochs: 1, verbose: 0});
  await fitModel(b, batches(), {epochs: 1, callbacks: []});
  expect(b.optimizer.iterations).toBe(10);
  a.weights.forEach((weight, i) => expect([...b.weights[i].read().dataSync()]).toEqual([...weight.read().dataSync()]));
  tf.dispose(data as never);
  [a, b].forEach(model => model.dispose());
});
