import type {Interaction, Order} from '../interactions';
import type {TestComparison} from '../select/compare_on_test';
import type {Decision, InteractionEvidence} from '../select/decision';
import type {Selection} from '../stages/selection';
import type {CopiedRows} from '../warnings/copied_rows';

/** An interaction's effect on the test rows of some of its values, beside what the model predicts without it. */
export interface EffectMap {
  interaction: Interaction;
  fields: string[];
  /** Values of all fields but the last, and values of the last one, by name. */
  rows: string[][];
  columns: string[];
  /** Combinations that test rows have. */
  cells: MapCell[];
}

/** Means over the test rows of a combination of values. */
export interface MapCell {
  /** Its position in the map. */
  row: number;
  column: number;
  /** Test rows that have it. */
  rows: number;
  /** Share of the interaction in the logit. */
  share: number;
  predicted: number;
  /** Prediction without the interaction. */
  without: number;
  /** Share of positives. */
  observed: number;
}

/** One test row with its prediction taken apart: logit = intercept + sum of the shares + others. */
export interface ExplainedRow {
  probability: number;
  /** Its probability without interactions. */
  additive: number;
  intercept: number;
  /** The strongest first. */
  shares: Array<{fields: string[]; values: string[]; share: number}>;
  others: number;
}

/** Speed, effects and errors of the chosen model on the test rows. */
export interface Inspection {
  /** Rows that it scores in a second, in two digits. */
  rowsPerSecond: number;
  /** Maps of the selected interactions, the strongest first. */
  maps: EffectMap[];
  /** The row whose probability interactions change most. */
  row: ExplainedRow;
  segments: {
    /** Values of fields that enough rows have. */
    compared: number;
    leastRows: number;
    /** Those whose rates are surely farthest from the predictions, and after them those of the highest logloss. */
    worst: Array<{field: string; value: string; rows: number; predicted: number; observed: number; logloss: number}>;
  };
}

/** One interaction of a gate. */
export interface InteractionRecord {
  gate: number;
  order: Order;
  interaction: Interaction;
  fields: string[];
  /** The largest alpha of its components; 0 where all are closed. */
  alpha: number;
  /** True where the selection contains the interaction. */
  kept: boolean;
  /** Evidence from held-out rows. */
  evidence: InteractionEvidence;
}

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
   * of which there is at most one. 'linear': logistic regression, where it is not the chosen one. 'trees': LightGBM,
   * CatBoost.
   */
  role: 'before' | 'after' | 'linear' | 'trees' | 'other';
  auc: number;
  logloss: number;
  /** Mean AUC of the groups, by their rows, where rows have groups of both labels. */
  gauc?: number;
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

/** A setting of a run. */
export type SettingValue = string | number | boolean | null;

/** Everything that a report shows of a run: plain JSON, of one version. `recordRun` makes it, `checkRun` reads it. */
export interface RunRecord {
  format: 'tfjs-autofis-run';
  version: 4;
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
  /** The gates of components, decided on held-out rows. */
  decision: Decision;
  /** Test rows that equal a training row. */
  copied: CopiedRows;
  /** Warnings, such as that positives are few. */
  warnings: string[];
  /** Empty where no interaction helps. */
  selection: Selection;
  /** Every interaction, gate by gate; none where rows were too few for interactions. */
  interactions: InteractionRecord[];
  models: ModelRecord[];
  inspection: Inspection;
}
