import * as tf from '@tensorflow/tfjs-core';
import {firstOccurrences, RowIndex, type NumberRows} from './distinct_rows';
import {type LabeledRows, type TrainingRows, weightsOf} from '../training/rows';
import {batchesOf} from '../training/seeded_batches';

/** Held-out rows that equal a training row in all inputs. */
export interface CopiedRows {
  /** Their share of all held-out rows, in [0, 1]. */
  share: number;
  /**
   * Share of these rows that still equal a training row once one field has another value, for the field with the
   * largest share. Rows of few values have such neighbors, copies have none. 0 where `share` is 0.
   */
  neighbors: number;
}

/** Training rows that are read at a time. */
const BATCH = 10_000;
/** Held-out rows that are looked up. */
const LOOKED_UP = 20_000;
/** Rows in which each field is changed in turn, and values of all of these. */
const CHANGED = {rows: 2000, values: 2 ** 23};
/** A field says others where it has at most this many values a distinct row. */
const REPEATS = 0.75;
/** The least share of equal rows, and the largest share of neighbors, of copies. */
const COPIES = {share: 0.1, neighbors: 0.1};

/**
 * Check whether held-out rows are copies of training rows. Models and interactions then look better than they are:
 * they may recall rows, and held-out rows do not show it.
 */
export function areCopied({share, neighbors}: CopiedRows): boolean {
  return share >= COPIES.share && neighbors <= COPIES.neighbors;
}

/** Say that held-out rows are copies, and what helps. */
export function copiedWords({share}: CopiedRows): string {
  return (
    `${(100 * share).toFixed(1)} % of the test rows equal a training row in every field, and hardly any row differs ` +
    'from them in one field only. So rows were copied, or rows of one user or thing are in several parts: scores may ' +
    'only show that the model recalls rows, and no interaction is certain. Split rows by the column of users or ' +
    'things (--group COLUMN), or drop rows that equal an earlier one (--unique).'
  );
}

/**
 * Count the held-out rows that equal a training row, labels aside. Rows of weight 0 do not count; of many held-out rows
 * some are looked up. Reads the training rows batch by batch, a second time where any are equal.
 *
 * @param widths Columns of each field; default 1 for each column.
 * @param seed Of the order of the training rows.
 */
export async function copiedRows(
  train: TrainingRows,
  held: LabeledRows,
  {widths, seed}: {widths?: readonly number[]; seed: number},
): Promise<CopiedRows> {
  const all = inputsOf(held.xs);
  const weights = weightsOf(held);
  const counted = Array.from({length: all.rows}, (_, row) => row).filter(row => weights?.[row] !== 0);
  const rows = rowsAt(all, spread(counted, LOOKED_UP));
  const isEqual = await areInTraining(train, rows, seed);
  const equal = [...isEqual.keys()].filter(row => isEqual[row]);
  if (equal.length === 0) return {share: 0, neighbors: 0};
  const most = Math.min(CHANGED.rows, Math.ceil(CHANGED.values / rows.columns ** 2));
  const changed = changedRows(rowsAt(rows, spread(equal, most)), widths ?? new Array<number>(rows.columns).fill(1));
  const isNeighbor = await areInTraining(train, changed, seed);
  const shares = changed.ends.map((end, field) => {
    const ofField = isNeighbor.slice(changed.ends[field - 1] ?? 0, end);
    return ofField.filter(Boolean).length / Math.max(1, ofField.length);
  });
  return {share: equal.length / rows.rows, neighbors: Math.max(...shares)};
}

/** All inputs of rows side by side. */
function inputsOf(xs: tf.Tensor | tf.Tensor[]): NumberRows {
  const inputs = [xs].flat();
  const [{shape}] = inputs;
  const rows = shape[0];
  const columns = inputs.reduce((sum, {size}) => sum + size / rows, 0);
  if (inputs.length === 1) return {values: inputs[0].dataSync(), rows, columns};
  const values = new Float64Array(rows * columns);
  let start = 0;
  for (const input of inputs) {
    const width = input.size / rows;
    input.dataSync().forEach((value: number, i: number) => {
      values[Math.floor(i / width) * columns + start + (i % width)] = value;
    });
    start += width;
  }
  return {values, rows, columns};
}

/** At most `most` elements of a list, at equal distances. */
function spread(list: readonly number[], most: number): number[] {
  const count = Math.min(most, list.length);
  return Array.from({length: count}, (_, i) => list[Math.floor((i * list.length) / count)]);
}

function rowsAt({values, columns}: NumberRows, rows: readonly number[]): NumberRows {
  const taken = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    for (let j = 0; j < columns; j++) taken[i * columns + j] = values[row * columns + j];
  });
  return {values: taken, rows: rows.length, columns};
}

/**
 * The rows with another value of one field, taken from the next row that has another; of each field in turn. What a
 * field says of others, as a code does of a name, changes with it. A field with one value changes no row. `ends` has
 * the row after the last one of each field.
 */
function changedRows({values, rows, columns}: NumberRows, widths: readonly number[]): NumberRows & {ends: number[]} {
  const changed: number[] = [];
  const ends: number[] = [];
  const fieldOf = widths.flatMap((width, f) => new Array<number>(width).fill(f));
  const distinct = firstOccurrences({values, rows, columns}).length;
  const ofFields = widths.map((width, f) => {
    const start = fieldOf.indexOf(f);
    const differing = Array.from({length: rows}, (_, row) =>
      Array.from({length: width}, (_value, j) => values[row * columns + start + j]),
    );
    return new RowIndex({values: differing.flat(), rows, columns: width}).first;
  });
  const isFunction = (of: Int32Array, g: number) => ofFields[g].every((first, i) => first === ofFields[g][of[i]]);
  ofFields.forEach((of, f) => {
    // A field that tells rows apart says all others, and nothing of copies.
    const repeats = new Set(of).size <= REPEATS * distinct;
    const says = widths.map((_, g) => g === f || (repeats && isFunction(of, g)));
    const isChanged = fieldOf.map(g => says[g]);
    for (let row = 0; row < rows; row++) {
      let other = (row + 1) % rows;
      while (other !== row && of[other] === of[row]) other = (other + 1) % rows;
      if (other === row) continue;
      for (let j = 0; j < columns; j++) changed.push(values[(isChanged[j] ? other : row) * columns + j]);
    }
    ends.push(changed.length / columns);
  });
  return {values: changed, rows: changed.length / columns, columns, ends};
}

/** Return for each row of `table` whether it equals a training row. */
async function areInTraining(train: TrainingRows, table: NumberRows, seed: number): Promise<boolean[]> {
  const index = new RowIndex(table);
  const isPresent = new Uint8Array(table.rows);
  const batches = await batchesOf(train, BATCH, seed).iterator();
  for (let item = await batches.next(); item.done !== true; item = await batches.next()) {
    const {xs, ys} = item.value;
    const {values, rows, columns} = inputsOf(xs);
    for (let row = 0; row < rows; row++) {
      const same = index.find(values, row * columns);
      if (same >= 0) isPresent[same] = 1;
    }
    tf.dispose([xs, ys]);
  }
  return Array.from(index.first, row => isPresent[row] === 1);
}
