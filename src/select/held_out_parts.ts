import * as tf from '@tensorflow/tfjs-core';
import {checkInteger} from '../checks';
import {seededRandom, shuffle} from '../random';
import {checkLabeledRows, LabeledRows, labelsOfRows, takeRows, weightsOf} from '../training/rows';

/** The validation rows in two halves. */
export interface HeldOutParts {
  /** V1: gates learn from these rows, and nothing is chosen by them. */
  gates: LabeledRows;
  /** V2: every choice is made by these rows, and nothing learns from them before it is made. */
  choice: LabeledRows;
}

/**
 * Cut validation rows in two halves by a seed, each with half of the positives. Gates that are judged on the rows that
 * they learnt from look good whatever they are: on rows of pure noise such a choice kept 1,000 of 1,596 pairs.
 *
 * The caller disposes both.
 *
 * @throws AutofisError where the rows do not fit together, or labels are not 0 or 1.
 */
export function heldOutParts(validation: LabeledRows, seed: number): HeldOutParts {
  checkLabeledRows('heldOutParts', 'validation', validation);
  checkInteger('heldOutParts', 'seed', seed, 0);
  const halves = foldsOf(validation, 2, seed);
  const [gates, choice] = [0, 1].map(half =>
    takeRows(
      validation,
      Int32Array.from(halves.keys()).filter(row => halves[row] === half),
    ),
  );
  return {gates, choice};
}

/**
 * The part of each row, counted from 0, where rows are dealt out by a seed so that labels are spread evenly, those of
 * the rows that count: rows of weight 0 are dealt out apart.
 */
export function foldsOf(rows: LabeledRows, folds: number, seed: number): Int32Array {
  const random = seededRandom(seed);
  const [labels, weights] = [labelsOfRows(rows), weightsOf(rows)];
  const kinds = labels.map((label, row) => (weights?.[row] === 0 ? 2 : label));
  const fold = new Int32Array(labels.length);
  for (const kind of [1, 0, 2]) {
    const own = Array.from(fold.keys()).filter(row => kinds[row] === kind);
    // Where a label's rows cannot be dealt out evenly, the smaller parts are others for the other label.
    shuffle(own, random).forEach((row, i) => {
      fold[row] = (i + kind) % folds;
    });
  }
  return fold;
}

/** Dispose both parts. */
export function disposeParts({gates, choice}: HeldOutParts): void {
  tf.dispose([gates, choice] as never);
}
