import {PERIODS} from '../schema/inference/time_periods';
import {choice, integer, integers, names, number, pairs, Setting, text, toggle} from './setting';

/** Every setting of every command, in the order in which help shows them. */
export const settings = {
  config: text('config', 'file', {
    help: 'YAML or JSON file with settings by their camelCase names; those of other commands are ignored',
  }),
  folder: text('folder', 'folder', {help: 'the folder that holds all results of the run', shown: 'autofis-run'}),
  bundle: text('bundle', 'folder', {help: 'the bundle to update, such as autofis-run/bundle'}),
  data: text('data', 'file', {
    help: 'the table: CSV, TSV, Parquet, JSON lines or Arrow, also .gz or .zst, or a pattern such as "part-*.csv"',
  }),
  sql: text('sql', 'query', {
    help: "rows of a query instead of a file, such as \"SELECT * FROM 'a.csv' JOIN 'b.parquet' USING (id)\"",
  }),
  separator: text('separator', 'text', {
    help: 'the separator of columns in text, such as ";" or "\\t"',
    shown: "from the file's ending and header",
  }),
  columns: names('columns', 'a,b,...', {help: 'column names of text without a header'}),
  headerless: toggle('headerless', {
    help: 'the first line of the text is a row; without --columns the columns are called "column 1" and so on',
  }),
  label: text('label', 'column', {
    help: 'the column to predict, with two values, or a comparison such as "rating >= 4"',
    shown: 'one called label, click, clicked, target or y',
  }),
  positiveLabel: text('positiveLabel', 'value', {
    help: 'the value of the label that counts as 1',
    shown: 'the value that means yes, the larger number, or the rarer value',
  }),
  weight: text('weight', 'column', {
    help: 'the column of row weights, numbers >= 0; rows of weight 0 are left out',
    shown: 'all rows count equally',
  }),
  as: pairs('as', 'pairs', {
    help: 'how columns are read, such as "zip=category,age=number,note=drop"; also list, date and date:%d.%m.%Y',
    shown: 'from their names and values',
  }),
  schema: text('schema', 'file', {
    help: 'how columns become fields, as `init` writes it',
    shown: 'inferred from the data',
  }),
  splitColumn: text('splitColumn', 'column', {
    help: "the column that names each row's part (train, valid, test) or fold; 'none' draws rows by seed",
    shown: 'one called split, part, set, subset or fold; else rows are drawn by seed',
  }),
  group: text('group', 'column', {
    help: "a column of users or things: rows of one of them are all in one part, drawn by seed; it isn't a field",
    shown: 'by --split-column',
  }),
  unique: toggle('unique', {help: 'leave out rows that equal an earlier one in all columns that are used'}),
  split: choice('split', ['time'], {
    help: 'train on older rows, test on the newest ones',
    shown: 'by --split-column',
  }),
  timeColumn: text('timeColumn', 'column', {
    help: 'the column of dates or numbers that orders rows by time',
    shown: {update: 'rows are in order of time', others: 'the only column of dates'},
  }),
  period: choice('period', PERIODS, {
    help: 'the period that --split time tests on',
    shown: 'the shortest of day, week, month and year with enough rows',
  }),
  rolling: integer('rolling', 1, {
    help: 'how many of the last periods --split time tests, one after another, each with a run on all rows before it',
    shown: '1',
  }),
  run: text('run', 'file', {help: 'the run.json of a run, instead of a folder'}),
  heldOut: number('heldOut', {
    least: 0,
    open: true,
    below: 1,
    help: 'share of the rows to hold out, the newest ones',
    shown: '0.2',
  }),
  fields: integer('fields', 2, {help: 'fields of the model to measure, instead of the model of a run'}),
  size: integer('size', 1, {help: 'values of each of these fields', shown: '1000'}),
  seconds: number('seconds', {least: 0, open: true, help: 'how long each measurement runs', shown: '4'}),
  maxRejects: integer('maxRejects', 0, {help: 'how many invalid rows may be left out', shown: '0'}),
  model: choice('model', ['autoFm', 'autoFfm', 'autoDeepFm', 'autoIpnn'], {
    help: 'the model with gates',
    shown: {
      run: 'none: components of several families',
      select: 'none: components of several families',
      others: 'autoFm',
    },
  }),
  order: choice('order', ['2', '3', 'both'], {help: 'pairs of fields, triples, or both', shown: '2'}),
  embeddingDim: integer('embeddingDim', 1, {help: 'embedding dimension: numbers per value', shown: '16'}),
  hiddenUnits: integers('hiddenUnits', 1, {help: 'units of the hidden layers', shown: '128,128,128'}),
  dropout: number('dropout', {
    least: 0,
    below: 1,
    help: 'share of hidden outputs dropped in training',
    shown: '0.2, without hidden layers 0',
  }),
  embeddingDropout: number('embeddingDropout', {
    least: 0,
    below: 1,
    help: "share of the embeddings' entries dropped in training",
    shown: '0',
  }),
  l2: number('l2', {
    least: 0,
    help: 'L2 penalty on the embeddings of a batch',
    shown: '0.0001, without hidden layers 0.001',
  }),
  batchSize: integer('batchSize', 1, {help: 'rows of a training step', shown: 'by the number of rows'}),
  learningRate: number('learningRate', {
    least: 0,
    open: true,
    help: "Adam's learning rate; in `run` and `select` its peak",
    shown: '0.001; without --model set by the number of steps',
  }),
  searchEpochs: integer('searchEpochs', 1, {
    help: 'epochs (passes over the training rows) of the search',
    shown: 'enough for 3,000 steps, at most 300',
  }),
  recipe: choice('recipe', ['default', 'paper'], {
    help: "'paper' for search and retraining as in the paper",
    shown: 'default',
  }),
  form: choice('form', ['gated', 'plain'], {
    help: 'retrain the kept interactions with gates and normalised products, or without',
    shown: 'gated',
  }),
  epochs: integer('epochs', 1, {
    help: 'epochs of each training in `run` and `select`; in `retrain` and `judge` the maximum for each retraining',
    shown: {retrain: '60', judge: '60', others: 'by the number of rows'},
  }),
  updateEpochs: integer('updateEpochs', 1, {help: 'passes over the newer rows', shown: '2'}),
  patience: integer('patience', 1, {help: 'epochs without a better validation AUC before training stops', shown: '3'}),
  leastEpochs: integer('leastEpochs', 1, {help: 'epochs before training may stop', shown: '10'}),
  share: number('share', {
    least: 0,
    below: 1,
    help: 'share of what the gates save that closed interactions may give up; a larger one gives a smaller model',
    shown: '0.03',
  }),
  effort: choice('effort', ['quick', 'normal', 'thorough'], {help: 'how much to try', shown: 'normal'}),
  threads: integer('threads', 1, {
    help: 'trainings that run in parallel, if one takes longer than a thread to start',
    shown: 'the number of processors, 8 at most',
  }),
  seed: integer('seed', 0, {help: 'seed of every random number', shown: '1'}),
  seeds: integers('seeds', 0, {help: 'seeds, one retraining each', shown: '1,2,3'}),
  randomSets: integer('randomSets', 0, {help: 'random sets of interactions for each seed', shown: '5'}),
  backend: choice('backend', ['tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'], {
    help: 'the backend of TensorFlow.js',
    shown: 'the fastest that loads',
  }),
  precision: choice('precision', ['float32', 'mixed'], {
    help: 'how dense layers multiply; `mixed` is bfloat16 on processors that are faster with it',
    shown: 'float32',
  }),
  checkpointMinutes: number('checkpointMinutes', {
    least: 0,
    open: true,
    help: 'minutes between two checkpoints',
    shown: '2',
  }),
  checkpointSteps: integer('checkpointSteps', 1, {help: 'steps between two checkpoints, instead of minutes'}),
  resume: toggle('resume', {help: 'continue the work in the folder after Ctrl-C, a crash or another command'}),
  dropUnused: integer('dropUnused', 1, {
    help: 'drop values that are absent from this number of consecutive updates',
    shown: 'values stay',
  }),
  refit: toggle('refit', {
    help: 'search and train again from scratch; the table must hold all earlier rows, too',
  }),
  force: toggle('force', {help: 'write the new bundle even if it is worse or doubtful'}),
  gpu: toggle('gpu', {help: 'for an NVIDIA GPU (CUDA 12)'}),
  title: text('title', 'text', {help: "the report's headline", shown: 'which interactions matter for the label'}),
  positive: text('positive', 'text', {
    help: 'what the report calls a row with label 1, such as "a click"',
    shown: 'a row with LABEL = 1',
  }),
  format: choice('format', ['onnx', 'tfjs', 'graph', 'json', 'csv', 'npy'], {
    help: 'the format to write',
    shown: 'onnx',
  }),
  vocabulary: toggle('vocabulary', {
    help: 'with --format onnx: store the vocabulary in the file, so that the model reads raw values instead of ids',
  }),
  integers: toggle('integers', {
    help: 'with --vocabulary: a categorical field whose values are all whole numbers reads int64 instead of text',
  }),
  out: text('out', 'place', {
    help: 'where to write the result',
    shown: {
      init: 'schema.json',
      predict: 'stdout',
      update: 'the bundle itself',
      export: 'a name by the format',
      report: 'report, for a given run.json',
    },
  }),
  json: toggle('json', {help: 'print the result as JSON'}),
  quiet: toggle('quiet', {help: 'show no progress'}),
};

export type SettingKey = keyof typeof settings;

/** Values of a command's settings; each may be missing. */
export type SettingValues = {[K in SettingKey]?: (typeof settings)[K] extends Setting<infer T> ? T : never};

/** The keys that a config file may hold. */
export const configKeys = (Object.keys(settings) as SettingKey[]).filter(
  key => !['config', 'json', 'quiet', 'resume'].includes(key),
);
