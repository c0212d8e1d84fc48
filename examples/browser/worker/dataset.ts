import * as tf from '@tensorflow/tfjs-core';
import type {FieldRule, FittedSchema, LabeledRows} from 'tfjs-autofis';
import {FIRST, MISSING, UNSEEN} from '../../../src/schema/rules/rule';
import {fieldSpecs, type FittedField} from '../../../src/schema/vocabulary';
import {words} from '../strings';

/** Rows of one part. */
export interface Part {
  /** Row-major, [rows, W]. */
  ids: Int32Array;
  labels: Float32Array;
  rows: number;
}

/** The data of a run; plain, so that it can be saved. */
export interface Dataset {
  /** The file's name. */
  name: string;
  fitted: FittedSchema;
  /** W. */
  width: number;
  train: Part;
  valid: Part;
  test: Part;
}

/** The rows of a part as tensors of the caller's. */
export function tensorsOf({ids, labels, rows}: Part, width: number): LabeledRows & {xs: tf.Tensor2D} {
  return {xs: tf.tensor2d(ids, [rows, width], 'int32'), ys: tf.tensor2d(labels, [rows, 1])};
}

/** What people call the values of each field, by id. */
export function valueNames({schema, fields}: FittedSchema): string[][] {
  return fields.map((field, i) => namesOf(schema.fields[i], field));
}

function namesOf(rule: FieldRule, {size, values, edges}: FittedField): string[] {
  return Array.from({length: size}, (_, id) => {
    if (id === MISSING) return words.values.missing;
    if (values !== undefined) return id === UNSEEN ? words.values.rare : values[id - FIRST];
    if (edges !== undefined) return words.values.bucket(edges[id - 2], edges[id - 1]);
    return rule.type === 'dateTime' ? words.values.datePart(rule.part, id) : `#${id}`;
  });
}

/** The fields as the models take them. */
export function fieldsOf({fitted}: Dataset): ReturnType<typeof fieldSpecs> {
  return fieldSpecs(fitted);
}
