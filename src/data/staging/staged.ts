import type {Schema} from '../../schema/schema';
import type {Split} from '../../schema/split';
import type {Engine} from '../sql/duckdb';
import type {CodedRows, FieldCodes} from '../sql/field_codes';
import type {ProgressReporter} from './progress';
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
  /** True if rows that equal an earlier one are left out. */
  unique?: boolean;
  maxRejects: number;
  /** A temporary folder. */
  folder: string;
  progress: ProgressReporter;
}
