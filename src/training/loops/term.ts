import {FieldLayout, FieldSpec} from '../../../layers/field_layout';
import type {AdamStep} from '../../native/ops';

/** Rows of one batch in typed arrays. */
export interface RowBatch {
  /** Row-major [B, W]. */
  ids: Int32Array;
  /** W. */
  columns: number;
  /** B. */
  rows: number;
  /** True where the step on the batch changes entire weights, whichever rows the batch reads. */
  exact: boolean;
}

/** A part of a model's logit that a loop over rows computes, with its gradient. */
export interface Term {
  begin(batch: RowBatch): void;
  /** Return the part's contribution to the logit of a row. */
  logit(row: number): number;
  /** Add the gradient of a row whose logit has the gradient `residual`; follows `logit` of the same row. */
  add(row: number, residual: number): void;
  /**
   * One step of Adam on what was added up: on whole weights or, where the batch is not `exact`, on the rows it read.
   *
   * @returns What a penalty on whole weights added to the loss, before the step.
   */
  step(adam: AdamStep): number;
  /** Give the layer the weights. */
  write(): void;
}

/** Where rows of ids have one field. */
export interface FieldColumns {
  /** Its ids stand at [start, end). */
  start: number;
  end: number;
  /** True for a multi-hot field: padded with -1, the rows of its values combined. */
  many: boolean;
  /** True where the rows of values are combined by their mean, false by their sum. */
  mean: boolean;
}

/** The columns of each field that a layer reads. */
export function fieldColumns(fields: readonly FieldSpec[]): FieldColumns[] {
  const layout = new FieldLayout('fieldColumns', fields);
  return layout.embedded.map(({width, combiner}, f) => ({
    ...layout.columnsOf(f),
    many: width !== undefined,
    mean: combiner === 'mean',
  }));
}

/** Return the weight of a multi-hot field's values in a row: 1 for a sum, 1 / count for a mean. */
export function shareOf({start, end, mean}: FieldColumns, ids: Int32Array, from: number): number {
  if (!mean) return 1;
  let present = 0;
  for (let c = from + start; c < from + end; c++) if (ids[c] >= 0) present++;
  return 1 / Math.max(1, present);
}
