import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {EpochMetrics, FieldEmbedding, FieldLinear, GatedInteraction, RestoreBest, retrainModel} from 'tfjs-autofis';
import {autoDeepFm, autoFm, autoIpnn, type ModelOptions} from 'tfjs-autofis/models';
import {batchesOf, comparePredictions, deviation, fitModel, labelsOfRows, mean, predicted} from '../../internals';
import type {DataName} from '../data';
import type {Lab, Loaded} from '../lab';
import {short, signed} from '../numbers';
import {groupBy, jobPerModel, Plan} from '../plan';
import {type Kind, protocol, type Protocol} from '../protocol';
import {interactionCount, searchOnce} from '../runs';

/** Least steps of a search: embeddings need some 1,000 before products say anything. */
const SEARCH_STEPS = 2000;
/** Trainings of both models, from different seeds: those of one model differ by more than the test rows can tell. */
const TRAININGS = 3;
/** Turns in which both models predict and train; the fastest one counts. */
const TURNS = 200;
const PREDICTED_ROWS = 10_000;

interface Line {
  pairs: number;
  parameters: number;
  /** Means over trainings. */
  auc: number;
  logloss: number;
  /** Milliseconds to predict 10,000 rows, and of a step of the training. */
  predictMs: number;
  stepMs: number;
}

interface Result {
  model: string;
  before: Line;
  after: Line;
  /** Test AUC after less before, and its standard error by test rows and trainings. */
  difference: number;
  standardError: number;
}

const symbolic = (x: unknown) => x as tfl.SymbolicTensor;

/** A model of layers of TensorFlow.js around a gate: a linear part, and a dense tower of the mean embedding. */
function functional({fields, seed, optimizer}: ModelOptions): tfl.LayersModel {
  const ids = tfl.input({shape: [fields.reduce((sum, {width = 1}) => sum + width, 0)], dtype: 'int32'});
  const e = symbolic(new FieldEmbedding({fields, outputDim: 16, seed}).apply(ids));
  const mean = symbolic(tfl.layers.globalAveragePooling1d({}).apply(e));
  const kernelInitializer = tfl.initializers.glorotUniform({seed});
  const hidden = tfl.layers.dense({units: 32, activation: 'relu', kernelInitializer}).apply(mean);
  const parts = [
    new FieldLinear({fields}).apply(ids),
    new GatedInteraction({seed}).apply(e),
    tfl.layers.dense({units: 1, kernelInitializer}).apply(hidden),
  ];
  const logit = tfl.layers.add().apply(parts.map(symbolic));
  const outputs = symbolic(tfl.layers.activation({activation: 'sigmoid'}).apply(logit));
  const model = tfl.model({inputs: ids, outputs});
  model.compile({optimizer: optimizer!, loss: 'binaryCrossentropy'});
  return model;
}

const models: Record<string, {build: typeof functional; kind: Kind}> = {
  FM: {build: autoFm, kind: 'shallow'},
  DeepFM: {build: autoDeepFm, kind: 'deep'},
  IPNN: {build: autoIpnn, kind: 'deep'},
  functional: {build: functional, kind: 'shallow'},
};

/** Models with all pairs, against what a search of them leaves. */
export const beforeAfter: Plan = {
  name: 'before-after',
  title: 'A model before and after its search',
  question: 'Is a model of the open pairs as good as the same model of all pairs?',
  about:
    'A model with gates is trained with all pairs. A fresh one is searched by `new SearchStage()`, and ' +
    '`retrainModel` of it is trained likewise. Where the search closes every gate it has no pairs. ' +
    `Each is trained from ${TRAININGS} seeds, and scores are means over these. \`functional\` is a model of layers of ` +
    'TensorFlow.js around a gate (benchmarks/experiments/plans/before_after.ts). ± is one standard error of the ' +
    `difference, by test rows and seeds. Times are the fastest of ${TURNS} turns of both models: milliseconds to ` +
    'predict 10,000 rows, and of a training step.',
  defaults: {data: ['adult', 'frappe', 'movielens', 'flights'], seeds: [1]},

  jobs: options =>
    jobPerModel(
      options,
      Object.fromEntries(
        Object.keys(models).map(model => [
          model,
          (data: DataName, seed: number, lab: Lab) => run(model, data, seed, lab),
        ]),
      ),
    ),

  report(entries) {
    const results = entries.map(({result}) => result as Result);
    const count = (holds: (result: Result) => boolean) => results.filter(holds).length;
    const worse = count(({difference, standardError}) => difference < -standardError);
    const better = count(({difference}) => difference > 0);
    const both = ({before, after}: Result, of: (line: Line) => string) => `${of(before)} → ${of(after)}`;
    return [
      {
        kind: 'text',
        text:
          `Better after the search: ${better} of ${results.length}. Worse by more than a standard error: ${worse}. ` +
          `The bar, never worse and better in half: ${worse === 0 && 2 * better >= results.length ? 'holds' : 'does not hold'}.`,
      },
      ...groupBy(entries, ({data}) => data).map(([data, own]) => ({
        kind: 'table' as const,
        title: data,
        head: ['model', 'pairs', 'parameters', 'test AUC', 'difference', 'logloss', 'predict ms', 'step ms'],
        rows: groupBy(
          own.map(({result}) => result as Result),
          ({model}) => model,
        ).flatMap(([model, runs]) =>
          runs.map(each => [
            model,
            both(each, ({pairs}) => String(pairs)),
            both(each, ({parameters}) => parameters.toLocaleString('en')),
            both(each, ({auc}) => short(auc)),
            `${signed(each.difference)} ± ${short(each.standardError)}`,
            both(each, ({logloss}) => short(logloss)),
            both(each, ({predictMs}) => predictMs.toFixed(1)),
            both(each, ({stepMs}) => stepMs.toFixed(1)),
          ]),
        ),
      })),
    ];
  },
};

async function run(model: string, name: DataName, seed: number, lab: Lab): Promise<Result> {
  const data = await lab.data(name, seed);
  const {fields, parts} = data;
  const {build, kind} = models[model];
  const {training, build: compiled} = protocol(name, kind);
  const fresh = (from: number) => compiled(build, {fields, seed: from});
  const {batchSize} = training;
  const epochs = Math.ceil(SEARCH_STEPS / batchesOf(parts.train, batchSize, seed).size);
  const searched = fresh(seed);
  const {selection} = await searchOnce(searched, data, {epochs, batchSize, seed});
  const seeds = Array.from({length: TRAININGS}, (_, k) => seed + 100 * k);
  const pruned = (from: number) => retrainModel(searched, selection, {seed: from});
  const [before, after]: Float32Array[][] = [[], []];
  for (const from of seeds) {
    before.push(await trained(fresh(from), data, training, from));
    after.push(await trained(pruned(from), data, training, from));
  }
  const labels = labelsOfRows(parts.test);
  const scores = [before, after].map(all => all.map(each => comparePredictions({labels}, before[0], each).scores));
  const differences = seeds.map((_, k) => comparePredictions({labels}, after[k], before[k]).auc);
  const both = [fresh(seed), pruned(seed)];
  const times = await timesOf(both, data, batchSize);
  const lines = both.map((each, i) => ({
    pairs: [interactionCount(fields.length, 'pairs'), selection.length][i],
    parameters: each.countParams(),
    auc: mean(scores[i].map(({auc}) => auc)),
    logloss: mean(scores[i].map(({logloss}) => logloss)),
    ...times[i],
  }));
  for (const each of [searched, ...both]) each.dispose();
  const spread = scores.map(all => deviation(all.map(({auc}) => auc)) ** 2 / TRAININGS);
  const byRows = mean(differences.map(({standardError}) => standardError ** 2));
  return {
    model,
    before: lines[0],
    after: lines[1],
    difference: mean(differences.map(({difference}) => difference)),
    standardError: Math.sqrt(byRows + spread[0] + spread[1]),
  };
}

/** Train to the best epoch by validation AUC, and dispose the model; the predictions of the test rows. */
async function trained(
  model: tfl.LayersModel,
  {parts}: Loaded,
  {batchSize, epochs, ...stop}: Protocol['training'],
  seed: number,
): Promise<Float32Array> {
  const callbacks = [new EpochMetrics({data: parts.validation}), new RestoreBest(stop)];
  await fitModel(model, batchesOf(parts.train, batchSize, seed), {epochs, callbacks});
  const predictions = predicted(model, parts.test);
  model.dispose();
  return predictions;
}

/** Times of models that take turns. */
async function timesOf(
  all: readonly tfl.LayersModel[],
  {parts: {test}}: Loaded,
  batchSize: number,
): Promise<Array<Pick<Line, 'predictMs' | 'stepMs'>>> {
  const first = (tensor: unknown, rows: number) => tf.slice(tensor as tf.Tensor, 0, rows);
  const rows = Math.min(PREDICTED_ROWS, test.ys.shape[0]);
  const [many, xs, ys] = [first(test.xs, rows), first(test.xs, batchSize), first(test.ys, batchSize)];
  const times = all.map(() => ({predictMs: Infinity, stepMs: Infinity}));
  for (let turn = 0; turn < TURNS; turn++)
    for (const [i, model] of all.entries()) {
      const start = performance.now();
      predicted(model, {xs: many, ys});
      const between = performance.now();
      await model.trainOnBatch(xs, ys);
      times[i].predictMs = Math.min(times[i].predictMs, between - start);
      times[i].stepMs = Math.min(times[i].stepMs, performance.now() - between);
    }
  tf.dispose([many, xs, ys]);
  return times;
}
