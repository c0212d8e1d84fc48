import {partOfRow} from '../part_of_row';
import type {PartName, Split} from '../split';
import {columnOf} from './fit_columns';
import type {TextColumn} from './text_column';

/**
 * The part of each row of a table in memory; null where a row is left out.
 * @throws AutofisError if the table lacks the column that rows are split by.
 */
export function rowParts(
  split: Extract<Split, {by: 'fraction' | 'column' | 'group'}>,
  columns: readonly TextColumn[],
): Array<PartName | null> {
  const column = split.by !== 'fraction' ? columnOf('rowParts', columns, split.column) : null;
  const valueOf = (row: number) => (column === null || column.codes[row] < 0 ? null : column.values[column.codes[row]]);
  return Array.from(columns[0].codes, (_, row) => partOfRow(split, row, valueOf(row)));
}
