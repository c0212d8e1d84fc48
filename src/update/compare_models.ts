import {aucInterval, type ScoreDifference} from '../metrics/auc_difference';
import {auc} from '../metrics/auc';
import {calibration} from '../metrics/calibration';
import {logloss} from '../metrics/logloss';
import {loglossDifference} from '../metrics/logloss_difference';
import {TestComparison, verdictOn} from '../select/compare_on_test';
import {type Scores, predicted} from '../training/evaluation';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {Bundle} from '../bundle/bundle';
import {type DriftReport, driftReport} from '../schema/drift';
import {countIds, idsBefore} from '../schema/grow_vocabulary';
import {type LabeledRows, labelsOfRows, weightsOf} from '../training/rows';
import {type UpdateDoubt, updateDoubts} from './update_doubts';

/** Compare a new model with that of the bundle on newer rows, and report how these drift, and doubts. */
export function compareBundle(
  bundle: Bundle,
  model: tfl.LayersModel,
  rows: LabeledRows,
): UpdateComparison & {drift: DriftReport; doubts: UpdateDoubt[]} {
  const {xs, ys, weights} = rows;
  // The rows have the ids of the grown schema.
  const ids = idsBefore((xs as tf.Tensor).dataSync() as Int32Array, bundle.fitted);
  const drift = driftReport(bundle.fitted, ys.shape[0], countIds(ids, bundle.fitted));
  const idsOfBundle = tf.tensor2d(ids, (xs as tf.Tensor2D).shape, 'int32');
  try {
    const before = predicted(bundle.model, {xs: idsOfBundle, ys, weights});
    const after = predicted(model, rows);
    const comparison = compareUpdate(labelsOfRows(rows), before, after, weightsOf(rows));
    return {...comparison, drift, doubts: updateDoubts(rows, {before, after, drift})};
  } finally {
    idsOfBundle.dispose();
  }
}

/** Scores with the sum of the probabilities over the number of positives. */
export interface UpdateScores extends Scores {
  calibration: number;
}

/** Two models on the same rows; plain JSON. */
export interface UpdateComparison {
  before: UpdateScores;
  after: UpdateScores;
  /** AUC after less AUC before; DeLong's standard error. */
  auc: ScoreDifference;
  /** Logloss after less logloss before: below 0 is better. */
  logloss: ScoreDifference;
  /** Worse where AUC or logloss is, by more than its 95 % interval; better where neither is worse and one is better. */
  verdict: TestComparison['verdict'];
}

/**
 * Compare the probabilities of a model before and after an update.
 * @param labels 0 or 1, two rows of each at least.
 */
export function compareUpdate(
  labels: ArrayLike<number>,
  before: Float32Array,
  after: Float32Array,
  weights?: ArrayLike<number>,
): UpdateComparison {
  const scoresOf = (p: Float32Array): UpdateScores => ({
    auc: auc(labels, p, weights),
    logloss: logloss(labels, p, undefined, weights),
    calibration: calibration(labels, p, weights),
  });
  const interval = aucInterval(labels, after, before, weights);
  const loss = loglossDifference(labels, after, before, weights);
  // A lower logloss is the better one.
  const verdicts = [verdictOn(interval), verdictOn({...loss, difference: -loss.difference})];
  const verdict = (['worse', 'better'] as const).find(found => verdicts.includes(found)) ?? 'undecided';
  return {before: scoresOf(before), after: scoresOf(after), auc: interval, logloss: loss, verdict};
}
