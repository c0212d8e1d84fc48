import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {
  auc,
  calibration,
  EpochMetrics,
  evaluateMetrics,
  expectedCalibrationError,
  gauc,
  logloss,
  mae,
  r2,
  rmse,
} from 'tfjs-autofis';
import {asTensors, fields, gatedModel, plantedRows, disposeTrained} from '../helpers/models';
import {predictions} from '../helpers/plain_models';
import {expectNoLeak, messageOf} from '../helpers/tensors';
import {EpochMetricsArgs} from '../../src/metrics/epoch_metrics';

const train = plantedRows(48, fields, [[0, 1]], 11);
const validation = plantedRows(31, fields, [[0, 1]], 12);
const users = validation.ids.map(([user]) => user);

/** Fits for three epochs and returns the history. */
async function fit(callbacks: tfl.Callback[], model = gatedModel({optimizer: tf.train.adam(0.05)})) {
  const data = asTensors(train);
  const {history, epoch} = await model.fit(data.xs, data.ys, {
    epochs: 3,
    batchSize: 16,
    shuffle: false,
    verbose: 0,
    callbacks,
  });
  data.dispose();
  return {model, history: history as Record<string, number[]>, epochs: epoch.length};
}

describe('EpochMetrics', () => {
  it.each([5, 10000])("logs exact metrics of all rows at each epoch's end, predicting %i at once", async batchSize => {
    const {xs, ys, dispose: free} = asTensors(validation);
    const metrics = new EpochMetrics({
      data: {xs, ys, groups: users},
      metrics: ['auc', 'logloss', 'gauc', 'calibration', 'ece'],
      batchSize,
      bins: 5,
    });
    const {model, history} = await fit([metrics]);
    const scores = predictions(model, validation.ids);
    const {labels} = validation;
    const last = (name: string) => history[name][2];
    expect(history['val_auc']).toHaveLength(3);
    expect(last('val_auc')).toBeCloseTo(auc(labels, scores), 12);
    expect(last('val_logloss')).toBeCloseTo(logloss(labels, scores), 6);
    expect(last('val_gauc')).toBeCloseTo(gauc(labels, scores, users), 12);
    expect(last('val_calibration')).toBeCloseTo(calibration(labels, scores), 6);
    expect(last('val_ece')).toBeCloseTo(expectedCalibrationError(labels, scores, 5), 6);
    disposeTrained(model);
    free();
  });

  it("reads a dataset from its start at each epoch's end, and names its logs by the prefix", async () => {
    const dataset = (groupsOf: (users: number[]) => unknown) => ({
      async iterator() {
        let next = 0;
        return {
          async next() {
            const start = 10 * next++;
            const ids = validation.ids.slice(start, start + 10);
            const labels = validation.labels.slice(start, start + 10);
            if (ids.length === 0) return {done: true as const, value: null};
            return {
              done: false as const,
              value: {...asTensors({ids, labels}), groups: groupsOf(users.slice(start, start + 10))},
            };
          },
        };
      },
    });
    const {xs, ys, dispose: free} = asTensors(validation);
    const names = ['auc', 'gauc'] as EpochMetricsArgs['metrics'];
    const {model, history} = await fit([
      new EpochMetrics({data: dataset(own => own), metrics: names, prefix: 'held_'}),
      // As tf.data gives them: numbers, or names.
      new EpochMetrics({data: dataset(own => tf.tensor1d(own, 'int32')), metrics: names, prefix: 'ids_'}),
      new EpochMetrics({
        data: dataset(own => tf.tensor1d(own.map(user => `user ${user}`))),
        metrics: names,
        prefix: 'named_',
      }),
      new EpochMetrics({data: {xs, ys, groups: users}, metrics: names}),
    ]);
    for (const prefix of ['held_', 'ids_', 'named_']) {
      expect(history[`${prefix}auc`]).toEqual(history['val_auc']);
      expect(history[`${prefix}gauc`]).toEqual(history['val_gauc']);
    }
    disposeTrained(model);
    free();
  });

  it('is what a later tf.callbacks.earlyStopping stops by', async () => {
    const {xs, ys, dispose: free} = asTensors(validation);
    const stop = (monitor: string) => tfl.callbacks.earlyStopping({monitor, mode: 'max', patience: 0, baseline: 2});
    // No AUC reaches 2, so the first epoch is the last.
    const {model, epochs} = await fit([new EpochMetrics({data: {xs, ys}}), stop('val_auc') as tfl.Callback]);
    expect(epochs).toBe(1);
    disposeTrained(model);
    free();
  });

  it('leaves no tensor behind', async () => {
    const {xs, ys, dispose: free} = asTensors(validation);
    await expectNoLeak(async () =>
      disposeTrained((await fit([new EpochMetrics({data: {xs, ys}, batchSize: 7})])).model),
    );
    free();
  });

  it.each<[string, (rows: {xs: tf.Tensor; ys: tf.Tensor}) => object, string]>([
    [
      'another metric',
      data => ({data, metrics: ['accuracy']}),
      "EpochMetrics: `metrics` must be a list of 'auc', 'gauc', 'logloss', 'ece', 'calibration', 'rmse', 'mae', " +
        `'r2'. Received: ["accuracy"].`,
    ],
    [
      'gauc without groups',
      data => ({data, metrics: ['gauc']}),
      "EpochMetrics: `data.groups` must name the group of each of the 31 rows, since `metrics` has 'gauc'. " +
        'Received: none.',
    ],
    [
      'groups of other rows',
      data => ({data: {...data, groups: [1, 2]}}),
      'EpochMetrics: `data.groups` must name the group of each of the 31 rows. Received: 2.',
    ],
    [
      'labels of other rows',
      ({xs}) => ({data: {xs, ys: xs.slice(0, 3)}}),
      'EpochMetrics: `data` must be {xs, ys}, tensors with the same number of rows, at least one, ' +
        'or a dataset with iterator(). ' +
        'Received: xs [31,4], ys [3,4].',
    ],
    [
      'no data',
      () => ({}),
      'EpochMetrics: `data` must be {xs, ys}, tensors with the same number of rows, at least one, or a dataset ' +
        'with iterator(). Received: xs undefined, ys undefined.',
    ],
  ])('refuses %s', (_, args, message) => {
    tf.tidy(() => {
      const rows = {xs: tf.tensor2d(validation.ids, undefined, 'int32'), ys: tf.tensor2d(validation.labels, [31, 1])};
      expect(() => new EpochMetrics(args(rows) as never)).toThrow(new Error(message));
    });
  });
});

describe('evaluateMetrics', () => {
  it('gives metrics of numbers, and those of one output of several, which logs name', async () => {
    const {xs, ys, dispose: free} = asTensors(validation);
    const inputs = tfl.input({shape: [4]});
    const dense = (name: string, activation: 'linear' | 'sigmoid') =>
      tfl.layers
        .dense({name, units: 1, activation, kernelInitializer: tfl.initializers.randomUniform({seed: 3})})
        .apply(inputs) as tfl.SymbolicTensor;
    const model = tfl.model({inputs, outputs: [dense('click', 'sigmoid'), dense('price', 'linear')]});
    const prices = tf.mul(tf.add(ys, 1), 3);
    const [clicks, found] = (model.predict(xs) as tf.Tensor[]).map(output => output.dataSync());
    const given = prices.dataSync();
    const data = {xs, ys: prices};
    expect(await evaluateMetrics(model, {data, output: 'price', metrics: ['rmse', 'mae', 'r2'], batchSize: 7})).toEqual(
      {
        rmse: expect.closeTo(rmse(given, found), 6),
        mae: expect.closeTo(mae(given, found), 6),
        r2: expect.closeTo(r2(given, found), 6),
      },
    );
    const mixed = await evaluateMetrics(model, {data: {xs, ys}, output: 'click', metrics: ['auc', 'rmse']});
    expect(mixed).toEqual({
      auc: auc(validation.labels, clicks),
      rmse: expect.closeTo(rmse(validation.labels, clicks), 6),
    });

    model.compile({optimizer: 'sgd', loss: ['binaryCrossentropy', 'meanSquaredError']});
    const metrics = new EpochMetrics({data, output: 'price', metrics: ['rmse']});
    const {history} = await model.fit(xs, [ys, prices], {epochs: 2, verbose: 0, callbacks: [metrics]});
    expect(history['val_price_rmse']).toHaveLength(2);
    tf.dispose([prices]);
    model.dispose();
    free();
  });

  it('refuses what EpochMetrics refuses, under its own name', async () => {
    const {xs, ys, dispose: free} = asTensors(validation);
    const model = gatedModel({seed: 4});
    const messages = await Promise.all(
      [
        {data: {xs, ys}, batchSize: 0},
        {data: {xs, ys}, prefix: 'val_'},
      ].map(args => messageOf(() => evaluateMetrics(model, args))),
    );
    expect(messages).toEqual([
      'evaluateMetrics: `batchSize` must be an integer >= 1. Received: 0.',
      'evaluateMetrics: `prefix` must not be given: the options are data, metrics, batchSize, bins, output. ' +
        'Received: "val_".',
    ]);
    model.dispose();
    free();
  });

  it('refuses a model that gives no number a row', async () => {
    const {xs, ys, dispose: free} = asTensors(validation);
    const inputs = tfl.input({shape: [4]});
    const dense = (name: string, units = 1) => tfl.layers.dense({name, units}).apply(inputs) as tfl.SymbolicTensor;
    const models = [
      tfl.model({inputs, outputs: [dense('click'), dense('price')]}),
      tfl.model({inputs, outputs: dense('both', 2)}),
    ];
    const [several, wide] = models;
    const data = {xs, ys};
    const messages = await Promise.all(
      [
        () => evaluateMetrics(several, {data}),
        () => evaluateMetrics(several, {data, output: 'prices'}),
        () => evaluateMetrics(wide, {data}),
      ].map(messageOf),
    );
    const names = 'click [rows,1], price [rows,1]';
    expect(messages).toEqual([
      `evaluateMetrics: \`output\` must be the name of one of the model's outputs: ${names}. Received: none.`,
      `evaluateMetrics: \`output\` must be the name of one of the model's outputs: ${names}. Received: prices.`,
      'evaluateMetrics: the output must be one number per row, [rows, 1]. Received: both [rows,2].',
    ]);
    models.forEach(model => model.dispose());
    free();
  });
});
