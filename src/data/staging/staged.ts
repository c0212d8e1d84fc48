import path from 'node:path';
import {AutofisError} from '../../errors';
import {ruleEncoder} from '../../schema/rule_encoder';
import type {DateTimeRule, Schema} from '../../schema/schema';
import type {Split} from '../../schema/split';
import {type FittedField, fittedField, type FittedSchema} from '../../schema/vocabulary';
import type {Engine} from '../sql/duckdb';
import type {CodedRows, FieldCodes} from '../sql/field_codes';
import type {ProgressReporter} from './progress';
import type {Rejects} from '../sources/rejects';
import type {Relation} from '../sources/relation';
import type {Source} from '../sources/source';

/** Rows of a source, read once, checked and typed: what fitting and encoding work on. */
export interface Staged {
  /** Number of good rows. */
  count: number;
  rejects: Rejects;
  /** How many rows are for training, and how many of these have label 1. */
  training(): Promise<{rows: number; positives: number}>;
  /**
   * Fit all fields on the training rows.
   * @param step Receives the progress, from 0 to 1.
   */
  fit(rows: number, step: (done: number) => void): Promise<FittedField[]>;
  /** The rows as codes of the fields. */
  encoded(fitted: FittedSchema): Promise<StagedRows>;
}

export interface StagedRows {
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
export interface SourceReading {
  where: string;
  engine: Engine;
  relation: Relation;
  schema: Schema;
  split?: Split;
  maxRejects: number;
  /** A temporary folder. */
  folder: string;
  progress: ProgressReporter;
}

/** Whether an error of DuckDB says that the disk is full. */
export const isDiskFull = ({message}: Error) => /No space left|disk.*full|could not write|ENOSPC/i.test(message);

/** The error of a source that DuckDB cannot read; of files it does not always name one. */
export function readError(where: string, error: Error, source: Source): AutofisError {
  const full = isDiskFull(error);
  // For broken JSON DuckDB reports the number of the next line.
  // Behind the message DuckDB shows the statement, which the user did not write.
  const message = error.message
    .trim()
    .replace(/\n+LINE \d+: [^]*$/, '')
    .replace(
      /^(Invalid Input Error: Malformed JSON .* in line )(\d+)/,
      (_, text: string, line: string) => `${text}${Number(line) - 1}`,
    );
  const files = typeof source === 'object' && 'files' in source ? source.files : source;
  const names = [files].flat().filter(name => typeof name === 'string');
  const unnamed = !full && names.length > 0 && !names.some(name => message.includes(path.basename(name)));
  const place = unnamed
    ? ` (${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''})`
    : '';
  return new AutofisError(
    `${where}: ${full ? 'the disk is full' : 'the source cannot be read'}${place}: ${message}${
      full ? '\nFree some space, or choose another folder.' : ''
    }`,
  );
}

/** Whether a text is not a date. */
export function wrongDate(rule: DateTimeRule): (value: string) => boolean {
  const encoder = ruleEncoder(rule, fittedField(rule, {missing: 0, unseen: 0}));
  const ids = new Int32Array(1);
  return value => encoder.encode(value, ids, 0) === 'invalid';
}
