import type {Selection, RunRecord, StageRecord, ValueExample} from 'tfjs-autofis';
import type {Settings} from './settings';

/** How a column is used, where a person has another opinion than the page. */
export type Use = 'proposed' | 'category' | 'number' | 'ignored';

/** What the page asks of the worker. */
export type Request =
  | {type: 'open'; file: File | {sample: string}; name: string}
  | {type: 'plan'; label: string | null; uses: {[column: string]: Use}}
  | {type: 'start'; settings: Settings}
  | {type: 'pause'}
  | {type: 'resume'}
  | {type: 'stop'}
  | {type: 'retrain'}
  | {type: 'gate'; gate: number; interaction: number; open: boolean}
  | {type: 'resetGates'}
  | {type: 'continue'}
  | {type: 'discard'};

/** A column as the page shows it. */
export interface ColumnView {
  name: string;
  distinct: number;
  missing: number;
  examples: string[];
  /** Whether it could be the label: it holds 0 and 1 and nothing else. */
  binary: boolean;
  role: 'label' | 'part' | 'field' | 'ignored';
  /** What the page would make of it, in words. */
  proposed: string;
  use: Use;
}

/** A table, and what is made of it. */
export interface TableView {
  name: string;
  rows: number;
  columns: ColumnView[];
  label: string | null;
  notes: string[];
  /** What a person should know but need not mend. */
  problems: string[];
  /** Why no search can start; null where one can. */
  obstacle: string | null;
  fields: Array<{name: string; size: number}>;
  parts: Array<{name: 'train' | 'valid' | 'test'; rows: number; positives: number}>;
}

/** A gate layer of the searched model. */
export interface GateView {
  order: 2 | 3;
  fields: string[];
  interactions: number[][];
}

/** Where a run stands. */
export interface RunView {
  data: string;
  settings: Settings;
  gates: GateView[];
  stage: 'searching' | 'searched' | 'retraining' | 'finished';
  /** Steps of the whole search. */
  steps: number;
}

/** What is trained: the gates, the model of the kept interactions, or that of all, to compare. */
export type Role = 'search' | 'after' | 'before';

/** Passes of a training that are saved, so that a tab that is opened again goes on behind them. */
export interface SavedPass {
  role: Role;
  pass: number;
  passes: number;
}

/** The retraining as it moves. */
export interface RetrainProgress {
  role: 'after' | 'before';
  step: number;
  steps: number;
  loss: number | null;
  auc: number | null;
  stepsPerSecond: number;
  secondsLeft: number;
}

/** The search as it moves. */
export interface Progress {
  step: number;
  steps: number;
  alpha: number[][];
  closedAt: Array<Array<number | null>>;
  threshold: number;
  loss: number | null;
  auc: number | null;
  stepsPerSecond: number;
  secondsLeft: number;
}

/** A kept interaction with the values that say most. */
export interface Kept {
  gate: number;
  interaction: number[];
  fields: string[];
  alpha: number;
  examples: ValueExample[];
}

/** What a model costs and reaches on the test rows. */
export interface Measured {
  auc: number;
  logloss: number;
  parameters: number;
  bytes: number;
  /** Milliseconds for 1,000 rows. */
  milliseconds: number;
  interactions: {open: number; total: number};
}

export interface WhatIf {
  /** Open gates as a person has them. */
  open: boolean[][];
  /** Whether a gate is not as it was searched. */
  changed: boolean;
  /** Validation AUC as searched, and with the gates so. */
  searched: number;
  now: number;
}

/** What the worker tells the page. */
export type Report =
  | {type: 'ready'; threads: number; saved: RunView | null; notice: string | null}
  | {type: 'notice'; message: string}
  | {type: 'reading'; share: number}
  | {type: 'table'; table: TableView}
  | {type: 'refused'; message: string}
  | {type: 'run'; run: RunView}
  | {type: 'progress'; progress: Progress}
  | ({type: 'saved'; saved: boolean} & SavedPass)
  | ({type: 'interrupted'} & SavedPass)
  | {type: 'paused'}
  | {type: 'resumed'}
  | {type: 'searched'; kept: Kept[]; stoppedAt: number | null; warnings: string[]; whatIf: WhatIf}
  | {type: 'retraining'; progress: RetrainProgress}
  | {
      type: 'finished';
      before: Measured;
      after: Measured;
      kept: Kept[];
      run: RunRecord;
      files: Array<{name: string; bytes: Uint8Array}>;
    }
  | {type: 'whatIf'; whatIf: WhatIf}
  | {type: 'failed'; message: string}
  | {type: 'discarded'};

/** What the search tells the worker that draws: enough of a run for the pictures of the way. */
export interface Live {
  record: StageRecord;
  selection: Selection;
}

export interface DrawRequest {
  type: 'live';
  live: Live;
}

export interface Picture {
  name: string;
  title: string;
  svg: string;
}

export interface Drawn {
  pictures: Picture[];
  /** Those of the retraining, when it has ended. */
  retrained: Picture[];
  /** The report as one page, of a whole run. */
  html: string | null;
}
