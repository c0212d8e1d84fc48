import type {PathPoint, RunRecord} from 'tfjs-autofis';
import type {Settings} from './settings';

/** How a column is used, where a person has another opinion than the page. */
export type Use = 'proposed' | 'category' | 'number' | 'date' | 'ignored';

/** What a person has decided of a table. */
export interface Decisions {
  label: string | null;
  /** The value of the label that counts as 1; null for the one that is proposed. */
  positive: string | null;
  uses: {[column: string]: Use};
}

/** What the page asks of the worker. */
export type Request =
  | {type: 'open'; file: File | {sample: string}; name: string}
  | {type: 'plan'; decisions: Decisions}
  | {type: 'estimate'; settings: Settings}
  | {type: 'start'; settings: Settings}
  | {type: 'pause'}
  | {type: 'resume'}
  | {type: 'stop'}
  | {type: 'continue'}
  | {type: 'gate'; pair: number; open: boolean}
  | {type: 'resetGates'}
  | {type: 'discard'};

/** A column as the page shows it. */
export interface ColumnView {
  name: string;
  distinct: number;
  missing: number;
  examples: string[];
  /** Shares of the rows, at most as many as fit a small picture: bins of a number, else the most frequent values. */
  histogram: number[];
  /** Whether it could be the label: it holds two values, in every row. */
  binary: boolean;
  role: 'label' | 'part' | 'field' | 'ignored';
  /** What the page would make of it, in words. */
  proposed: string;
  /** Why, and what else it could be. */
  why: string;
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
  rows: number;
  settings: Settings;
  fields: string[];
}

/** AUC on V2 after each pass of one training. */
export interface Curve {
  name: string;
  auc: number[];
}

/** What is known of a run on its way, enough to show it again. */
export interface Way {
  /** What each finished step found. */
  steps: string[];
  /** Finished trainings of candidates, and of models on all rows. */
  trained: number;
  refitted: number;
  curves: Curve[];
  /** AUC of logistic regression on V2. */
  linear: number | null;
  gates: GatePath | null;
}

/** The gates of one base along their penalties. */
export interface GatePath {
  /** The base's name. */
  name: string;
  path: PathPoint[];
  /** Position of the chosen penalty. */
  chosen: number;
  /** How far each pair moves the log-odds in the base: a standard deviation over rows. */
  spread: Float32Array;
}

/** A training as it moves. */
export interface Progress {
  /** The model that is trained. */
  name: string;
  pass: number;
  passes: number;
  /** Of the whole run, estimated. */
  share: number;
  loss: number | null;
  secondsLeft: number;
}

export interface WhatIf {
  /** Open gates as a person has them. */
  open: boolean[];
  /** Whether a gate is not as it was chosen. */
  changed: boolean;
  /** AUC on V2 as chosen, and with the gates so. */
  chosen: number;
  now: number;
}

export interface NamedFile {
  name: string;
  bytes: Uint8Array;
}

/** A finished run. */
export interface Finished {
  run: RunRecord;
  /** The report's words: the answer, and what supports it. */
  answer: string;
  verdict: string | null;
  /** Positions of kept pairs that too few half-samples keep. */
  uncertain: number[];
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
  | {type: 'progress'; progress: Progress}
  | {type: 'spread'; spread: Float32Array}
  | {type: 'way'; way: Way}
  | {type: 'saved'; saved: boolean}
  | {type: 'paused'}
  | {type: 'resumed'}
  | {type: 'interrupted'}
  | {type: 'finished'; finished: Finished}
  | {type: 'whatIf'; whatIf: WhatIf}
  | {type: 'failed'; message: string}
  | {type: 'discarded'};

/** What the worker that writes the report is given and gives. */
export interface ReportRequest {
  run: RunRecord;
  files: NamedFile[];
}
export interface ReportFiles {
  report: NamedFile;
  bundle: NamedFile;
}
