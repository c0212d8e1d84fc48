import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {auc, FieldSpec, LabeledRows, logloss} from 'tfjs-autofis';
import {ffm, lr} from 'tfjs-autofis/models';
import {DataName, orderedFields} from '../data';
import {asTable, asTensors, checkInMemory, forParts, inMemory, Lab, Loaded} from '../lab';
import {ModelResult, paperTable} from '../paper_table';
import {dataOf, entriesOf, jobPerModel, type ModelTraining, Plan} from '../plan';
import {protocol} from '../protocol';
import {trainOnce} from '../runs';
import {Forest, growTrees, TreeArgs, treePython} from '../trees/gbdt';
import {type Columns, leafFields, sideBySide} from '../trees/leaf_fields';
import {trainings} from './table1';

/**
 * Parameters of LightGBM other than its defaults, by validation AUC on seed 1: users and items have few rows a value.
 */
const parameters: Partial<Record<DataName, Record<string, number>>> = {
  frappe: {cat_smooth: 1, min_data_per_group: 5},
  adult: {},
  movielens: {},
  flights: {},
};

/** As many trees as validation AUC likes. */
const ALONE = {trees: 3000, patience: 50, leaves: false, shape: {num_leaves: 31}};
/** The trees of He et al., ADKDD 2014: at most 500, 12 leaves each. */
const FOR_LR = {trees: 500, patience: 50, leaves: true, shape: {num_leaves: 12}};
/** The trees of Juan et al.'s solution of the Criteo contest: 30 of depth 7. */
const FOR_FFM = {trees: 30, patience: 0, leaves: true, shape: {num_leaves: 128, max_depth: 7}};
/** Numbers per row of FFM's table: one row for each of the fields that a feature meets, trees included. */
const FFM_DIM = 4;

const models: Record<string, ModelTraining<ModelResult>> = {
  LR: trainings['LR'],
  FM: trainings['FM'],
  FFM: trainings['FFM'],
  LightGBM: trainTrees,
  'GBDT+LR': (data, seed, lab) =>
    trainOnLeaves(
      'GBDT+LR',
      FOR_LR,
      leaves => leaves,
      fields => lr({fields, seed}),
      data,
      seed,
      lab,
    ),
  'GBDT+FFM': (data, seed, lab) =>
    trainOnLeaves(
      'GBDT+FFM',
      FOR_FFM,
      (leaves, own) => sideBySide([own, leaves]),
      fields => protocol(data, 'shallow').build(ffm, {fields, seed, embeddingDim: FFM_DIM}),
      data,
      seed,
      lab,
    ),
};

/** Trees, and their leaves as fields of LR and FFM. */
export const trees: Plan = {
  name: 'trees',
  title: 'Trees',
  question: 'Do trees predict better?',
  about:
    'Compared are LightGBM alone, and its leaves as fields of LR (leaves only) and of FFM (with the original ' +
    'fields; d 4). LR, FM, FFM and p are as in table 1, on the same ids. Cost is the seconds of growing + training; ' +
    '"AUC of search" is that of the trees alone; parameters count the leaves.',
  defaults: {data: ['frappe', 'adult', 'movielens', 'flights'], seeds: [1, 2, 3]},

  jobs(options) {
    checkInMemory(options.data);
    return jobPerModel(options, models);
  },

  report: entries => dataOf(entries).flatMap(data => paperTable('trees', data, entriesOf(entries, data))),
};

async function grow(
  name: DataName,
  seed: number,
  {fields, parts}: Loaded<LabeledRows>,
  {shape, ...args}: Omit<TreeArgs, 'parameters'> & {shape: Record<string, number>},
): Promise<Forest> {
  return growTrees(await treePython(), fields, orderedFields(name), forParts(parts, asTable), {
    ...args,
    parameters: {learning_rate: 0.1, num_threads: 2, seed, ...parameters[name], ...shape},
  });
}

/** Scores of the trees alone, and seconds for a million predictions. */
function scoresOf({parts, sizes, inference}: Forest, data: Loaded<LabeledRows>) {
  const labels = forParts(data.parts, part => asTable(part).labels);
  const {test, validation} = forParts(parts, ({predictions}) => predictions);
  return {
    auc: auc(labels.test, test),
    logloss: logloss(labels.test, test),
    validationAuc: auc(labels.validation, validation),
    inference: (inference * 1e6) / test.length,
    leaves: sizes.reduce((sum, size) => sum + size, 0),
  };
}

/** LightGBM, with as many trees as validation AUC likes. */
export async function trainTrees(name: DataName, seed: number, lab: Lab): Promise<ModelResult> {
  const data = inMemory(await lab.data(name, seed));
  const forest = await grow(name, seed, data, ALONE);
  const {leaves, ...scores} = scoresOf(forest, data);
  return {
    model: 'LightGBM',
    ...scores,
    bestEpoch: forest.sizes.length,
    seconds: forest.seconds,
    parameters: leaves,
    kept: null,
    total: null,
  };
}

async function trainOnLeaves(
  model: string,
  args: typeof FOR_LR,
  input: (leaves: Columns, own: Columns) => Columns,
  build: (fields: FieldSpec[]) => tfl.LayersModel,
  name: DataName,
  seed: number,
  lab: Lab,
): Promise<ModelResult> {
  const data = inMemory(await lab.data(name, seed));
  const forest = await grow(name, seed, data, args);
  const {leaves, auc, inference} = scoresOf(forest, data);
  const columns = input(
    {fields: leafFields(forest.sizes), ids: forParts(forest.parts, part => part.leaves)},
    {fields: data.fields, ids: forParts(data.parts, part => asTable(part).ids)},
  );
  const run = await trainOn(columns, data, build, name, seed);
  return {
    model,
    ...run,
    total: null,
    inference: run.inference + inference,
    parameters: run.parameters + leaves,
    search: {seconds: forest.seconds, auc, keptByOrder: []},
  };
}

/** Columns as tensors, with the labels of the data. */
function loaded({fields, ids}: Columns, data: Loaded<LabeledRows>): Loaded<LabeledRows> {
  return {fields, parts: forParts(data.parts, (part, name) => asTensors({...asTable(part), ids: ids[name]}))};
}

async function trainOn(
  columns: Columns,
  data: Loaded<LabeledRows>,
  build: (fields: FieldSpec[]) => tfl.LayersModel,
  name: DataName,
  seed: number,
) {
  const own = loaded(columns, data);
  const run = await trainOnce(build(columns.fields), own, protocol(name, 'shallow').training, seed);
  tf.dispose(own.parts as never);
  return run;
}
