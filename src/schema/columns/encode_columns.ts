import {AutofisError} from '../../errors';
import {labelReader, labelsInWords} from '../label';
import type {LabelRule} from '../schema';
import {type FieldCounts, PROBLEMS} from '../row_encoder';
import {ruleEncoder} from '../rule_encoder';
import {checkFitted, type FittedSchema} from '../vocabulary';
import {columnOf} from './fit_columns';
import type {TextColumn} from './text_column';

/** Values that break the rule of their field, and how many rows have one; they are read as missing. */
export interface FieldProblem {
  field: string;
  column: string;
  /** The first one, and its row, counted from 0. */
  value: string;
  row: number;
  problem: string;
  rows: number;
}

/** Result of {@link encodeColumns}. */
export interface EncodedColumns {
  /** Ids [rows, W], local to each field: what the model reads. */
  ids: Int32Array;
  /** W. */
  width: number;
  counts: FieldCounts[];
  problems: FieldProblem[];
}

/**
 * Encode the rows of a table in memory: the ids that `RowEncoder` gives, each different value encoded once.
 * @param columns The table's columns, at least those that the schema reads.
 * @throws AutofisError if the table lacks a column of the schema, or a label is invalid.
 */
export function encodeColumns(fitted: FittedSchema, columns: readonly TextColumn[]): EncodedColumns {
  const where = 'encodeColumns';
  const {schema, fields} = checkFitted(fitted);
  const encoders = schema.fields.map((rule, i) => ({
    rule,
    encoder: ruleEncoder(rule, fields[i]),
    column: columnOf(where, columns, rule.column),
  }));
  const rows = encoders[0].column.codes.length;
  const width = encoders.reduce((sum, {encoder}) => sum + encoder.width, 0);
  const ids = new Int32Array(rows * width);
  const problems: FieldProblem[] = [];
  let at = 0;
  const counts = encoders.map(({rule, encoder, column: {values, codes}}) => {
    const fieldWidth = encoder.width;
    const known = new Int32Array((values.length + 1) * fieldWidth);
    const outcomes = [...values, null].map((value, i) => encoder.encode(value, known, i * fieldWidth));
    const count = {name: rule.name, missing: 0, unseen: 0};
    let problem: FieldProblem | undefined;
    codes.forEach((code, row) => {
      const from = code < 0 ? values.length : code;
      const outcome = outcomes[from];
      for (let k = 0; k < fieldWidth; k++) ids[row * width + at + k] = known[from * fieldWidth + k];
      if (outcome === 'unseen') count.unseen++;
      else if (outcome !== 'known') count.missing++;
      if (outcome === 'invalid') {
        problem ??= {
          field: rule.name,
          column: rule.column,
          value: values[code],
          row,
          problem: PROBLEMS[rule.type],
          rows: 0,
        };
        problem.rows++;
      }
    });
    if (problem !== undefined) problems.push(problem);
    at += fieldWidth;
    return count;
  });
  return {ids, width, counts, problems};
}

/**
 * The labels of a table's rows, 0 or 1.
 * @throws AutofisError where a row has none.
 */
export function labelsOf(rule: LabelRule, {name, values, codes}: TextColumn): Float32Array {
  const read = labelReader(rule);
  const known = values.map(value => read(value) ?? NaN);
  return Float32Array.from(codes, (code, row) => {
    const label = code < 0 ? NaN : known[code];
    if (Number.isNaN(label)) {
      throw new AutofisError(
        `encodeColumns: the label ${name} must be valid in each row: ${labelsInWords(rule)}. ` +
          `In row ${row + 1} it is ${code < 0 ? 'missing' : JSON.stringify(values[code])}.`,
      );
    }
    return label;
  });
}
