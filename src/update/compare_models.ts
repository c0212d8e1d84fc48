import {aucInterval} from '../metrics/auc_difference';
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

/** Scores with the sum of the probabilities over the number of positives. */
export interface UpdateScores extends Scores {
  calibration: number;
}

/** Two models on the same rows; plain JSON. */
export interface UpdateComparison {
  before: UpdateScores;
  after: UpdateScores;
  /** AUC after less AUC before; DeLong's standard error. */
  auc: {difference: number; standardError: number};
  /** Logloss after less logloss before: below 0 is better. */
  logloss: {difference: number; standardError: number};
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
  return {
    before: scoresOf(before),
    after: scoresOf(after),
    auc: interval,
    logloss: loss,
    verdict: jointly(verdicts),
  };
}

function jointly(verdicts: ReadonlyArray<TestComparison['verdict']>): TestComparison['verdict'] {
  return (['worse', 'better'] as const).find(verdict => verdicts.includes(verdict)) ?? 'undecided';
}
