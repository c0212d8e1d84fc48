import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {seededRandom, shuffle} from '../random';
import {predicted} from './evaluation';
import {LabeledRows, labelsOf, rowsOf, takeRows, TrainingRows} from './rows';
import {TrainingArgs, trainToBest} from './train_to_best';

/** Parts that the rows are cut into; each model trains on all but one. */
const FOLDS = 5;

/** With more rows than these, validation rows can tell more, and five trainings take long. */
const MOST_ROWS = 50_000;

/** The rows that each fold holds out, and the others; by the seed. */
function foldsOf(rows: LabeledRows, seed: number): Array<{own: Int32Array, others: Int32Array}> {
  const order = Int32Array.from({length: rowsOf(rows)}, (_, i) => i);
  shuffle(order, seededRandom(seed));
  return Array.from({length: FOLDS}, (_, fold) => ({
    own: order.filter((_, i) => i % FOLDS === fold), others: order.filter((_, i) => i % FOLDS !== fold),
  }));
}

/**
 * The rows that sets of interactions can be compared on by cross-validation: those of training where they are few, yet more than those of
 * validation. Null where there are none, or where a fold would have rows of one label only, and so no AUC.
 */
export function crossable(train: TrainingRows, validation: LabeledRows, seed: number): LabeledRows | null {
  if (typeof train === 'function' || rowsOf(train) > MOST_ROWS || rowsOf(train) <= rowsOf(validation)) return null;
  const labels = labelsOf(train);
  return foldsOf(train, seed).every(({own}) => new Set(own.map(row => labels[row])).size === 2) ? train : null;
}

/**
 * Predictions for all rows, each by a model that did not train on it: five models, each trained on four fifths of the rows to the epoch that
 * is best on the others, which it then predicts. The parts follow from the seed, so several kinds of model can be compared row by row.
 */
export async function crossPredicted(
    build: () => tfl.LayersModel, rows: LabeledRows, seed: number, training: Required<TrainingArgs>): Promise<Float32Array> {
  const predictions = new Float32Array(rowsOf(rows));
  for (const {own, others} of foldsOf(rows, seed)) {
    const rest = takeRows(rows, others), held = takeRows(rows, own), model = build();
    try {
      await trainToBest(model, rest, held, seed, training);
      predicted(model, held).forEach((p, i) => { predictions[own[i]] = p; });
    } finally {
      model.dispose();
      tf.dispose([rest, held] as never);
    }
  }
  return predictions;
}
