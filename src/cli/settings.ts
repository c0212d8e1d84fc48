import {PERIODS} from '../schema/inference/time_periods';
import {SHARE} from '../select/effort';
import {choice, integer, names, number, pairs, Setting, text, toggle} from './setting';

/** Every setting of every command. */
export const settings = {
  config: text('config', 'file', {
    help: 'YAML or JSON file with settings by their camelCase names; those of other commands are ignored',
    rare: true,
  }),
  folder: text('folder', 'folder', {
    help: 'the folder of all results',
    shown: {update: 'none', others: 'autofis-run'},
  }),
  data: text('data', 'file', {
    help: 'the table: CSV, TSV, Parquet, JSON lines or Arrow, also .gz or .zst, or a pattern such as "part-*.csv"',
  }),
  sql: text('sql', 'query', {
    help: "rows of a query instead of a file, such as \"SELECT * FROM 'a.csv' JOIN 'b.parquet' USING (id)\"",
    rare: true,
  }),
  separator: text('separator', 'text', {
    help: 'the separator of columns in text, such as ";" or "\\t"',
    shown: "from the file's ending and header",
    rare: true,
  }),
  columns: names('columns', 'a,b,...', {
    help: "column names of text without a header; 'none' for column 1, column 2 and so on",
    rare: true,
  }),
  label: text('label', 'column', {
    help: 'the column to predict, or a comparison such as "rating >= 4"',
    shown: 'one called label, click, clicked, target or y',
  }),
  positiveLabel: text('positiveLabel', 'value', {
    help: 'the value of the label that counts as 1',
    shown: 'the value that means yes, the larger number, or the rarer value',
    rare: true,
  }),
  weight: text('weight', 'column', {
    help: 'the column of row weights, numbers >= 0; rows of weight 0 are left out',
    shown: 'all rows count equally',
    rare: true,
  }),
  as: pairs('as', 'pairs', {
    help: 'readings of columns: "zip=category,day=date,note=drop"',
  }),
  schema: text('schema', 'file', {
    help: 'how columns become fields, as --write-schema of `encode` writes it',
    shown: 'inferred from the data',
    rare: true,
  }),
  writeSchema: text('writeSchema', 'file', {
    help: 'write the inferred schema and split to this file, for you to read and correct, and stop',
  }),
  splitColumn: text('splitColumn', 'column', {
    help: "the column of parts or folds, or 'none'",
    shown: 'split, part, set, subset or fold, else drawn',
  }),
  group: text('group', 'column', {
    help: "a column of users or things: rows of one of them are all in one part, drawn by seed; it isn't a field",
    shown: 'by --split-column',
    rare: true,
  }),
  unique: toggle('unique', {help: 'leave out rows that equal an earlier one in all columns that are used', rare: true}),
  split: choice('split', ['time'], {
    help: 'train on older rows, test on the newest ones',
  }),
  timeColumn: text('timeColumn', 'column', {
    help: 'the column of dates or numbers that orders rows by time',
    shown: {update: 'rows are in order of time', others: 'the only column of dates'},
    rare: true,
  }),
  period: choice('period', PERIODS, {
    help: 'the period that --split time tests on',
    shown: 'the shortest of day, week, month and year with enough rows',
    rare: true,
  }),
  rolling: integer('rolling', 1, {
    help: 'how many of the last periods --split time tests, one after another, each with a run on all rows before it',
    shown: '1',
    rare: true,
  }),
  heldOut: number('heldOut', {
    least: 0,
    open: true,
    below: 1,
    help: 'share of the rows to hold out, the newest ones',
    shown: '0.2',
  }),
  maxRejects: integer('maxRejects', 0, {help: 'how many invalid rows may be left out', shown: '0', rare: true}),
  method: choice('method', ['components', 'paper'], {
    help: 'how interactions are selected: by components on held-out rows, or by the two stages of the paper',
    shown: 'components',
  }),
  model: choice('model', ['autoFm', 'autoFfm', 'autoDeepFm', 'autoIpnn'], {
    help: 'the model with gates of --method paper',
    shown: 'autoFm',
  }),
  batchSize: integer('batchSize', 1, {
    help: 'rows of a training step',
    shown: {select: 'by the number of rows; with --method paper 2000', others: 'by the number of rows'},
    rare: true,
  }),
  learningRate: number('learningRate', {
    least: 0,
    open: true,
    help: "Adam's learning rate; by components its peak",
    shown: {select: 'by the number of steps; with --method paper 0.001', others: 'by the number of steps'},
    rare: true,
  }),
  searchEpochs: integer('searchEpochs', 1, {
    help: 'epochs (passes over the training rows) of the search of --method paper',
    shown: '1',
  }),
  epochs: integer('epochs', 1, {
    help: 'epochs of each training; with --method paper the most of the retraining',
    shown: {
      select: 'by the number of rows; with --method paper 60',
      update: '2',
      others: 'by the number of rows',
    },
    rare: true,
  }),
  share: number('share', {
    least: 0,
    below: 1,
    help: 'gain a smaller model may give up',
    shown: `${SHARE}`,
  }),
  effort: choice('effort', ['quick', 'normal', 'thorough'], {help: 'how much to try', shown: 'normal'}),
  threads: integer('threads', 1, {
    help: 'trainings that run in parallel, if one takes longer than a thread to start',
    shown: 'the number of processors, 8 at most',
    rare: true,
  }),
  seed: integer('seed', 0, {help: 'seed of every random number', shown: '1', rare: true}),
  backend: choice('backend', ['tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'], {
    help: 'the backend of TensorFlow.js',
    shown: {setup: 'tfjs-node', doctor: 'all', others: 'the fastest that loads'},
    rare: true,
  }),
  wheels: text('wheels', 'folder', {help: "TensorFlow's wheels, for a machine without internet", rare: true}),
  resume: toggle('resume', {help: 'continue the work in the folder'}),
  dropUnused: integer('dropUnused', 1, {
    help: 'drop values that are absent from this number of consecutive updates',
    shown: 'values stay',
  }),
  refit: toggle('refit', {
    help: 'search and train again from scratch; the table must hold all earlier rows, too',
  }),
  force: toggle('force', {help: 'write the new bundle even if it is worse or doubtful'}),
  positive: text('positive', 'text', {
    help: 'what the report calls a row with label 1, such as "a click"',
    shown: 'a row with LABEL = 1',
    rare: true,
  }),
  format: choice('format', ['onnx', 'tfjs', 'graph', 'json', 'csv', 'npy'], {
    help: 'the format to write',
    shown: 'onnx',
  }),
  vocabulary: choice('vocabulary', ['text', 'integers'], {
    help:
      'with --format onnx: store the vocabulary in the file, so that the model reads raw values, as text or, where a ' +
      'categorical field has whole numbers alone, as int64',
    shown: 'none: the model reads ids',
  }),
  out: text('out', 'place', {
    help: 'where to write the result',
    shown: {
      predict: 'stdout',
      update: 'the bundle itself',
      export: 'a name by the format',
      report: 'report, for a given run.json',
    },
  }),
  json: toggle('json', {help: 'print the result as JSON'}),
  quiet: toggle('quiet', {help: 'print the result alone', rare: true}),
  verbose: toggle('verbose', {help: 'list how every column is read, and each step'}),
};

export type SettingKey = keyof typeof settings;

/** Headings of help with their settings, in the order in which help shows them. */
export const GROUPS: {readonly [heading: string]: readonly SettingKey[]} = {
  'Input:': [
    ...(['data', 'label', 'as', 'sql', 'separator', 'columns', 'positiveLabel', 'weight', 'schema'] as const),
    ...(['writeSchema', 'maxRejects', 'wheels'] as const),
  ],
  'Split:': ['splitColumn', 'split', 'group', 'unique', 'timeColumn', 'period', 'rolling', 'heldOut'],
  'Effort:': ['effort', 'searchEpochs', 'epochs', 'batchSize', 'learningRate', 'threads', 'backend', 'seed'],
  'Model:': ['method', 'model', 'share', 'refit', 'dropUnused'],
  'Output:': [
    ...(['folder', 'resume', 'out', 'force', 'format', 'vocabulary', 'positive', 'verbose', 'json'] as const),
    ...(['quiet', 'config'] as const),
  ],
};

/** Values of a command's settings; each may be missing. */
export type SettingValues = {[K in SettingKey]?: (typeof settings)[K] extends Setting<infer T> ? T : never};

/** The keys that a config file may hold. */
export const configKeys = (Object.keys(settings) as SettingKey[]).filter(
  key => !['config', 'json', 'quiet', 'verbose', 'resume'].includes(key),
);
