import * as tf from '@tensorflow/tfjs-core';
import type {FieldSpec} from '../../layers/field_layout';
import type {IdTable} from '../components/linear/ridge_regression';
import {tableRows} from '../components/table_rows';
import {areCopied, copiedRows} from '../warnings/copied_rows';
import {firstOccurrences} from '../warnings/distinct_rows';
import {tensorsOf} from './family_fits';
import {decisionRows} from './folds';

/** The rows that judge components, and a warning where these are not all. */
export interface JudgingRows {
  table: IdTable;
  warnings: string[];
}

/**
 * Take each row once, labels aside, where rows of a table are copies of each other: a component that recalls a row, or
 * the rate of a user, would seem to know what a fold says that it was not fitted to.
 */
export async function judgingRows(table: IdTable, fields: readonly FieldSpec[], seed: number): Promise<JudgingRows> {
  const [{fitted, held}] = decisionRows(table, {by: 'held-out part', share: 0.2}, seed).folds;
  const [train, others] = [fitted, held].map(rows => tensorsOf(tableRows(table, rows)));
  const copied = await copiedRows(train, others, {widths: fields.map(({width = 1}) => width), seed}).finally(() =>
    tf.dispose([train, others] as never),
  );
  if (!areCopied(copied)) return {table, warnings: []};
  const rows = table.labels.length;
  const distinct = firstOccurrences({values: table.ids, rows, columns: table.ids.length / rows});
  return {
    table: tableRows(table, distinct),
    warnings: [
      `Of ${rows} training and validation rows ${distinct.length} are distinct, and hardly any two ` +
        'differ in one field only: rows were copied. Each counts once where interactions are judged.',
    ],
  };
}
