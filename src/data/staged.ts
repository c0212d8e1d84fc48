import {AutofisError} from '../errors';
import {ruleEncoder} from '../schema/rule_encoder';
import type {DateTimeRule, Schema} from '../schema/schema';
import type {Split} from '../schema/split';
import {type FittedField, fittedField, type FittedSchema} from '../schema/vocabulary';
import type {StagingPlan} from './columns';
import {type Engine, identifier, readRows} from './duckdb';
import type {ProgressReporter} from './progress';
import {addRejects, MOST_EXAMPLES, type Reject, type Rejects, textRejects} from './rejects';
import {FILE, type Relation} from './relation';
import type {CodedRows, FieldCodes} from './field_codes';

/** Rows of a source, read once, checked and typed: what fitting and encoding work on. */
export interface Staged {
  /** Number of good rows. */
  count: number;
  rejects: Rejects;
  /** How many rows are for training, and how many of these have label 1. */
  training(): Promise<{rows: number, positives: number}>;
  /**
   * Fits all fields on the training rows.
   * @param step Told how far it is, from 0 to 1.
   */
  fit(rows: number, step: (done: number) => void): Promise<FittedField[]>;
  /** The rows as codes of the fields. */
  encoded(fitted: FittedSchema): Promise<EncodedRows>;
}

export interface EncodedRows {
  /** In the order of the schema. */
  fields: FieldCodes[];
  /** Some thousand rows at a time, valid until the next ones. */
  chunks(): AsyncIterable<CodedChunk>;
}

export interface CodedChunk extends CodedRows {
  count: number;
  /** The part of each row: its position in PARTS; rows with a greater number are left out. */
  parts: Uint8Array;
}

/** A source that is about to be read. */
export interface Reading {
  where: string;
  engine: Engine;
  relation: Relation;
  plan: StagingPlan;
  schema: Schema;
  split?: Split;
  maxRejects: number;
  /** A temporary folder. */
  folder: string;
  progress: ProgressReporter;
}

/** The columns of the plan as SQL, and `bad`: 0, or the number of the first check that the row does not pass. */
export function stagedColumns({select, checks}: StagingPlan): string {
  const bad = checks.length === 0 ? '0' : `CASE ${checks.map((check, i) => `WHEN ${check.bad} THEN ${i + 1}`).join(' ')} ELSE 0 END`;
  return [...Object.entries(select).map(([name, sql]) => `${sql} AS ${name}`), `(${bad})::USMALLINT AS bad`].join(', ');
}

/** The error of a source that DuckDB cannot read. */
export function readError(where: string, error: Error): AutofisError {
  const full = /No space left|disk.*full|could not write|ENOSPC/i.test(error.message);
  // Of broken JSON DuckDB tells the number of the line behind it.
  // Behind the message DuckDB shows the statement, which is none of the user's.
  const message = error.message.trim().replace(/\n+LINE \d+: [^]*$/, '').replace(/^(Invalid Input Error: Malformed JSON .* in line )(\d+)/, (_, text: string, line: string) => `${text}${Number(line) - 1}`);
  return new AutofisError(`${where}: ${full ? 'the disk is full' : 'the source cannot be read'}: ${message}${
    full ? '\nFree some space, or choose another folder.' : ''}`);
}

/** Rows that a check did not pass. */
export interface BadRows {
  count: number;
  /** The first of them, with the number of the check. */
  first: ReadonlyArray<{row: number, check: number}>;
}

/** What is wrong with the lines of text and with the rows that were made of them. */
export async function allRejects({where, engine, relation, plan, schema}: Reading, {count, first}: BadRows): Promise<Rejects> {
  const {label} = schema;
  const column = label === undefined ? undefined : {name: label.column, index: 1 + relation.columns.findIndex(({name}) => name === label.column)};
  const text = relation.rejects ? await textRejects(where, engine.connection, column) : {count: 0, examples: []};
  for (const reject of text.examples) reject.file = relation.originals.get(reject.file!) ?? reject.file;
  if (count === 0) return text;
  const check = new Map(first.slice(0, MOST_EXAMPLES).map(bad => [bad.row, plan.checks[bad.check - 1]]));
  // The source once more, for the text that could not be used: rare, and worth the time of whoever has to find it.
  const values = `[${[...new Set(plan.checks)].map(({text}) => text).join(', ')}]`;
  const rows = await readRows(engine.connection, `
    SELECT row, v, file FROM (
      SELECT row_number() OVER () - 1 AS row, ${values}::VARCHAR[] AS v, ${relation.files.length > 0 ? identifier(FILE) : 'NULL'} AS file FROM ${relation.sql})
    WHERE row IN (${[...check.keys()].join(', ')}) ORDER BY row`);
  const examples = rows.map(([row, texts, file]): Reject => {
    const {column, reason} = check.get(row as number)!;
    const value = (texts as Array<string | null>)[plan.checks.indexOf(check.get(row as number)!)] ?? '';
    const name = file === null ? undefined : relation.originals.get(file as string) ?? file as string;
    return {...(name === undefined ? {} : {file: name}), row: row as number + 1, column, value, reason};
  });
  return addRejects(text, {count, examples});
}

/** Rows whose date is none. */
export function dateRejects(rule: DateTimeRule, count: number, first: ReadonlyArray<{row: number, value: string}>): Rejects {
  return {count, examples: first.slice(0, MOST_EXAMPLES).map(({row, value}) => ({
    row: row + 1, column: rule.column, value, reason: `is no date of the form ${rule.format === undefined ? 'ISO 8601' : identifier(rule.format)}`,
  }))};
}

/** The rules of the schema that read dates. */
export const dateRules = ({fields}: Schema) => fields.filter((rule): rule is DateTimeRule => rule.type === 'dateTime');

/** Whether a text is no date. */
export function wrongDate(rule: DateTimeRule): (value: string) => boolean {
  const encoder = ruleEncoder(rule, fittedField(rule, {missing: 0, unseen: 0})), ids = new Int32Array(1);
  return value => encoder.encode(value, ids, 0) === 'invalid';
}
