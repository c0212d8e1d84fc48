import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {Bundle} from '../bundle/bundle';
import {type DriftReport, driftReport} from '../schema/drift';
import {countIds, idsBefore} from '../schema/grow_vocabulary';
import {predicted} from '../training/evaluation';
import {type LabeledRows, labelsOfRows, weightsOf} from '../training/rows';
import {compareUpdate, type UpdateComparison} from './compare_models';
import {type UpdateDoubt, updateDoubts} from './update_doubts';

/** Compare a new model with that of the bundle on newer rows, and report how these drift, and doubts. */
export function compareBundle(
  bundle: Bundle,
  model: tfl.LayersModel,
  rows: LabeledRows,
): UpdateComparison & {drift: DriftReport; doubts: UpdateDoubt[]} {
  const {before, drift} = yesterday(bundle, rows);
  const after = predicted(model, rows);
  const comparison = compareUpdate(labelsOfRows(rows), before, after, weightsOf(rows));
  return {...comparison, drift, doubts: updateDoubts(rows, {before, after, drift})};
}

/** Predict newer rows with the bundle's model, and measure their drift. Their ids are those of the grown schema. */
function yesterday(
  {model, fitted}: Bundle,
  {xs, ys, weights}: LabeledRows,
): {before: Float32Array; drift: DriftReport} {
  const ids = idsBefore((xs as tf.Tensor).dataSync() as Int32Array, fitted);
  const known = tf.tensor2d(ids, (xs as tf.Tensor2D).shape, 'int32');
  try {
    return {
      before: predicted(model, {xs: known, ys, weights}),
      drift: driftReport(fitted, ys.shape[0], countIds(ids, fitted)),
    };
  } finally {
    known.dispose();
  }
}
