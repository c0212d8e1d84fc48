import {auc} from '../metrics/auc';
import {logloss} from '../metrics/logloss';
import type {Selection} from '../stages/selection';
import type {Scores} from '../training/evaluation';
import {LabeledRows, labelsOf, weightsOf} from '../training/rows';
import type {Schedule} from '../training/schedule';
import {calibrated, recalibrate} from './recalibrate';

/** A model that was trained and may be chosen; plain JSON. */
export interface Candidate {
  /** What people call it, such as "FFM, 7 of 45". */
  name: string;
  /** The kind of model: 'LR', 'FM', 'FFM' or the name of one's own. */
  form: string;
  /** Its interactions; none for LR. */
  selection: Selection;
  /** Whether it also has a weight for each combination of values of its pairs that training rows have three times. */
  crosses: boolean;
  /** Weights that it trains. */
  parameters: number;
  /** On V2; the logloss after calibration by an intercept and a slope. */
  choice: Scores;
  /** How it was trained, and is trained again on all rows; null for LR, which has one optimum. */
  schedule: Schedule | null;
  /** The penalty of LR; null for others. */
  ridge: number | null;
  seconds: number;
}

/** A candidate together with its logits on V2. */
export interface TrainedCandidate {
  candidate: Candidate;
  logits: number[];
}

/** AUC, and logloss after calibration. */
export function calibratedScores(rows: LabeledRows, logits: ArrayLike<number>): Scores {
  const labels = labelsOf(rows);
  const weights = weightsOf(rows);
  return {
    auc: auc(labels, logits, weights),
    logloss: logloss(labels, calibrated(logits, recalibrate(labels, logits, weights)), undefined, weights),
  };
}
