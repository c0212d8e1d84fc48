import type {Interaction, Order} from '../interactions';
import type {TestComparison} from '../select/compare_on_test';
import type {Decision, InteractionEvidence} from '../select/decision';
import type {GrdaPlan} from '../stages/grda_plan';
import type {Selection} from '../stages/selection';
import type {CopiedRows} from '../training/copied_rows';

/** Course of one training, as plain JSON; `StageRecorder` collects it. */
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

/** The trajectory of each alpha through a search. */
export interface AlphaRecord {
  /** The gates in the order of the model's layers. */
  gates: Array<{order: Order; fields: string[]; interactions: Interaction[]}>;
  /**
   * alpha[gate][interaction] after `step` steps, six digits; what gRDA cut |alpha| by, null where Adam trained alpha.
   */
  points: Array<{step: number; threshold: number | null; alpha: number[][]}>;
  /** closedAt[gate][interaction]: the step after which alpha was 0 and stayed so; null where the gate ended open. */
  closedAt: Array<Array<number | null>>;
}

/** The search stage, with alpha. */
export type SearchRecord = StageRecord & {alpha: AlphaRecord};

/** A combination of values whose click rate logistic regression does not explain. */
export interface ValueExample {
  /** One value for each field, as people call it. */
  values: string[];
  /** Training rows that have all of them, and how many of these are positive. */
  rows: number;
  positives: number;
  /** positives / rows. */
  rate: number;
  /** The mean prediction of logistic regression for these rows. */
  expected: number;
}

/** One interaction of a gate. */
export interface InteractionRecord {
  gate: number;
  order: Order;
  interaction: Interaction;
  fields: string[];
  /** Alpha of the gate, or the largest alpha of its components; 0 where the gate is closed. */
  alpha: number;
  /** True where the selection contains the interaction. */
  kept: boolean;
  /** Evidence from held-out rows; null after a search, which has none. */
  evidence: InteractionEvidence | null;
  /** Test AUC of this interaction alone; null where it was not computed. */
  auc: number | null;
  /** The strongest first; only of kept interactions. */
  examples: ValueExample[];
}

/** Method that made the selection, with its records. */
export type SelectedBy =
  /** Held-out rows decided the gates of components: `autoSelect`. `copied` are test rows that equal a training row. */
  | {type: 'components'; decision: Decision; copied: CopiedRows}
  /**
   * Gates closed while a model trained: `SearchStage`. `constants` are those of gRDA, null where Adam trained alpha;
   * `retrain` is the training of the small model, null where it was not recorded.
   */
  | {type: 'search'; search: SearchRecord; constants: GrdaPlan | null; retrain: StageRecord | null};

/** Test rows whose predictions are alike. */
export interface CalibrationBin {
  rows: number;
  /** Mean predicted probability. */
  predicted: number;
  /** Share of positives. */
  observed: number;
}

/** Scores, size and calibration of a model on the test rows. */
export interface ModelRecord {
  name: string;
  /**
   * 'after': the chosen model, of which there is one. 'before': the one with all interactions that it is compared with,
   * of which there is at most one. 'linear': logistic regression, where it is not the chosen one. 'trees': LightGBM.
   */
  role: 'before' | 'after' | 'linear' | 'trees' | 'other';
  auc: number;
  logloss: number;
  /** Bins of as many rows each, by rising prediction. */
  calibration: CalibrationBin[];
  /** Interactions that it computes, of how many; null where it has no gates. */
  interactions: {open: number; total: number} | null;
  /** Null for trees, which have none that could be compared. */
  parameters: number | null;
  /** Size of the weights, or of the trees as text. */
  bytes: number;
  /**
   * The chosen model less this one on the same test rows; null for the chosen one, and where they were not compared.
   */
  comparison: ModelComparison | null;
}

/** A paired comparison of two models on the test rows: the first less the second. */
export type ModelComparison = Omit<TestComparison, 'scores'>;

/** One thing that was assumed of the table. */
export interface AssumptionRecord {
  /** Null for the rows. */
  column: string | null;
  reading: string;
  why: string;
  /** Other possible reading, and the flag that requests it; null where there is none. */
  alternative: string | null;
  flag: string | null;
}

/** Parts of a verdict that the report needs; a result of `judgeSelection` has them all. */
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

/** Everything that a report shows of a run: plain JSON, of one version. `recordRun` makes it, `checkRun` reads it. */
export interface RunRecord {
  format: 'tfjs-autofis-run';
  version: 2;
  title: string;
  /** Description of a row of label 1, e.g. "a flight that arrives late". */
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
    parts: Array<{name: string; rows: number; positives: number; negatives: number; rate: number}>;
    /** `width` is how many values a row has at most. */
    fields: Array<{name: string; size: number; width: number}>;
    assumptions: AssumptionRecord[];
  };
  selectedBy: SelectedBy;
  /** Warnings, such as that positives are few. */
  warnings: string[];
  /** Empty where no interaction helps. */
  selection: Selection;
  /** Every interaction, gate by gate; none where rows were too few for interactions. */
  interactions: InteractionRecord[];
  /** Correlation of strength with AUC alone, over the interactions that have one; null for fewer than three. */
  correlation: {pearson: number; spearman: number; interactions: number} | null;
  models: ModelRecord[];
  verdict: RunVerdict | null;
}
