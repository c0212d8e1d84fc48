import {type TextColumn, TextColumnBuilder} from '../../src/schema/columns/text_column';
import type {Assumption} from '../../src/schema/inference/assumption';
import {columnFacts} from '../../src/schema/inference/column_facts';
import {type InferenceOptions, inferFields} from '../../src/schema/inference/infer_fields';

/** Rows of a table, unless a test says otherwise. */
export const ROWS = 4000;

function columnOf(name: string, rows: number, value: (row: number) => string | number | null): TextColumn {
  const builder = new TextColumnBuilder(name);
  for (let row = 0; row < rows; row++) {
    const each = value(row);
    builder.add(each === null ? null : String(each));
  }
  return builder.column();
}

/** Columns: the value of each row. */
export type Values = {[name: string]: (row: number) => string | number | null};

/** What is inferred of columns, besides two that make a table of them. */
export function infer(
  values: Values,
  {rows = ROWS, ...options}: Partial<InferenceOptions> & {rows?: number} = {},
): ReturnType<typeof inferFields> {
  const all: Values = {
    y: row => (row % 3 === 0 ? 1 : 0),
    site: row => 'abc'[row % 3],
    shop: row => 'uvw'[row % 3],
    ...values,
  };
  const columns = Object.entries(all).map(([name, value]) => columnOf(name, rows, value));
  return inferFields('test', columns.map(columnFacts), {seed: 1, complete: true, ...options});
}

/** What is assumed of one column. */
export const assumed = (values: Values, name: string, options = {}): Assumption =>
  infer(values, options).assumptions.find(({column}) => column === name)!;
