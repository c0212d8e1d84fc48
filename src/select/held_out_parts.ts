import * as tf from '@tensorflow/tfjs-core';
import {seededRandom, shuffle} from '../random';
import {LabeledRows, labelsOf, takeRows} from '../training/rows';

/** The validation rows in two halves. */
export interface HeldOutParts {
  /** V1: gates learn from these rows, and nothing is chosen by them. */
  gates: LabeledRows;
  /** V2: every choice is made by these rows, and nothing learns from them. */
  choice: LabeledRows;
}

/**
 * Cuts validation rows in two halves by a seed, each with half of the positives. Gates that are judged on the rows that
 * they learnt from look good whatever they are: on rows of pure noise such a choice kept 1,000 of 1,596 pairs.
 *
 * The caller disposes both.
 */
export function heldOutParts(validation: LabeledRows, seed: number): HeldOutParts {
  const labels = labelsOf(validation);
  const random = seededRandom(seed);
  const halves: [number[], number[]] = [[], []];
  for (const label of [1, 0]) {
    const own = Array.from(labels.keys()).filter(row => labels[row] === label);
    // The smaller half of an odd number goes to V1 for one label and to V2 for the other.
    shuffle(own, random).forEach((row, i) => halves[(i + label) % 2].push(row));
  }
  const [gates, choice] = halves.map(rows => takeRows(validation, Int32Array.from(rows).sort()));
  return {gates, choice};
}

/** Disposes both parts. */
export function disposeParts({gates, choice}: HeldOutParts): void {
  tf.dispose([gates, choice] as never);
}
