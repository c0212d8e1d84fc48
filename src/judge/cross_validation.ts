import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {seededRandom, shuffle} from '../random';
import {predicted} from './evaluation';
import {LabeledRows, rowsOf, takeRows, TrainingRows} from './rows';
import {TrainingArgs, trainToBest} from './training';

/** Parts that the rows are cut into; each model trains on all but one. */
const FOLDS = 5;

/** With more rows than these, validation rows can tell more, and five trainings take long. */
const MOST_ROWS = 50_000;

/** The rows that sets of interactions can be compared on by cross-validation: those of training where they are few, yet more than those of validation. */
export function crossable(train: TrainingRows, validation: LabeledRows): LabeledRows | null {
  return typeof train !== 'function' && rowsOf(train) <= MOST_ROWS && rowsOf(train) > rowsOf(validation) ? train : null;
}

/**
 * Predictions for all rows, each by a model that did not train on it: five models, each trained on four fifths of the rows to the epoch that
 * is best on the others, which it then predicts. The parts follow from the seed, so several kinds of model can be compared row by row.
 */
export async function crossPredicted(
    build: () => tfl.LayersModel, rows: LabeledRows, seed: number, training: Required<TrainingArgs>): Promise<Float32Array> {
  const order = Int32Array.from({length: rowsOf(rows)}, (_, i) => i);
  shuffle(order, seededRandom(seed));
  const predictions = new Float32Array(order.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const own = order.filter((_, i) => i % FOLDS === fold), model = build();
    const rest = takeRows(rows, order.filter((_, i) => i % FOLDS !== fold)), held = takeRows(rows, own);
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
