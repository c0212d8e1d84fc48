import os from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {type FieldSpec, type LabeledRows, randomSelection, retrainModel} from 'tfjs-autofis';
import {batchesOf, rowCount, takeRows} from '../../internals';
import {spread} from '../../statistics';
import type {DataName} from '../data';
import {type Entry, Journal} from '../journal';
import {checkInMemory, inMemory, type Lab} from '../lab';
import type {ModelResult} from '../paper_table';
import {jobPerSeed, type Plan, type Section} from '../plan';
import {protocol} from '../protocol';
import {journalFile, RESULTS} from '../report';
import {inferenceSeconds, interactionCount} from '../runs';
import {autoModels, plainModels} from '../zoo';

/** Rounds, in each of which every model predicts all test rows and trains on some batches. */
const ROUNDS = 9;

/** Batches of the protocol's size that a model trains on in each round. */
const BATCHES = 20;

interface Result {
  /** By model: seconds for a million predictions, one for each round. */
  seconds: Record<string, number[]>;
  /** By model: seconds for training on a million rows, one for each round. */
  training: Record<string, number[]>;
  /** Load average of the minute before the first round; runs of earlier versions have none. */
  load?: number;
}

/** How long the models of table 1 take to predict and to train. */
export const timings: Plan = {
  name: 'timings',
  title: 'Inference and training time of the models of table 1',
  question: 'How long do the models of table 1 take for a million predictions, and to train on a million rows?',
  about:
    'All models of a data set take turns in nine rounds; the order moves by one from round to round. In its turn a ' +
    'model predicts the test rows, 10,000 at a time and twice, of which the faster counts, and trains on ' +
    `${BATCHES} batches of the protocol's size. Given are the median, and the second least and second greatest time, ` +
    'which are a 96 % interval of the median. Models with gates have as many interactions as their searches in ' +
    '[table 1](table1.md) kept (median over the seeds); a search is not timed here. Each op has one thread, and ' +
    'runs are made one at a time, whatever `--workers` says.',
  alone: true,
  defaults: {data: ['frappe', 'adult', 'movielens', 'flights'], seeds: [1]},

  jobs(options) {
    checkInMemory(options.data);
    return jobPerSeed(options, run);
  },

  report: entries => entries.flatMap(tableOf),
};

/** The times of a data set, and how quiet the machine was. */
function tableOf({data, workers = 1, result}: Entry): Section[] {
  const {seconds, training, load} = result as Result;
  const sentences = [
    load === undefined ? [] : [`Load average at the start: ${load.toFixed(1)}.`],
    workers === 1 ? [] : [`These times were measured with ${workers} runs at once, so they are not quiet.`],
  ].flat();
  const table: Section = {
    kind: 'table',
    title: data,
    head: ['model', 'inference, s', 'interval', 'training, s', 'interval'],
    rows: Object.entries(seconds).map(([model, own]) => [
      model,
      ...medianAndInterval(own),
      ...medianAndInterval(training[model]),
    ]),
  };
  return sentences.length === 0 ? [table] : [table, {kind: 'text', text: sentences.join(' ')}];
}

function medianAndInterval(seconds: number[]): [string, string] {
  const sorted = [...seconds].sort((a, b) => a - b);
  return [spread(seconds).median.toFixed(2), `${sorted[1].toFixed(2)} to ${sorted[sorted.length - 2].toFixed(2)}`];
}

async function run(name: DataName, seed: number, lab: Lab): Promise<Result> {
  const {fields, parts} = inMemory(await lab.data(name, seed));
  const finished = new Journal(journalFile('table1', RESULTS)).entries;
  const models: Array<[string, tfl.LayersModel]> = [
    ...Object.entries(plainModels).map(([model, {build, kind, options}]): [string, tfl.LayersModel] => [
      model,
      protocol(name, kind).build(build, {fields, seed, ...options}),
    ]),
    ...Object.keys(autoModels).map((model): [string, tfl.LayersModel] => [
      model,
      slimmed(model, finished, {dataName: name, seed, fields}),
    ]),
  ];
  const [seconds, training] = [0, 1].map((): Record<string, number[]> =>
    Object.fromEntries(models.map(([model]) => [model, []])),
  );
  const {batchSize} = protocol(name, 'deep').training;
  const some = takeRows(
    parts.train,
    Int32Array.from({length: BATCHES * batchSize}, (_, row) => row),
  );
  const perMillion = (time: number, rows: LabeledRows) => (time * 1e6) / rowCount(rows);
  const [load] = os.loadavg();
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < models.length; i++) {
      const [model, built] = models[(i + round) % models.length];
      seconds[model].push(perMillion(inferenceSeconds(built, parts.test), parts.test));
      training[model].push(perMillion(await trainingSeconds(built, some, batchSize), some));
    }
  }
  models.forEach(([, model]) => model.dispose());
  tf.dispose([some.xs as tf.Tensor, some.ys]);
  return {seconds, training, load};
}

/** Seconds that one epoch on `rows` takes. */
async function trainingSeconds(model: tfl.LayersModel, rows: LabeledRows, batchSize: number): Promise<number> {
  const start = performance.now();
  await model.fitDataset(batchesOf(rows, batchSize, 1) as never, {epochs: 1, verbose: 0});
  return (performance.now() - start) / 1000;
}

/** A model with as many interactions as its searches kept. */
function slimmed(
  name: string,
  finished: readonly Entry[],
  {dataName, seed, fields}: {dataName: DataName; seed: number; fields: FieldSpec[]},
): tfl.LayersModel {
  const {build, kind, options} = autoModels[name];
  const kept = finished
    .filter(({data, result}) => data === dataName && (result as ModelResult).model === name)
    .map(({result}) => (result as ModelResult).search!.keptByOrder);
  if (kept.length === 0)
    throw new Error(`table1 has no finished run of ${name} on ${dataName}, which says how many interactions it keeps.`);
  const model = protocol(dataName, kind).build(build, {fields, seed, ...options});
  const all = randomSelection(model, {
    size: interactionCount(fields.length, options?.order === 'both' ? 'both' : 'pairs'),
    seed,
  });
  const selection = [2, 3].flatMap((order, i) => {
    const size = Math.round(spread(kept.map(counts => counts[i] ?? 0)).median);
    return all.filter(s => s.order === order).slice(0, size);
  });
  const slim = retrainModel(model, selection, {seed});
  model.dispose();
  return slim;
}
