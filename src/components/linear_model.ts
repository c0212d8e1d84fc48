import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {FieldSpec} from '../../layers/field_layout';
import {AutofisError} from '../errors';
import {rowCounts} from '../metrics/row_weights';
import {lr} from '../models/lr';
import {LabeledRows, labelsOfRows, TrainingRows, weightsOf} from '../training/rows';
import {batchesOf} from '../training/seeded_batches';
import type {BatchSource} from '../training/weighted_batches';
import type {IdTable, LinearFit} from './linear/ridge_regression';

/** Ids that logistic regression is fitted to at most; of a longer stream the first of a seeded order. */
const MOST_IDS = 50_000_000;
const BATCH = 10_000;

/** Rows as plain arrays, with {@link rowCounts} for weights. */
export async function idTable(rows: TrainingRows, seed: number): Promise<IdTable> {
  return typeof rows === 'function' ? ofStream(batchesOf(rows, BATCH, seed)) : ofRows(rows);
}

/** Rows in memory as plain arrays. */
export function ofRows(rows: LabeledRows): IdTable {
  const weights = weightsOf(rows);
  return {
    ids: Int32Array.from((rows.xs as tf.Tensor).dataSync()),
    labels: labelsOfRows(rows),
    ...(weights && {weights: Float32Array.from(rowCounts(weights))}),
    ...(rows.groups && {groups: rows.groups}),
  };
}

async function ofStream(batches: BatchSource): Promise<IdTable> {
  const parts: IdTable[] = [];
  const iterator = await batches.iterator();
  let count = 0;
  for (let item = await iterator.next(); item.done !== true; item = await iterator.next()) {
    const {xs, ys, weights, groups} = item.value;
    const [ids] = [xs].flat();
    parts.push({
      ids: Int32Array.from(ids.dataSync()),
      labels: labelsOfRows({xs: ids, ys}),
      weights: (weights as Float32Array | undefined) ?? new Float32Array(ys.shape[0]).fill(1),
      groups,
    });
    count += ids.size;
    tf.dispose([xs, ys]);
    if (count >= MOST_IDS) break;
  }
  const all = (key: keyof IdTable) => parts.map(part => part[key] ?? []);
  const grouped = parts.filter(({groups}) => groups).length;
  if (grouped > 0 && grouped < parts.length)
    throw new AutofisError(
      'autoSelect: `train` and `validation` must both have `groups`, or neither. ' +
        `Received: groups in ${grouped} of ${parts.length} batches.`,
    );
  return {
    ids: joined(Int32Array, all('ids')),
    labels: joined(Float32Array, all('labels')),
    weights: Float32Array.from(rowCounts(joined(Float32Array, all('weights')))),
    ...(grouped > 0 && {groups: joined(Float64Array, all('groups'))}),
  };
}

/** The parts as one array, in their order. */
export function joined<T extends Int32Array | Float32Array | Float64Array>(
  Typed: {new (length: number): T},
  parts: ReadonlyArray<ArrayLike<number>>,
): T {
  const all = new Typed(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The model `lr` with the weights of a fit, compiled. */
export function linearModel(fields: readonly FieldSpec[], fit: LinearFit): tfl.LayersModel {
  const model = lr({fields});
  setLinear(model, fit);
  return model;
}

/** Give the linear part of a model of the library the weights of a fit. */
export function setLinear(model: tfl.LayersModel, {kernel, bias}: Pick<LinearFit, 'kernel' | 'bias'>): void {
  tf.tidy(() =>
    model
      .getLayer('linear')
      .setWeights([tf.tensor2d(Float32Array.from(kernel), [kernel.length, 1]), tf.tensor1d([bias])]),
  );
}
