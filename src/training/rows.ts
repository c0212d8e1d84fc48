import * as tf from '@tensorflow/tfjs-core';
import {AutofisError, invalidArgument, show} from '../errors';
import {checkRowTensors} from '../metrics/row_tensors';
import {checkWeights} from '../metrics/row_weights';
import {BatchSource} from './weighted_batches';

/** Rows in memory; the caller keeps and disposes them. */
export interface LabeledRows {
  /** The model's input, or one for each of its inputs. */
  xs: tf.Tensor | tf.Tensor[];
  /** 0 or 1, also of rows with weight 0; [rows, 1] or [rows]. */
  ys: tf.Tensor;
  /**
   * Weight of each row in losses, gradients and scores: finite numbers >= 0, [rows, 1] or [rows]. Without weights all
   * rows count equally. Only ratios matter, and a row of weight 0 has no effect.
   */
  weights?: tf.Tensor;
  /**
   * Group of each row as a number, such as its user. Rows of one group are correlated, so `autoSelect` with `fields`
   * keeps them in one fold, and standard errors of gains are those of groups.
   */
  groups?: ArrayLike<number>;
}

/**
 * Rows to train on: in memory, or a stream of batches whose order follows from a seed, such as
 * `(seed, batchSize) => shards.dataset({seed, batchSize})` of `openShards`.
 */
export type TrainingRows = LabeledRows | ((seed: number, batchSize: number) => BatchSource);

/**
 * Check that `rows` are tensors with the same number of rows, at least one, and their weights, if they have some,
 * are weights.
 */
export function checkRows(where: string, name: string, rows: unknown): asserts rows is LabeledRows {
  const count = checkRowTensors(where, name, rows);
  const {weights, groups} = rows as LabeledRows;
  if (groups !== undefined && groups.length !== count)
    throw invalidArgument(where, `${name}.groups`, `have a group for each of the ${count} rows`, groups.length);
  if (weights !== undefined) checkWeights(`${where}: \`${name}\``, weights.dataSync() as Float32Array, count);
}

/** Check that `rows` can be scored: labels are 0 or 1, and both occur with weights above 0, else there is no AUC. */
export function checkScoredRows(where: string, name: string, rows: unknown): asserts rows is LabeledRows {
  checkLabeledRows(where, name, rows);
  const weights = weightsOf(rows);
  const labels = labelsOfRows(rows).filter((_, i) => weights?.[i] !== 0);
  const ones = labels.filter(y => y === 1).length;
  if (ones > 0 && ones < labels.length) return;
  throw new AutofisError(
    `${where}: the labels of \`${name}\` must be 0 or 1, some of each. ` +
      `Received: ${labels.length - ones} times 0, ${ones} times 1. Give rows of both labels.`,
  );
}

/** Check that the labels of `rows` are 0 or 1. */
export function checkLabeledRows(where: string, name: string, rows: unknown): asserts rows is LabeledRows {
  checkRows(where, name, rows);
  const {ys} = rows;
  if (ys.size !== ys.shape[0]) {
    throw new AutofisError(
      `${where}: \`ys\` of \`${name}\` must hold one label a row, [rows, 1] or [rows]. Received shape: [${ys.shape}].`,
    );
  }
  const other = labelsOfRows(rows).find(label => label !== 0 && label !== 1);
  if (other !== undefined)
    throw new AutofisError(`${where}: the labels of \`${name}\` must be 0 or 1. Received: ${other}.`);
}

/** Check that `rows` can be trained on: labels are 0 or 1, but for those of a stream, which come later. */
export function checkTrainingRows(where: string, name: string, rows: unknown): asserts rows is TrainingRows {
  if (typeof rows !== 'function') return checkLabeledRows(where, name, rows);
  const source = (rows as (seed: number, batchSize: number) => unknown)(0, 1) as BatchSource | null;
  if (Number.isInteger(source?.size) && typeof source?.iterator === 'function') return;
  throw new AutofisError(
    `${where}: \`${name}\`, a function, must return batches {size, iterator}, such as \`train.dataset(...)\` of ` +
      `openShards. Received: ${show(source)}.`,
  );
}

export function rowCount({ys}: LabeledRows): number {
  return ys.shape[0];
}

/**
 * Return the number of training rows. A stream knows only its number of batches, so it is asked for batches of one row.
 */
export function rowsIn(train: TrainingRows): number {
  return typeof train === 'function' ? train(0, 1).size : rowCount(train);
}

/** The labels. */
export function labelsOfRows({ys}: LabeledRows): Float32Array {
  return ys.dataSync() as Float32Array;
}

/** The weights; undefined where all rows count alike. */
export function weightsOf({weights}: LabeledRows): Float32Array | undefined {
  return weights?.dataSync() as Float32Array | undefined;
}

/** The rows with these indices, as new tensors. */
export function takeRows({xs, ys, weights}: LabeledRows, indices: Int32Array): LabeledRows {
  return tf.tidy(() => {
    const chosen = tf.tensor1d(indices, 'int32');
    const take = (t: tf.Tensor) => tf.gather(t, chosen);
    return {
      xs: Array.isArray(xs) ? xs.map(take) : take(xs),
      ys: take(ys),
      ...(weights === undefined ? {} : {weights: take(weights)}),
    };
  });
}
