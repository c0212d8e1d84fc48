import * as tf from '@tensorflow/tfjs-core';
import {AutofisError} from '../errors';
import {joinRows} from '../training/join_rows';
import {type LabeledRows, takeRows, type TrainingRows} from '../training/rows';
import {counted} from '../counted';
import {foldsOf} from './held_out_parts';
import {rarerLabel} from './rarer_label';

/**
 * Rows of each label: of validation rows two in each half, and of training rows two in all, without which nothing can
 * be compared on them.
 */
const NEEDED = {validation: 4, training: 2};
/** How the warning begins, where a part has too few. */
const TOO_FEW = {
  validation: (rows: string) => `Validation has ${rows} of the rarer label, too few to choose by`,
  training: (rows: string) => `Training has ${rows} of the rarer label, too few to learn from`,
};
/** The share of the rows that is validation where they are dealt out again, or more where that is not enough. */
const SHARE = 1 / 5;

/** Rows that were dealt out again. */
export interface DealtAgain {
  parts: {train: LabeledRows; validation: LabeledRows};
  warning: string;
  dispose(): void;
}

/**
 * Training and validation rows dealt out again, with labels spread evenly, where so few rows of one part have the rarer
 * label that nothing could be chosen by them or learnt from them; null where they are enough. The caller disposes them.
 *
 * @throws AutofisError where the rows of both parts are too few, too, or cannot be dealt out.
 */
export function dealtAgain(
  where: string,
  {train, validation, seed}: {train: TrainingRows; validation: LabeledRows; seed: number},
): DealtAgain | null {
  const few = {
    validation: rarerLabel(validation),
    training: typeof train === 'function' ? Infinity : rarerLabel(train),
  };
  const part = few.validation < NEEDED.validation ? 'validation' : 'training';
  if (few[part] >= NEEDED[part]) return null;
  const needs =
    `${where}: the ${part} rows must have ${NEEDED[part]} of each label. ` + `Received: ${few[part]} of the rarer one`;
  if (typeof train === 'function') throw new AutofisError(`${needs}. Give more validation rows.`);
  const all = joinRows(train, validation);
  const rows = all.rows as LabeledRows;
  const rarer = rarerLabel(rows);
  if (rarer < 2 * NEEDED.validation) {
    all.dispose();
    throw new AutofisError(`${needs}, ${rarer} in both parts. Give more rows.`);
  }
  const folds = foldsOf(rows, Math.floor(Math.min(1 / SHARE, rarer / NEEDED.validation)), seed);
  const [inTraining, inValidation] = [false, true].map(isFirst =>
    takeRows(
      rows,
      Int32Array.from(folds.keys()).filter(row => (folds[row] === 0) === isFirst),
    ),
  );
  all.dispose();
  return {
    parts: {train: inTraining, validation: inValidation},
    dispose: () => tf.dispose([inTraining, inValidation] as never),
    warning:
      `${TOO_FEW[part](counted(few[part], 'row'))}. Training and validation rows were dealt out again, with labels ` +
      'spread evenly. Give more rows.',
  };
}
