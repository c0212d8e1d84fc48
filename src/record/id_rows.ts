import {columnCount, type FieldSpec} from '../../layers/field_layout';
import {invalidArgument} from '../errors';
import {checkWeights} from '../metrics/row_weights';

/** Rows as ids with their labels. */
export interface IdRows {
  /** Row-major, [rows, W]: one column for each one-hot field, `width` for each multi-hot one, padded with -1. */
  ids: ArrayLike<number>;
  /** 0 or 1. */
  labels: ArrayLike<number>;
  /** Weight of each row: finite numbers >= 0. Without weights all rows count equally. */
  weights?: ArrayLike<number>;
}

/** Check that there are ids for every label. */
export function checkIdRows(where: string, name: string, rows: IdRows, fields: readonly FieldSpec[]): void {
  const {ids, labels, weights} = rows ?? {};
  const columns = columnCount(fields);
  if (!(labels?.length > 0) || ids?.length !== labels.length * columns) {
    throw invalidArgument(
      where,
      name,
      `hold ids of ${columns} columns and a label for each row, at least one`,
      `${ids?.length} ids and ${labels?.length} labels`,
    );
  }
  if (weights !== undefined) checkWeights(`${where}: \`${name}\``, weights, labels.length);
}
