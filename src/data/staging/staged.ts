import type {Schema} from '../../schema/schema';
import type {Split} from '../../schema/split';
import {type FittedField, type FittedSchema} from '../../schema/vocabulary';
import type {Engine} from '../sql/duckdb';
import type {CodedRows, FieldCodes} from '../sql/field_codes';
import type {ProgressReporter} from './progress';
import type {Rejects} from '../sources/rejects';
import type {Relation} from '../sources/relation';

/** Sound rows that no part has. */
export interface LeftOut {
  /** Rows of weight 0. */
  weightless: number;
  /** Rows that equal an earlier one, where these are left out. */
  repeated: number;
  /** Other rows that the split gives to no part. */
  withoutPart: number;
}

/** Rows of a source, read once, checked and typed: what fitting and encoding work on. */
export interface Staged {
  /** Number of good rows. */
  count: number;
  rejects: Rejects;
  leftOut: LeftOut;
  /** Count the training rows, and those of them with label 1. */
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
  unique?: boolean;
  maxRejects: number;
  /** A temporary folder. */
  folder: string;
  progress: ProgressReporter;
}
