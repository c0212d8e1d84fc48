import type {Interaction, Order} from '../interactions';
import type {GrdaPlan} from '../stages/calibration';
import type {Selection} from '../stages/selection';

/** What a training went through; plain JSON, gathered by `StageRecorder`. */
export interface StageRecord {
  /** Optimizer steps. */
  steps: number;
  /** Wall-clock time from the first batch to the last epoch's end. */
  seconds: number;
  /** The mean training loss over `steps` steps up to `step`. */
  loss: Array<{step: number; steps: number; loss: number}>;
  /** All that was logged at the end of each epoch, counted from 1: loss, val_auc, val_logloss, ... */
  epochs: Array<{epoch: number; step: number; logs: {[name: string]: number}}>;
  /** Null where no search ran. */
  alpha: AlphaRecord | null;
}

/** The way of every alpha through a search. */
export interface AlphaRecord {
  /** The gates in the order of the model's layers. */
  gates: Array<{order: Order; fields: string[]; interactions: Interaction[]}>;
  /** alpha[gate][interaction] after `step` steps, six digits; what gRDA cut |alpha| by, null where Adam trained alpha. */
  points: Array<{step: number; threshold: number | null; alpha: number[][]}>;
  /** closedAt[gate][interaction]: the step after which alpha was 0 and stayed so; null where the gate ended open. */
  closedAt: Array<Array<number | null>>;
}

/** A combination of values whose click rate the values alone do not explain. */
export interface ValueExample {
  /** One value for each field, as people call it. */
  values: string[];
  /** Training rows that have all of them, and how many of these are positive. */
  rows: number;
  positives: number;
  /** positives / rows. */
  rate: number;
  /** The rate that follows from the values' own rates, their log-odds added up. */
  expected: number;
}

/** One interaction of a gate. */
export interface InteractionRecord {
  gate: number;
  order: Order;
  interaction: Interaction;
  fields: string[];
  /** At the end of the search; 0 where the gate is closed. */
  alpha: number;
  kept: boolean;
  closedAt: number | null;
  /** Test AUC of this interaction alone; null where it was not computed. */
  auc: number | null;
  /** The strongest first; only of kept interactions. */
  examples: ValueExample[];
}

/** Test rows whose predictions are alike. */
export interface CalibrationBin {
  rows: number;
  /** Mean predicted probability. */
  predicted: number;
  /** Share of positives. */
  observed: number;
}

/** What a model costs and reaches on the test rows. */
export interface ModelRecord {
  name: string;
  /** 'before': the model that the selection is held against; 'after': the one built from the selection. One of each. */
  role: 'before' | 'after' | 'other';
  auc: number;
  logloss: number;
  /** Bins of as many rows each, by rising prediction. */
  calibration: CalibrationBin[];
  /** Interactions that it computes, of how many; null where it has no gates. */
  interactions: {open: number; total: number} | null;
  parameters: number;
  /** Size of the weights. */
  bytes: number;
  /** Milliseconds that a prediction of one row takes, over `runs` predictions; null where it was not measured. */
  latency: {p50: number; p95: number; runs: number} | null;
}

/** What the report needs of a verdict; that of `judgeSelection` has it. */
export interface RunVerdict {
  words: string;
  standings: Array<{
    contestant: string;
    form: string;
    kept: number;
    parameters: number;
    validationAuc: number;
    auc: {mean: number; sd: number; runs: number};
    logloss: {mean: number; sd: number; runs: number};
  }>;
  duels: Array<{opponent: string; own: number; other: number; difference: number; p: number | null}>;
  /** Random sets that are better than the selection. */
  betterRandomSets: number;
}

/** A setting of a run. */
export type SettingValue = string | number | boolean | null;

/** All that a report tells of a run: plain JSON, of one version. `recordRun` makes it, `checkRun` reads it. */
export interface RunRecord {
  format: 'tfjs-autofis-run';
  version: 1;
  title: string;
  /** What a row of label 1 is, e.g. "a flight that arrives late". */
  positive: string;
  /** ISO 8601, UTC. */
  created: string;
  command: string | null;
  seed: number | null;
  backend: string;
  /** Versions of what it ran on, by name. */
  versions: {[name: string]: string};
  settings: {[name: string]: SettingValue};
  data: {
    source: string | null;
    /** `rate` is the share of positives, by the weights of rows where they have some. */
    parts: Array<{name: string; rows: number; positives: number; rate: number}>;
    /** `width` is how many values a row has at most. */
    fields: Array<{name: string; size: number; width: number}>;
  };
  search: StageRecord & {alpha: AlphaRecord};
  /** gRDA's constants; null where Adam trained alpha. */
  constants: GrdaPlan | null;
  /** What the search warned of. */
  warnings: string[];
  /** That of the small model; with alpha where it is the search's own, trained on. */
  retrain: StageRecord | null;
  selection: Selection;
  /** Every interaction of every gate, in the order of `search.alpha.gates`. */
  interactions: InteractionRecord[];
  /** Of |alpha| with the AUC of the interaction alone, over those that have one; null below three. */
  correlation: {pearson: number; spearman: number; interactions: number} | null;
  models: ModelRecord[];
  verdict: RunVerdict | null;
}
