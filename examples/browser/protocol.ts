import type {TestComparison} from 'tfjs-autofis';
import type {Settings} from './settings';
import type {PathPoint} from '../../src/decision/penalty_path';

/** How a column is used, where a person has another opinion than the page. */
export type Use = 'proposed' | 'category' | 'number' | 'date' | 'ignored';

/** What a person has decided of a table. */
export interface Decisions {
  label: string | null;
  /** The value of the label that counts as 1; null for the one that is proposed. */
  positive: string | null;
  uses: {[column: string]: Use};
}

/** Decisions that differ from what is proposed, by positions of columns and of the label's values. */
export interface Choices {
  label: number | null;
  positive: number | null;
  uses: Array<{column: number; use: Use}>;
}

/** What the page asks of the worker. */
export type Request =
  | {type: 'open'; file: File | {sample: string}; name: string; choices: Choices | null}
  | {type: 'plan'; decisions: Decisions}
  | {type: 'estimate'; settings: Settings}
  | {type: 'start'; settings: Settings}
  | {type: 'pause'}
  | {type: 'resume'}
  | {type: 'stop'}
  | {type: 'continue'}
  | {type: 'gate'; interaction: number; open: boolean}
  | {type: 'undoGate'}
  | {type: 'resetGates'}
  | {type: 'effect'; fields: number[]; at: number[]}
  | {type: 'row'; ids: number[] | null}
  | {type: 'discard'};

/** A column as the page shows it. */
export interface ColumnView {
  name: string;
  distinct: number;
  missing: number;
  examples: string[];
  /** Shares of the rows, at most as many as fit a small picture: bins of a number, else the most frequent values. */
  histogram: number[];
  /** What it could be as the label: one of two values, or one of several against the rest, in every row. */
  asLabel: 'two values' | 'several' | 'unfit';
  role: 'label' | 'part' | 'field' | 'ignored';
  /** What the page would make of it, in words. */
  proposed: string;
  /** Why, and what else it could be. */
  why: string;
  /** True where the table leaves a doubt about the proposal. */
  isDoubtful: boolean;
  use: Use;
}

/** A table, and what is made of it. */
export interface TableView {
  name: string;
  rows: number;
  columns: ColumnView[];
  label: string | null;
  /** The values of the label, and the one that counts as 1. */
  labelValues: string[];
  positive: string | null;
  /** What was assumed of the rows. */
  notes: string[];
  /** What a person should know but need not correct. */
  problems: string[];
  /** Why no run can start; null where one can. */
  obstacle: string | null;
  fields: Array<{name: string; size: number}>;
  parts: Array<{name: 'train' | 'valid' | 'test'; rows: number; positives: number}>;
}

/** A run that the page shows. */
export interface RunView {
  data: string;
  isSample: boolean;
  choices: Choices;
  rows: number;
  settings: Settings;
  fields: string[];
}

/** What is known of a run so far, enough to show it again. */
export interface Trace {
  /** Each finished step in words. */
  steps: string[];
  /** Finished trainings. */
  trained: number;
}

/** The decision on the gates. Arrays of numbers are typed: a browser copies them at once. */
export interface Decided {
  /** Interactions that were judged, and those that are open. */
  judged: number;
  open: number;
  /** Logloss of held-out rows along the penalties. */
  path: Array<Pick<PathPoint, 'lambda' | 'logloss'>>;
  /** Position of the chosen penalty. */
  chosen: number;
  /** Held-out gain of each pair; 0 where its gate is closed. */
  gain: Float32Array;
}

/** A training as it moves. */
export interface PassProgress {
  /** Number of this training, and the most that there can be. */
  training: number;
  trainings: number;
  pass: number;
  passes: number;
  loss: number;
}

/** A run as it moves. */
export interface RunProgress {
  /** The training that moves, or what the run does between two of them. */
  doing: PassProgress | 'fields' | 'gates' | 'model' | 'record';
  /** Part of the whole run that is done, estimated, and after what is between two trainings (`next`). */
  share: number;
  next: number;
  secondsLeft: number;
}

/** Gates by hand. An interaction is a pair by its position among all, or behind these a larger selected set. */
export interface WhatIf {
  /** 1 for an open gate, as a person has them. Only gates of the chosen model can be closed and opened. */
  open: Uint8Array;
  /** Whether a gate is not as it was chosen. */
  changed: boolean;
  /** Whether there is a change to undo. */
  undoable: boolean;
  /** The gate that the last change was of; null before there is one, and where it was of several. */
  last: number | null;
  /** Test rows that the AUC is computed on. */
  rows: number;
  /** AUC on these rows as chosen, before the last change, and with the gates so. */
  chosen: number;
  before: number;
  now: number;
}

/** Effect of a field or an interaction on the log-odds of the chosen model, by values, and the rows that have them. */
export interface EffectView {
  fields: number[];
  /** Names of the values that are shown, of the first field and of the second. */
  values: string[][];
  /** The values of a third and a fourth field, and the position of the one that is shown. */
  others: Array<{values: string[]; at: number}>;
  /** Whether a field has more values than are shown. */
  isCut: boolean;
  /** True where the chosen model has it. */
  isOpen: boolean;
  /** One number for each combination of values, row-major by those of the first field. */
  effect: Float32Array;
  rows: Int32Array;
  positives: Int32Array;
}

/** The values that a row may have, and what the chosen model says of one. */
export interface RowView {
  fields: Array<{name: string; values: Array<{id: number; name: string}>}>;
  /** The id of each field. */
  ids: number[];
  probability: number;
  /** The log-odds without any of them. */
  base: number;
  /** Contribution of each selected set of fields to the log-odds. */
  interactions: Array<{fields: number[]; share: number}>;
}

export interface NamedFile {
  name: string;
  bytes: Uint8Array;
}

/** Figures of all pairs of a finished run, then of its larger selected sets; 0 where rows were too few for gates. */
export interface Figures {
  /** 1 for an interaction of the selection. */
  selected: Uint8Array;
  /** 1 for a selected one whose gain may be chance. */
  uncertain: Uint8Array;
  /** The held-out gain, its standard error, and the folds in which the interaction helps. */
  gain: Float32Array;
  standardError: Float32Array;
  helpedFolds: Uint8Array;
  /** Folds. */
  folds: number;
}

/** A model on the test rows. */
export interface ComparedModel {
  name: string;
  auc: number;
  /** The chosen model less this one; null for the chosen one. */
  comparison: {verdict: TestComparison['verdict']; difference: number; standardError: number} | null;
}

/** A finished run as the page shows it. The run itself is one of the files. */
export interface Finished {
  /** The report's answer. */
  answer: string;
  /** Logistic regression, all pairs and the chosen model, as far as they are there. */
  models: ComparedModel[];
  warnings: string[];
  figures: Figures;
  /** The fields of each selected set of three or four. */
  larger: number[][];
  /** The selected interactions, the largest gain first. */
  selected: Uint32Array;
  /** Of each of these the values where it shows most; '' for those without a map. */
  examples: string[];
  /** Held-out gain of each field, and its standard error. */
  fieldGains: {gain: Float32Array; standardError: Float32Array};
  files: NamedFile[];
}

/** What a run will cost, before it is started. */
export interface Estimate {
  seconds: number;
  bytes: number;
}

/** What the worker tells the page. */
export type Report =
  | {type: 'ready'; saved: RunView | null; notice: string | null}
  | {type: 'notice'; message: string}
  | {type: 'reading'; share: number}
  | {type: 'table'; table: TableView}
  | {type: 'estimate'; estimate: Estimate}
  | {type: 'refused'; message: string}
  | {type: 'run'; run: RunView}
  | {type: 'progress'; progress: RunProgress}
  | {type: 'spread'; spread: Float32Array}
  | {type: 'trace'; trace: Trace}
  | {type: 'decided'; decided: Decided}
  | {type: 'saved'; saved: boolean}
  | {type: 'paused'}
  | {type: 'resumed'}
  | {type: 'interrupted'}
  | {type: 'finished'; finished: Finished; effect: EffectView}
  | {type: 'whatIf'; whatIf: WhatIf}
  | {type: 'effect'; view: EffectView}
  | {type: 'row'; view: RowView}
  | {type: 'failed'; message: string}
  | {type: 'discarded'};

/** What the worker that writes the report gives; it is given the files. */
export interface DrawnFiles {
  report: NamedFile;
  bundle: NamedFile;
}
