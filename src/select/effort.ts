import type {FieldSpec} from '../../layers/field_layout';
import type {VectorPenalty} from '../components/component';

/**
 * Number of folds and penalties that a selection tries.
 *
 * 'quick' judges components on one held-out fifth of the rows and trains products with one penalty, 'normal' uses four
 * folds and two penalties, 'thorough' eight folds and at least three.
 */
export type Effort = 'quick' | 'normal' | 'thorough';

/** Folds of each effort; 1 stands for one held-out part. */
const FOLDS: Record<Effort, number> = {quick: 1, normal: 4, thorough: 8};
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

/** Folds and penalties of a selection. */
export interface EffortPlan {
  folds: number;
  penalties: readonly VectorPenalty[];
}

/** The folds and penalties for a number of rows. */
export function effortPlan(effort: Effort, fields: readonly FieldSpec[], rows: number): EffortPlan {
  const values = fields.reduce((sum, {size}) => sum + size, 0);
  const isSmall = rows <= MOST_ROWS && values * Math.max(1, fields.length - 1) * 8 <= MOST_NUMBERS;
  const penalties = isSmall
    ? RIDGES[effort].map((ridge): VectorPenalty => ({on: 'table', ridge}))
    : BATCH_PENALTIES[effort].map((l2): VectorPenalty => ({on: 'batch', l2}));
  return {folds: FOLDS[effort], penalties};
}
