import {checkThat} from '../checks';
import {show} from '../errors';
import {ruleEncoder} from './rule_encoder';
import type {FieldValue, RuleEncoder} from './rules/rule';
import type {FieldRule} from './schema';
import {checkFitted, FittedSchema} from './vocabulary';

/** A value of a raw row. A list stands for the items of a multi-valued field. */
export type RowValue =
  string | number | bigint | boolean | null | undefined | ReadonlyArray<string | number | bigint | boolean | null>;

/** A raw row: its values by the names of their columns. Columns that the schema does not read are ignored. */
export type Row = Readonly<Record<string, RowValue>>;

/** A value that does not fit the rule of its field. Its id is that of a missing value. */
export interface RowIssue {
  /** Position of the row, from 0. */
  row: number;
  column: string;
  field: string;
  value: unknown;
  /** Fault of the value, such as "is not a number". */
  problem: string;
}

/** Numbers of rows without a value in a field, and with one that the schema does not know. */
export interface FieldCounts {
  name: string;
  missing: number;
  unseen: number;
}

/** Result of {@link RowEncoder.encode}. */
export interface EncodedRows {
  /** Ids [rows, W], local to each field: what the model reads. */
  ids: Int32Array;
  rows: number;
  /** Values that break the rule of their field, in the order of the rows. */
  issues: RowIssue[];
  /** Missing and unseen values of each field, for the drift report. A value that breaks its rule counts as missing. */
  counts: FieldCounts[];
}

/**
 * Turns raw rows into ids, by a fitted schema. It is plain TypeScript, runs in a browser as in Node, and gives the ids
 * that `encode` of 'tfjs-autofis/data' gives.
 *
 * Numbers and booleans count as the text that JavaScript writes for them: 5 as "5", true as "true". Null, undefined,
 * NaN, an absent column and "" are missing. An id beyond 2^53 must come as a string or bigint: as a number it has lost
 * digits.
 *
 * @throws AutofisError if `fitted` is not a fitted schema, or rows are not objects.
 * @example
 * const encoder = new RowEncoder(fitted);
 * const {ids, issues} = encoder.encode([{hour: '14102100', site_id: '1fbe01fe', C1: 1005}]);
 */
export class RowEncoder {
  /** W, the ids of a row. */
  readonly columns: number;
  private readonly fields: readonly EncodedField[];

  /** @throws AutofisError if `fitted` is not a fitted schema. */
  constructor(fitted: FittedSchema) {
    const {schema, fields} = checkFitted(fitted);
    let at = 0;
    this.fields = schema.fields.map((rule, i) => {
      const encoder = ruleEncoder(rule, fields[i]);
      const first = at;
      at += encoder.width;
      return {rule, encoder, first, isInherited: rule.column in Object.prototype};
    });
    this.columns = at;
  }

  /**
   * Encode rows. A value that breaks its rule, such as "abc" for a number, is listed in `issues`.
   * @throws AutofisError if `rows` is not a list of objects.
   */
  encode(rows: readonly Row[]): EncodedRows {
    const where = 'RowEncoder.encode';
    checkThat(Array.isArray(rows), where, 'rows', 'be a list of objects, one for each row', rows);
    const bad = rows.findIndex(row => row === null || typeof row !== 'object' || Array.isArray(row));
    checkThat(bad < 0, where, `rows[${bad}]`, 'be an object of values by column', rows[bad]);
    const ids = new Int32Array(rows.length * this.columns);
    const issues: RowIssue[] = [];
    const counts = this.fields.map(field => this.encodeField(field, rows, ids, issues));
    issues.sort((a, b) => a.row - b.row);
    return {ids, rows: rows.length, issues, counts};
  }

  /** Loops without closures, since every value of every request to a server comes through here. */
  private encodeField(field: EncodedField, rows: readonly Row[], ids: Int32Array, issues: RowIssue[]): FieldCounts {
    const {
      rule: {name, column, type},
      encoder,
      first,
      isInherited,
    } = field;
    const count = {name, missing: 0, unseen: 0};
    for (let row = 0; row < rows.length; row++) {
      const value = isInherited && !Object.hasOwn(rows[row], column) ? undefined : rows[row][column];
      const unreadable = problemOf(value, type !== 'numeric');
      const outcome = encoder.encode(unreadable === undefined ? textOf(value) : null, ids, row * this.columns + first);
      const problem = unreadable ?? (outcome === 'invalid' ? PROBLEMS[type] : undefined);
      if (problem !== undefined) issues.push({row, column, field: name, value, problem});
      if (outcome === 'unseen') count.unseen++;
      else if (outcome !== 'known') count.missing++;
    }
    return count;
  }
}

/** A field, its encoder, and the place of its first id in a row. */
interface EncodedField {
  rule: FieldRule;
  encoder: RuleEncoder;
  first: number;
  /** True if every object inherits a property of the column's name, such as "constructor", which is not its value. */
  isInherited: boolean;
}

/** An issue in words: row, column, value and what is wrong. */
export function issueText({row, column, field, value, problem}: RowIssue): string {
  const of = field === column ? '' : ` (field ${JSON.stringify(field)})`;
  return (
    `row ${row}, column ${JSON.stringify(column)}${of}: ` +
    `${typeof value === 'bigint' ? `${value}n` : show(value)} ${problem}`
  );
}

/** Fault of a value that the encoder of a rule calls invalid, by the type of the rule. */
export const PROBLEMS: Record<FieldRule['type'], string> = {
  categorical: 'is a list, but the field takes one value',
  hashed: 'is a list, but the field takes one value',
  numeric: 'is not a number',
  multiValued: 'is not a list of values',
  dateTime: 'is not a date or time in the format of the schema',
};

/** Why a value cannot be read at all; `exact` where every digit of it counts. */
function problemOf(value: unknown, exact: boolean): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
    case 'undefined':
      return undefined;
    case 'number':
      return exact && Number.isInteger(value) && !Number.isSafeInteger(value)
        ? 'is a number beyond 2^53, whose last digits are lost; give it as a string'
        : undefined;
    default:
      if (value === null) return undefined;
      if (value instanceof Date) return 'is a Date; give its text, such as that of toISOString()';
      if (!Array.isArray(value)) return 'is neither text, number, boolean nor a list of these';
      if (value.some(Array.isArray)) return 'holds a list within a list';
      return value.map(item => problemOf(item, exact)).find(problem => problem !== undefined);
  }
}

/** A readable value as the encoders take it. */
function textOf(value: RowValue): FieldValue {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  if (Array.isArray(value)) return value.filter(item => item !== null && !Number.isNaN(item)).map(String);
  return String(value);
}
