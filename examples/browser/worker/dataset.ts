import * as tf from '@tensorflow/tfjs-core';
import {type FieldRule, fieldSpecs, type FittedField, type FittedSchema, type LabeledRows} from 'tfjs-autofis';
import type {Choices} from '../protocol';
import {words} from '../strings';
import type {AssumptionRecord} from '../../../src/record/run_record';
import {FIRST, MISSING, UNSEEN} from '../../../src/schema/rules/rule';

/** Rows of one part. */
export interface Part {
  /** Row-major, [rows, W]. */
  ids: Int32Array;
  labels: Float32Array;
  rows: number;
  /** Of each row its number in the file, from 1. */
  numbers: Int32Array;
}

/** The choices of a person who leaves all as it is proposed. */
export const PROPOSED: Choices = {label: null, positive: null, uses: []};

/** The data of a run; plain, so that it can be saved. */
export interface Dataset {
  /** The file's name. */
  name: string;
  isSample: boolean;
  choices: Choices;
  /** What a row of label 1 is. */
  positive: string;
  assumptions: AssumptionRecord[];
  fitted: FittedSchema;
  /** W. */
  width: number;
  train: Part;
  valid: Part;
  test: Part;
}

/** The rows of a part as tensors of the caller's. */
export function tensorsOf({ids, labels, rows}: Omit<Part, 'numbers'>, width: number): LabeledRows & {xs: tf.Tensor2D} {
  return {xs: tf.tensor2d(ids, [rows, width], 'int32'), ys: tf.tensor2d(labels, [rows, 1])};
}

/** At most `most` rows, at least two, spread evenly over those of each label: a rare label is there, too. */
export function someRows({xs, ys}: LabeledRows, most: number): LabeledRows {
  const labels = ys.dataSync();
  const order = [...labels.keys()].sort((a, b) => labels[a] - labels[b]);
  const last = Math.max(1, Math.min(order.length, most) - 1);
  return tf.tidy(() => {
    const rows = tf.tensor1d(
      Int32Array.from({length: last + 1}, (_, i) => order[Math.floor((i * (order.length - 1)) / last)]),
      'int32',
    );
    return {xs: tf.gather(xs as tf.Tensor, rows), ys: tf.gather(ys, rows)};
  });
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
