import type {FieldSpec} from '../../layers/field_layout';
import type {VectorPenalty} from '../components/component';
import {featureCount} from '../components/linear/one_hot_design';
import {type Evidence, HELD_OUT} from './folds';

/**
 * Number of folds and penalties that a selection tries.
 *
 * 'quick' judges components on one held-out fifth of the rows and trains products with one penalty, 'normal' uses four
 * folds, of many rows the held-out fifth, and two penalties, 'thorough' eight folds and at least three.
 */
export type Effort = 'quick' | 'normal' | 'thorough';

/** Share of the gates' saving that closed interactions may give up by default. */
export const SHARE = 0.015;
/** Folds of each effort, and the rows up to which they are worth their time: of more, one held-out part says enough. */
const FOLDS: Record<Effort, {folds: number; mostRows: number}> = {
  quick: {folds: 1, mostRows: 0},
  normal: {folds: 4, mostRows: 50_000},
  thorough: {folds: 8, mostRows: 300_000},
};
/** Penalties on tables of vectors, against the sum of the loss. */
const RIDGES: Record<Effort, readonly number[]> = {quick: [10], normal: [10, 1], thorough: [30, 10, 3, 1]};
/** Penalties on the vectors of a batch, for many rows. */
const BATCH_PENALTIES: Record<Effort, readonly number[]> = {
  quick: [0.006],
  normal: [0.012, 0.006],
  thorough: [0.012, 0.006, 0.002],
};

/** Rows up to which a ridge on the whole table holds values, and numbers of a table that it costs little for. */
const [MOST_ROWS, MOST_NUMBERS] = [200_000, 4_000_000];

/** Evidence and penalties of a selection. */
export interface EffortPlan {
  evidence: Evidence;
  penalties: readonly VectorPenalty[];
}

/** Plan the evidence and the penalties for a number of rows. */
export function effortPlan(effort: Effort, fields: readonly FieldSpec[], rows: number): EffortPlan {
  const values = featureCount(fields);
  const isSmall = rows <= MOST_ROWS && values * Math.max(1, fields.length - 1) * 8 <= MOST_NUMBERS;
  const penalties = isSmall
    ? RIDGES[effort].map((ridge): VectorPenalty => ({on: 'table', ridge}))
    : BATCH_PENALTIES[effort].map((l2): VectorPenalty => ({on: 'batch', l2}));
  const {folds, mostRows} = FOLDS[effort];
  return {evidence: rows <= mostRows ? {by: 'folds', folds} : {by: 'held-out part', share: 1 / HELD_OUT}, penalties};
}
