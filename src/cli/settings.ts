import {PERIODS} from '../schema/inference/time_periods';
import {SHARE} from '../select/effort';
import {choice, integer, names, number, pairs, Setting, text, toggle} from './setting';

/** Every setting of every command. */
export const settings = {
  config: text('file', {
    help: 'YAML or JSON file with settings by their camelCase names; those of other commands are ignored',
    rare: true,
  }),
  folder: text('folder', {help: 'the folder of all results', shown: {update: 'none', others: 'autofis-run'}}),
  data: text('file', {
    help: 'the table: CSV, TSV, Parquet, JSON lines or Arrow, also .gz or .zst, or a pattern such as "part-*.csv"',
  }),
  sql: text('query', {
    help: "rows of a query instead of a file, such as \"SELECT * FROM 'a.csv' JOIN 'b.parquet' USING (id)\"",
    rare: true,
  }),
  separator: text('text', {
    help: 'the separator of columns in text, such as ";" or "\\t"',
    shown: "from the file's ending and header",
    rare: true,
  }),
  columns: names('a,b,...', {
    help: "column names of text without a header; 'none' for column 1, column 2 and so on",
    rare: true,
  }),
  label: text('column', {
    help: 'the column to predict, or a comparison such as "rating >= 4"',
    shown: 'one called label, click, clicked, target or y',
  }),
  positiveLabel: text('value', {
    help: 'the value of the label that counts as 1',
    shown: 'the value that means yes, the larger number, or the rarer value',
    rare: true,
  }),
  weight: text('column', {
    help: 'the column of row weights, numbers >= 0; rows of weight 0 are left out',
    shown: 'all rows count equally',
    rare: true,
  }),
  as: pairs('pairs', {help: 'readings of columns: "zip=category,day=date,note=drop"'}),
  schema: text('file', {
    help: 'how columns become fields, as --write-schema of `encode` writes it',
    shown: 'inferred from the data',
    rare: true,
  }),
  writeSchema: text('file', {
    help: 'write the inferred schema and split to this file, for you to read and correct, and stop',
  }),
  splitColumn: text('column', {
    help: "the column of parts or folds, or 'none'",
    shown: 'split, part, set, subset or fold, else drawn',
  }),
  group: text('column', {
    help: "a column of users or things: rows of one of them are all in one part, drawn by seed; it isn't a field",
    shown: 'by --split-column',
    rare: true,
  }),
  unique: toggle({help: 'leave out rows that equal an earlier one in all columns that are used', rare: true}),
  split: choice(['time'], {help: 'train on older rows, test on the newest ones'}),
  timeColumn: text('column', {
    help: 'the column of dates or numbers that orders rows by time',
    shown: {update: 'rows are in order of time', others: 'the only column of dates'},
    rare: true,
  }),
  period: choice(PERIODS, {
    help: 'the period that --split time tests on',
    shown: 'the shortest of day, week, month and year with enough rows',
    rare: true,
  }),
  rolling: integer(1, {
    help: 'how many of the last periods --split time tests, one after another, each with a run on all rows before it',
    shown: '1',
    rare: true,
  }),
  heldOut: number({
    least: 0,
    open: true,
    below: 1,
    help: 'share of the rows to hold out, the newest ones',
    shown: '0.2',
  }),
  maxRejects: integer(0, {help: 'how many invalid rows may be left out', shown: '0', rare: true}),
  method: choice(['components', 'paper'], {
    help: 'how interactions are selected: by components on held-out rows, or by the two stages of the paper',
    shown: 'components',
  }),
  model: choice(['autoFm', 'autoFfm', 'autoDeepFm', 'autoIpnn'], {
    help: 'the model with gates of --method paper',
    shown: 'autoFm',
  }),
  batchSize: integer(1, {
    help: 'rows of a training step',
    shown: {select: 'by the number of rows; with --method paper 2000', others: 'by the number of rows'},
    rare: true,
  }),
  learningRate: number({
    least: 0,
    open: true,
    help: "Adam's learning rate; by components its peak",
    shown: {select: 'by the number of steps; with --method paper 0.001', others: 'by the number of steps'},
    rare: true,
  }),
  searchEpochs: integer(1, {
    help: 'epochs (passes over the training rows) of the search of --method paper',
    shown: '1',
  }),
  epochs: integer(1, {
    help: 'epochs of each training; with --method paper the most of the retraining',
    shown: {
      select: 'by the number of rows; with --method paper 60',
      update: '2',
      others: 'by the number of rows',
    },
    rare: true,
  }),
  share: number({
    least: 0,
    below: 1,
    help: 'gain a smaller model may give up',
    shown: `${SHARE}`,
  }),
  forbid: names('a,b x c', {
    help: 'fields that take part in no interaction, and pairs of fields that are in none together',
    rare: true,
  }),
  effort: choice(['quick', 'normal', 'thorough'], {help: 'how much to try', shown: 'normal'}),
  threads: integer(1, {
    help: 'trainings that run in parallel, if one takes longer than a thread to start',
    shown: 'the number of processors, 8 at most',
    rare: true,
  }),
  seed: integer(0, {help: 'seed of every random number', shown: '1', rare: true}),
  backend: choice(['tfjs-node-gpu', 'tfjs-node', 'wasm', 'cpu'], {
    help: 'the backend of TensorFlow.js',
    shown: {doctor: 'all', others: 'the fastest that loads'},
    rare: true,
  }),
  gpu: toggle({help: 'set up tfjs-node-gpu, for an NVIDIA GPU', rare: true}),
  wheels: text('folder', {help: "TensorFlow's wheels, for a machine without internet", rare: true}),
  resume: toggle({help: 'continue the work in the folder'}),
  dropUnused: integer(1, {
    help: 'drop values that are absent from this number of consecutive updates',
    shown: 'values stay',
  }),
  refit: toggle({help: 'search and train again from scratch; the table must hold all earlier rows, too'}),
  force: toggle({help: 'write the new bundle even if it is worse or doubtful'}),
  format: choice(['onnx', 'tfjs', 'graph', 'json', 'csv', 'npy'], {help: 'the format to write', shown: 'onnx'}),
  vocabulary: choice(['text', 'integers'], {
    help:
      'with --format onnx: store the vocabulary in the file, so that the model reads raw values, as text or, where a ' +
      'categorical field has whole numbers alone, as int64',
    shown: 'none: the model reads ids',
  }),
  out: text('place', {
    help: 'where to write the result',
    shown: {
      predict: 'stdout',
      update: 'the bundle itself',
      export: 'a name by the format',
      report: 'report, for a given run.json',
    },
  }),
  explain: integer(1, {
    help: 'also write the n strongest reasons of each probability, with their shares of the log-odds',
    shown: 'probabilities alone',
  }),
  json: toggle({help: 'print the result as JSON'}),
  quiet: toggle({help: 'print the result alone', rare: true}),
  verbose: toggle({help: 'list how every column is read, and each step'}),
};

export type SettingKey = keyof typeof settings;

/** Headings of help with their settings, in the order in which help shows them. */
export const GROUPS: {readonly [heading: string]: readonly SettingKey[]} = {
  'Input:': [
    ...(['data', 'label', 'as', 'sql', 'separator', 'columns', 'positiveLabel', 'weight', 'schema'] as const),
    ...(['writeSchema', 'maxRejects', 'gpu', 'wheels'] as const),
  ],
  'Split:': ['splitColumn', 'split', 'group', 'unique', 'timeColumn', 'period', 'rolling', 'heldOut'],
  'Effort:': ['effort', 'searchEpochs', 'epochs', 'batchSize', 'learningRate', 'threads', 'backend', 'seed'],
  'Model:': ['method', 'model', 'share', 'forbid', 'refit', 'dropUnused'],
  'Output:': [
    ...(['folder', 'resume', 'out', 'force', 'format', 'vocabulary', 'explain', 'verbose', 'json'] as const),
    ...(['quiet', 'config'] as const),
  ],
};

/** Values of a command's settings; each may be missing. */
export type SettingValues = {[K in SettingKey]?: (typeof settings)[K] extends Setting<infer T> ? T : never};

/** The keys that a config file may hold. */
export const configKeys = (Object.keys(settings) as SettingKey[]).filter(
  key => !['config', 'json', 'quiet', 'verbose', 'resume'].includes(key),
);
