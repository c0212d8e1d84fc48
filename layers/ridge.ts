import * as tf from '@tensorflow/tfjs-core';
import type {FieldSpec} from './field_layout';

/** The id from which on those of an ordered field are in order; 0 is a missing value. */
const FIRST_ORDERED = 1;

/** A slope over this many bins has the penalty of its steps; over more each step counts as much more. */
const BINS = 8;

/** Rows [from, to) of a table that a penalty takes alike. */
export interface TableSpan {
  from: number;
  to: number;
  /** Each row is penalised for its distance to the one that many rows before; 0: for its length. */
  stride: number;
  /** By how much its squares count, >= 1. */
  scale: number;
}

/**
 * Divide the rows of a table, first to last, into spans that a ridge penalises in the same way.
 *
 * In an unordered field the ridge shrinks each vector. In an ordered field, such as a number in bins, it shrinks the
 * steps between neighbours after the first bin. With more than eight bins these steps count bins / 8 times as much:
 * the steps of a slope get smaller as bins get more, and their squares even more so.
 *
 * @param fields Fields that have rows.
 * @param strides Rows that a value of each field owns, default 1; those of a field lie one after another.
 */
export function tableSpans(
  fields: readonly FieldSpec[],
  strides: readonly number[] = fields.map(() => 1),
): TableSpan[] {
  const spans: TableSpan[] = [];
  let end = 0;
  const add = (rows: number, stride: number, scale: number) => {
    const last = spans.at(-1);
    if (rows <= 0) return;
    if (last?.stride === 0 && stride === 0) last.to += rows;
    else spans.push({from: end, to: end + rows, stride, scale});
    end += rows;
  };
  fields.forEach(({size, ordered}, f) => {
    const alone = ordered === true ? Math.min(size, FIRST_ORDERED + 1) : size;
    add(alone * strides[f], 0, 1);
    add((size - alone) * strides[f], strides[f], Math.max(1, (size - FIRST_ORDERED) / BINS));
  });
  return spans;
}

/** The sum over spans of |w_r|^2, or of scale |w_r - w_{r - stride}|^2 where rows are tied. */
export function ridgeOf(table: tf.Tensor2D, spans: readonly TableSpan[]): tf.Scalar {
  return tf.tidy(() => {
    const parts = spans.map(({from, to, stride, scale}) => {
      const rows = tf.slice(table, from, to - from);
      const of = stride === 0 ? rows : tf.sub(rows, tf.slice(table, from - stride, to - from));
      return tf.mul(tf.sum(tf.square(of)), scale);
    });
    return tf.addN(parts) as tf.Scalar;
  });
}
