import {missingTest} from '../../schema/rules/rule';
import type {FieldRule, Schema} from '../../schema/schema';
import {NO_PART, plainNumber} from '../../schema/split_times';
import {firstOccurrences} from '../../training/distinct_rows';
import type {CodedColumn} from '../../wasm/coded_text';
import type {PlainTable} from '../sources/plain_text';

/**
 * Take rows that equal an earlier one of any part out of their parts: all fields, label and weight are the same.
 * @returns How many these are.
 */
export function leaveOutRepeated(
  schema: Schema,
  table: PlainTable,
  {parts, labels, weights}: {parts: Uint8Array; labels: Uint8Array; weights: Float32Array | null | undefined},
): number {
  const used = schema.fields.map(rule => comparedCodes(rule, table.columns.get(rule.column)!));
  const rows = Int32Array.from(parts.keys()).filter(row => parts[row] !== NO_PART);
  const compared = [...used, labels, ...(weights ? [weights] : [])];
  const columns = compared.length;
  const values = new Float64Array(rows.length * columns);
  compared.forEach((column, j) => rows.forEach((row, i) => (values[i * columns + j] = column[row])));
  const first = new Set(firstOccurrences({values, rows: rows.length, columns}));
  const repeated = rows.filter((_, i) => !first.has(i));
  for (const row of repeated) parts[row] = NO_PART;
  return repeated.length;
}

/** Codes of a column as its rule reads it: texts of one number have one code. */
function comparedCodes(rule: FieldRule, {values, codes}: CodedColumn): Int32Array | CodedColumn['codes'] {
  if (rule.type !== 'numeric') return codes;
  const isMissing = missingTest(rule.missing);
  const byNumber = new Map<number | undefined, number>([[undefined, 0]]);
  const read = values.map((value, i) => {
    const x = isMissing(value) ? undefined : plainNumber(value);
    if (!byNumber.has(x)) byNumber.set(x, i + 1);
    return byNumber.get(x)!;
  });
  return Int32Array.from(codes, code => (code === 0 ? 0 : read[code - 1]));
}
