/**
 * A model in the style of Keras before and after a search: a field-aware factorisation machine of late flights. Run it
 * by `node keras_style.mjs [ROWS] [EPOCHS]` in a folder where npm installed vega-datasets.
 */
import {DuckDBInstance} from '@duckdb/node-api';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {EpochMetrics, evaluateMetrics, RestoreBest, retrainModel, SearchStage, SeededBatches} from 'tfjs-autofis';
import {fieldAwareEmbedding, FieldLinear, GatedInteraction} from 'tfjs-autofis/layers';
import {useBackend} from 'tfjs-autofis/runtime';

const [rows = 100_000, epochs = 6] = process.argv.slice(2).map(Number);
console.log((await useBackend()).reason);

// Flights in a random order; the values of each column become ids from 0 on.
const columns = {
  month: 'month(date)',
  day: 'dayofyear(date)',
  weekday: 'isodow(date)',
  hour: 'hour(date)',
  minute: 'minute(date)',
  distance: 'distance // 100',
  origin: 'origin',
  destination: 'destination',
};
const idsOf = Object.values(columns).map(column => `(dense_rank() OVER (ORDER BY ${column}) - 1)::INTEGER`);
const flights = "read_parquet('node_modules/vega-datasets/data/flights-3m.parquet', file_row_number = true)";
const connection = await (await DuckDBInstance.create()).connect();
const result = await connection.runAndReadAll(
  `SELECT ${idsOf}, (delay > 15)::INTEGER
  FROM (FROM ${flights} ORDER BY hash(file_row_number) LIMIT ${rows}) ORDER BY hash(file_row_number)`,
);
const table = result.getRows();
const largest = column => table.reduce((most, row) => Math.max(most, row[column]), 0);
const fields = Object.keys(columns).map((name, column) => ({name, size: largest(column) + 1}));
const [train, validation, test] = [
  [0, 0.7],
  [0.7, 0.8],
  [0.8, 1],
].map(([from, to]) => {
  const part = table.slice(from * rows, to * rows);
  const ids = part.map(row => row.slice(0, -1));
  return {xs: tf.tensor2d(ids, undefined, 'int32'), ys: tf.tensor2d(part.map(row => row.slice(-1)))};
});

/** Build the model; without `gated` the products of all pairs are added up. */
function build(gated) {
  const ids = tfl.input({shape: [fields.length], dtype: 'int32'});
  const vectors = fieldAwareEmbedding({fields, outputDim: 4, seed: 1}).apply(ids);
  const pairs = new GatedInteraction(gated ? {seed: 1} : {useAlpha: false, batchNorm: false}).apply(vectors);
  const logit = tfl.layers.add().apply([new FieldLinear({fields}).apply(ids), pairs]);
  const outputs = tfl.layers.activation({activation: 'sigmoid'}).apply(logit);
  const model = tfl.model({inputs: ids, outputs});
  model.compile({optimizer: 'adam', loss: 'binaryCrossentropy'});
  return model;
}

// `model.fit` trains as well, in an order of rows that no seed gives.
const batches = new SeededBatches(train, {batchSize: 500, seed: 1});
const fit = (model, callbacks) => model.fitDataset(batches, {epochs, verbose: 0, callbacks});

/** Return the milliseconds of the fastest of 50 predictions: other work on the machine slows the others. */
async function milliseconds(model) {
  let fastest = Infinity;
  for (let turn = 0; turn < 50; turn++) {
    const start = performance.now();
    const predicted = model.predict(test.xs, {batchSize: 10_000});
    await predicted.data();
    predicted.dispose();
    fastest = Math.min(fastest, performance.now() - start);
  }
  return fastest;
}

/** Train a model to its best epoch on validation rows, and describe it on test rows. */
async function learn(model, pairs) {
  await fit(model, [new EpochMetrics({data: validation}), new RestoreBest({monitor: 'val_logloss'})]);
  const {auc, logloss} = await evaluateMetrics(model, {data: test, metrics: ['auc', 'logloss']});
  return {
    pairs,
    parameters: model.countParams(),
    'test AUC': +auc.toFixed(4),
    logloss: +logloss.toFixed(4),
    'predict ms': +(await milliseconds(model)).toFixed(1),
  };
}

const before = await learn(build(false), (fields.length * (fields.length - 1)) / 2);

const searched = build(true);
const search = new SearchStage();
await fit(searched, [search]);
const slim = retrainModel(searched, search.selection, {seed: 1});
const after = await learn(slim, search.selection.length);

console.table({before, after});
console.log(search.selection.map(pair => pair.fields.join(' x ')).join(', '));
