import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {BatchSource, EpochMetrics, SearchStage, SeededBatches} from 'tfjs-autofis';
import {asTensors, fields, functionalModel, gatedModel, plantedRows, Rows} from '../helpers/models';
import {expectClose, expectNoLeak, messageOf, numbers, weightValues} from '../helpers/tensors';
import {weightedBatches} from '../../src/training/weighted_batches';

const planted = plantedRows(90, fields, [[0, 1]], 5);
/** Without normalisation, so that a row counts in nothing but its own loss. */
const plain = {batchNorm: false, dim: 3};

type Fit = {
  weights?: number[];
  batchSize?: number;
  optimizer?: tf.Optimizer | string;
  epochs?: number;
  gate?: object;
  classWeight?: Record<number, number>;
  callbacks?: tfl.Callback[];
};

/** The weights of a model after a training on rows. */
async function trained(
  rows: Rows,
  {weights, batchSize = rows.ids.length, optimizer = tf.train.sgd(0.5), epochs = 3, gate = plain, ...args}: Fit = {},
) {
  const {xs, ys, dispose} = asTensors(rows);
  const own = weights && tf.tensor2d(weights, [weights.length, 1]);
  const model = gatedModel({optimizer, ...gate});
  const batches = new SeededBatches({xs, ys, ...(own === undefined ? {} : {weights: own})}, {batchSize, seed: 3});
  const {history} = await model.fitDataset(batches as never, {epochs, verbose: 0, ...args});
  const values = weightValues(model.weights).flat();
  model.dispose();
  dispose();
  own?.dispose();
  return {values, loss: history['loss'] as number[]};
}

const repeat = ({ids, labels}: Rows, times: number[]): Rows => {
  const chosen = times.flatMap((n, i) => Array.from({length: n}, () => i));
  return {ids: chosen.map(i => ids[i]), labels: chosen.map(i => labels[i])};
};
const halves = planted.labels.map((_, i) => i % 2);

describe('SeededBatches of rows with weights', () => {
  it.each(['sgd', 'adam'])(
    'train by %s on the other half where half of the weights are 0, with normalised products',
    async optimizer => {
      const options = {batchSize: 16, optimizer, gate: {}};
      const {values, loss} = await trained(planted, {...options, weights: halves});
      const half = await trained(repeat(planted, halves), options);
      expectClose(values, half.values, 1e-6);
      expectClose(loss, half.loss, 1e-6);
    },
  );

  it('train on integer weights as on that number of equal rows', async () => {
    const weights = planted.labels.map((_, i) => 1 + (i % 3));
    expectClose((await trained(planted, {weights})).values, (await trained(repeat(planted, weights))).values, 1e-6);
  });

  it('train by the ratios of weights', async () => {
    const weights = planted.labels.map((_, i) => 1 + (i % 3));
    const {values} = await trained(planted, {weights});
    expectClose((await trained(planted, {weights: weights.map(w => 40 * w)})).values, values, 1e-6);
    expect(values).not.toEqual((await trained(planted)).values);
  });

  it('multiply them by the weights of classes', async () => {
    const weights = planted.labels.map((_, i) => 1 + (i % 3));
    const mean = weights.reduce((sum, w) => sum + w, 0) / weights.length;
    const {values} = await trained(planted, {weights, classWeight: {0: 1, 1: 2}, epochs: 1});
    // tfjs divides by the number of rows, whatever the class weights are, which is a longer step.
    const both = planted.labels.map((y, i) => weights[i] * (1 + y));
    const share = both.reduce((sum, w) => sum + w, 0) / both.length / mean;
    expectClose(
      values,
      (await trained(planted, {weights: both, optimizer: tf.train.sgd(0.5 * share), epochs: 1})).values,
      1e-6,
    );
  });

  it('search on the other half where half of the weights are 0', async () => {
    const searched = async (rows: Rows, weights?: number[]) => {
      const search = new SearchStage({method: {type: 'grda'}});
      const warned = jest.spyOn(console, 'warn').mockImplementation();
      const result = await trained(rows, {
        weights,
        batchSize: 9,
        optimizer: 'adam',
        gate: {},
        epochs: 4,
        callbacks: [search],
      });
      warned.mockRestore();
      return {
        ...result,
        alpha: search.selection.map(({alpha}) => alpha),
        fields: search.selection.map(({interaction}) => interaction),
      };
    };
    const weighted = await searched(planted, halves);
    const half = await searched(repeat(planted, halves));
    expectClose(weighted.values, half.values, 1e-6);
    expectClose(weighted.alpha, half.alpha, 1e-6);
    expect(weighted.fields).toEqual(half.fields);
  });

  it('leave no tensor behind, with class weights or without', async () => {
    const {xs, ys, dispose} = asTensors(planted);
    const weights = tf.tensor1d(halves);
    const model = functionalModel();
    const rows = {xs, ys, weights};
    const fit = (args: object = {}) =>
      model.fitDataset(new SeededBatches(rows, {batchSize: 20, seed: 1}) as never, {
        epochs: 2,
        verbose: 0,
        callbacks: [new EpochMetrics({data: rows})],
        ...args,
      });
    await fit();
    await expectNoLeak(async () => {
      await fit();
    });
    await expectNoLeak(async () => {
      await fit({classWeight: {0: 1, 1: 3}});
    });
    model.dispose();
    dispose();
    weights.dispose();
  });

  it('refuse an evaluation that would leave the weights out', async () => {
    const {xs, ys, dispose} = asTensors(planted);
    const weights = tf.tensor1d(halves);
    const model = functionalModel();
    const batches = new SeededBatches({xs, ys, weights}, {batchSize: 20, seed: 1});
    expect(await messageOf(() => model.evaluateDataset(batches as never, {}))).toBe(
      'evaluateDataset: these rows have weights, which TensorFlow.js ignores when it evaluates (also as ' +
        '`validationData`). ' +
        'Use EpochMetrics or evaluateMetrics.',
    );
    model.dispose();
    dispose();
    weights.dispose();
  });

  it('refuse too few weights', () => {
    tf.tidy(() => {
      const rows = {xs: tf.zeros([3, 4], 'int32'), ys: tf.zeros([3, 1]), weights: tf.tensor1d([1, 1])};
      expect(() => new SeededBatches(rows, {batchSize: 2, seed: 1})).toThrow(
        new Error(
          'SeededBatches: `rows` must be {xs, ys}, tensors with the same number of rows, at least one. Received: ' +
            'xs [3,4], ys [3,1], weights [2].',
        ),
      );
    });
  });
});

describe('weightedBatches', () => {
  /** One batch an epoch, its weights as a tensor or as an array. */
  function source(weights: (all: number[]) => Float32Array | tf.Tensor, values: number[]): BatchSource {
    return {
      size: 1,
      iterator: async () => {
        let given = false;
        return {
          next: async () => {
            if (given) return {done: true, value: null};
            given = true;
            const {xs, ys} = asTensors(planted);
            return {done: false, value: {xs, ys, weights: weights(values)}};
          },
        };
      },
    };
  }

  it.each<[string, (all: number[]) => Float32Array | tf.Tensor]>([
    ['arrays', all => Float32Array.from(all)],
    ['tensors', all => tf.tensor1d(all)],
  ])('trains on a source of your own with weights that are %s', async (_, weights) => {
    const values = planted.labels.map((_, i) => 1 + (i % 3));
    const optimizer = tf.train.sgd(0.5);
    const model = gatedModel({optimizer, ...plain});
    await model.fitDataset(weightedBatches(source(weights, values)) as never, {epochs: 3, verbose: 0});
    expectClose(weightValues(model.weights).flat(), (await trained(planted, {weights: values})).values, 1e-6);
    await expectNoLeak(async () => {
      await model.fitDataset(weightedBatches(source(weights, values)) as never, {epochs: 1, verbose: 0});
    });
    model.dispose();
  });

  it('learns nothing from a batch of rows of weight 0, and stays finite', async () => {
    const model = gatedModel({optimizer: tf.train.sgd(0.5), ...plain});
    const before = weightValues(model.trainableWeights);
    await model.fitDataset(
      weightedBatches(
        source(
          all => Float32Array.from(all),
          halves.map(() => 0),
        ),
      ) as never,
      {epochs: 1, verbose: 0},
    );
    expect(weightValues(model.trainableWeights)).toEqual(before);
    model.dispose();
  });

  it('gives batches without weights as they are', async () => {
    const {xs, ys, dispose} = asTensors(planted);
    const iterator = await weightedBatches(new SeededBatches({xs, ys}, {batchSize: 90, seed: 1})).iterator();
    const {value} = await iterator.next();
    expect(Object.keys(value)).toEqual(['xs', 'ys']);
    expect(numbers(value.ys)).toHaveLength(90);
    tf.dispose(value);
    dispose();
  });
});
