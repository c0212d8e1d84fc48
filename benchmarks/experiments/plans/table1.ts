import {Selection} from 'tfjs-autofis';
import type {DataName} from '../data';
import type {Lab} from '../lab';
import {ModelResult, paperTable} from '../paper_table';
import {dataOf, entriesOf, jobPerModel, type ModelTraining, Plan} from '../plan';
import {beyondPlateau, protocol} from '../protocol';
import {referenceTable} from '../reference';
import {interactionCount, paperRetrain, searchEpochs, searchUntilOpen, type TrainingArgs, trainOnce} from '../runs';
import {autoModels, plainModels} from '../zoo';

/** Models that on Frappe still rise after the epochs that the others are given at most, and may stand still before. */
const SLOW = ['FM', 'FwFM', 'FwFM, l2 .01', 'FM (3rd)', 'FM (3rd, two tables)'];
const MOST_EPOCHS = 60;

/** The trainings of all models. */
export const trainings: Record<string, ModelTraining<ModelResult>> = Object.fromEntries([
  ...Object.keys(plainModels).map(model => [
    model,
    (...args: Parameters<ModelTraining<ModelResult>>) => trainPlain(model, ...args),
  ]),
  ...Object.keys(autoModels).map(model => [
    model,
    (...args: Parameters<ModelTraining<ModelResult>>) => trainAuto(model, ...args),
  ]),
]);

/** All models, the paper's recipe, the paper's columns. */
export const table1: Plan = {
  name: 'table1',
  title: "Table 1: all models, the paper's recipe",
  question: 'What do the models of the paper reach on small data?',
  about:
    "The paper's comparison on small data: one-level gRDA on the training batches without a warm-up, then a " +
    'retrain from fresh weights and fresh alpha. Trainings have at most 60 epochs; FM, FwFM and FM (3rd) on ' +
    'Frappe have 40 to 110. "FwFM, l2 .01" has a penalty on embeddings of .01 in place of the protocol\'s. The ' +
    'strength of each search is in benchmarks/experiments/zoo.ts; if it closes every gate, it is halved. DIN ' +
    'has [a page of its own](din.md). "top" is the number of kept pairs + ' +
    'triples; cost is search + training in seconds; relative improvement is AUC / AUC of FM - 1; p-values are ' +
    'paired by seed (Auto models against the same model without gates, all others against FM) and corrected for ' +
    'all comparisons of their table by the method of Holm. ' +
    '`npm run experiment -- table1 timings trees large` makes the whole table, and continues after an interruption: ' +
    'this page, [inference and training time](timings.md), measured apart and in turns, ' +
    '[trees](trees.md) and [three million flights](large.md).',
  defaults: {data: ['frappe', 'adult', 'movielens', 'flights'], seeds: [1, 2, 3, 4, 5]},

  jobs: options => jobPerModel(options, trainings),

  report: entries =>
    dataOf(entries).flatMap(data => {
      const own = entriesOf(entries, data);
      return [...paperTable('table1', data, own), referenceTable(data, own)].filter(section => section !== null);
    }),
};

/** One of the models without a search, trained by the protocol. */
async function trainPlain(name: string, dataName: DataName, seed: number, lab: Lab): Promise<ModelResult> {
  const {build, kind, interactions, options} = plainModels[name];
  const data = await lab.data(dataName, seed);
  const {training, build: compiled} = protocol(dataName, kind);
  const total = interactions === undefined ? null : interactionCount(data.fields.length, interactions);
  return {
    model: name,
    total,
    ...(await trainOnce(
      compiled(build, {fields: data.fields, seed, ...options}),
      data,
      limited(name, dataName, training),
      seed,
      total,
    )),
  };
}

/** Searches and retrains; where the search closes every gate, again with half the strength. */
async function trainAuto(name: string, dataName: DataName, seed: number, lab: Lab): Promise<ModelResult> {
  const {build, kind, options, strength: strengths} = autoModels[name];
  const data = await lab.data(dataName, seed);
  const {training, build: compiled} = protocol(dataName, kind);
  const total = interactionCount(data.fields.length, options?.order === 'both' ? 'both' : 'pairs');
  const {model, strength, found} = await searchUntilOpen(
    () => compiled(build, {fields: data.fields, seed, ...options}),
    data,
    {epochs: searchEpochs[dataName], batchSize: training.batchSize, seed, strength: strengths[dataName]},
  );
  try {
    const {selection, seconds, test} = found;
    const run = await paperRetrain(model, selection, data, limited(name, dataName, training), seed);
    return {model: name, total, ...run, search: {seconds, strength, auc: test.auc, keptByOrder: byOrder(selection)}};
  } finally {
    model.dispose();
  }
}

function limited(name: string, data: DataName, training: TrainingArgs): TrainingArgs {
  return SLOW.includes(name)
    ? beyondPlateau(data, training)
    : {...training, epochs: Math.min(training.epochs, MOST_EPOCHS)};
}

const byOrder = (selection: Selection) =>
  ([2, 3] as const).map(order => selection.filter(s => s.order === order).length);
