import {auc} from '../metrics/auc';
import {logloss} from '../metrics/logloss';
import type {Selection} from '../stages/selection';
import type {Scores} from '../training/evaluation';
import {LabeledRows, labelsOfRows, weightsOf} from '../training/rows';
import type {Schedule} from '../training/schedule';
import {counted} from '../counted';
import type {Contender} from './choose';
import type {LightRidges} from '../components/tables/ridges';
import type {HeldOutParts} from './held_out_parts';
import type {Ridge} from '../components/linear/ridge_penalty';
import {calibrated, Calibration, lastingCalibration, recalibrate} from './recalibrate';

/** A model that was trained and may be chosen; plain JSON. */
export interface Candidate {
  /** What people call it, such as "FFM, 7 of 45". */
  name: string;
  /** The kind of model: 'LR', 'GA2M', 'FM', 'FFM', a mean such as 'FFM + GA2M', or the name of the caller's model. */
  form: string;
  /** Its interactions; none for LR. */
  selection: Selection;
  /** Whether it also has a weight for each combination of values of its pairs that training rows have three times. */
  crosses: boolean;
  /** Weights that it trains. */
  parameters: number;
  /** On V2; the logloss after calibration by an intercept and a slope. */
  choice: Scores;
  /** Of its logits on rows that it was not trained on; the model that is trained on all rows gets it. */
  calibration: Calibration;
  /** How it was trained, and is trained again on all rows; null for LR and GA2M, which have one optimum, and means. */
  schedule: Schedule | null;
  /** The penalty of LR, one for all fields or one for each; null for others. */
  ridge: Ridge | null;
  /** The penalties of a GA2M; null for others. */
  tables: LightRidges | null;
  /** The penalty of the LR whose weights its linear part starts from; null where that starts from 0. */
  startRidge: Ridge | null;
  /** The candidates whose mean it is, one of products and a GA2M; null for others. */
  mean: readonly Candidate[] | null;
  seconds: number;
}

/** A candidate together with its logits on V1 and V2. */
export interface TrainedCandidate {
  candidate: Candidate;
  logits: Record<keyof HeldOutParts, number[]>;
}

/** A candidate as {@link choose} takes it. */
export function contender(
  {name, selection, parameters}: Pick<Candidate, 'name' | 'selection' | 'parameters'>,
  logits: ArrayLike<number>,
): Contender {
  return {name, kept: selection.length, parameters, logits};
}

/** The form of candidates with tables. */
export const GA2M = 'GA2M';

/** Whether it has tables of interactions: a GA2M, or a mean with one. */
export const hasTables = ({tables, mean}: {tables: unknown; mean: unknown}): boolean => (tables ?? mean) !== null;

/** What a candidate has that a model of gated products cannot have; null where it is of products alone. */
export function besideProducts(
  candidate: {crosses: boolean} & Parameters<typeof hasTables>[0],
): 'tables' | 'memorised crosses' | null {
  if (hasTables(candidate)) return 'tables';
  return candidate.crosses ? 'memorised crosses' : null;
}

/** The interactions of a candidate that all candidates may have; only tables are of triples beside pairs. */
const sharedOf = (candidate: Candidate): number =>
  candidate.selection.filter(({order}) => order === 2 || !hasTables(candidate)).length;

/** How many interactions the candidates with all of them have, without triples that only tables have. */
export function allInteractionsOf(candidates: readonly Candidate[]): number {
  return Math.max(...candidates.map(sharedOf));
}

/** The candidates with all interactions, means excepted; none where only logistic regression was trained. */
export function withAll(candidates: readonly Candidate[]): Candidate[] {
  const total = allInteractionsOf(candidates);
  return candidates.filter(candidate => total > 0 && candidate.mean === null && sharedOf(candidate) === total);
}

/** How many interactions, of how many pairs, in words: "7 of 45", with triples "7 of 45 and 2 triples". */
export function countOf(selection: Selection, pairs: number): string {
  const own = selection.filter(({order}) => order === 2).length;
  const triples = selection.length - own;
  const count = own === pairs ? `all ${pairs}` : `${own} of ${pairs}`;
  return `${count}${triples === 0 ? '' : ` and ${counted(triples, 'triple')}`}`;
}

/** What a run says of a candidate once it is trained. */
export const said = ({candidate: {name, choice}}: TrainedCandidate) => `${name}: AUC ${choice.auc.toFixed(4)} on V2`;

/** AUC, and logloss after calibration. */
export function calibratedScores(rows: LabeledRows, logits: ArrayLike<number>): Scores {
  const labels = labelsOfRows(rows);
  const weights = weightsOf(rows);
  return {
    auc: auc(labels, logits, weights),
    logloss: logloss(labels, calibrated(logits, recalibrate(labels, logits, weights)), undefined, weights),
  };
}

/** Logloss after the calibration that a model would be given for good by these rows. */
export function lastingLogloss(rows: LabeledRows, logits: ArrayLike<number>): number {
  const [labels, weights] = [labelsOfRows(rows), weightsOf(rows)];
  return logloss(labels, calibrated(logits, lastingCalibration(labels, logits, weights)), undefined, weights);
}

/** What rows say of a candidate that was not trained on them: its scores and its calibration. */
export function scoredOn(rows: LabeledRows, logits: ArrayLike<number>): Pick<Candidate, 'choice' | 'calibration'> {
  return {
    choice: calibratedScores(rows, logits),
    calibration: lastingCalibration(labelsOfRows(rows), logits, weightsOf(rows)),
  };
}

/** The calibration of a model that was trained on the training rows, by both halves of the validation rows. */
export function calibrationOn(
  {gates, choice}: HeldOutParts,
  logits: Record<keyof HeldOutParts, ArrayLike<number>>,
): Calibration {
  const weights = [gates, choice].map(weightsOf);
  const both = <T extends ArrayLike<number>>(a: T, b: T) => [...Array.from(a), ...Array.from(b)];
  return lastingCalibration(
    both(labelsOfRows(gates), labelsOfRows(choice)),
    both(logits.gates, logits.choice),
    weights[0] === undefined || weights[1] === undefined ? undefined : both(weights[0], weights[1]),
  );
}
