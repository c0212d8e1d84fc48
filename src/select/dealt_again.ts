import * as tf from '@tensorflow/tfjs-core';
import {AutofisError} from '../errors';
import {joinRows} from '../training/join_rows';
import {type LabeledRows, labelsOfRows, takeRows, type TrainingRows} from '../training/rows';
import {counted} from '../counted';
import {foldsOf} from './held_out_parts';
import {rarerLabel} from './rarer_label';

/** Validation rows of each label: two in each half, without which nothing can be compared on it. */
const NEEDED = 4;
/** The share of the rows that is validation where they are dealt out again, or more where that is not enough. */
const SHARE = 1 / 5;

/** Rows that were dealt out again. */
export interface DealtAgain {
  parts: {train: LabeledRows; validation: LabeledRows};
  warning: string;
  dispose(): void;
}

/**
 * Training and validation rows dealt out again, with labels spread evenly, where so few validation rows have the rarer
 * label that nothing could be chosen by them; null where they are enough. The caller disposes them.
 *
 * @throws AutofisError where the rows of both parts are too few, too, or cannot be dealt out.
 */
export function dealtAgain(
  where: string,
  {train, validation, seed}: {train: TrainingRows; validation: LabeledRows; seed: number},
): DealtAgain | null {
  const few = rarerLabel(validation);
  if (few >= NEEDED) return null;
  const received = `Received: ${few} of the rarer one`;
  if (typeof train === 'function') {
    throw new AutofisError(
      `${where}: \`validation\` needs ${NEEDED} rows of each label. ${received}. Give more validation rows.`,
    );
  }
  const all = joinRows(train, validation);
  const rows = all.rows as LabeledRows;
  const rarer = rarerLabel(rows);
  if (rarer < 2 * NEEDED) {
    all.dispose();
    throw new AutofisError(
      `${where}: \`validation\` needs ${NEEDED} rows of each label. ${received}, ${rarer} with the training rows. ` +
        'Give more rows.',
    );
  }
  const folds = foldsOf(labelsOfRows(rows), Math.floor(Math.min(1 / SHARE, rarer / NEEDED)), seed);
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
      `Validation has ${counted(few, 'row')} of the rarer label, too few to choose by. Training and ` +
      'validation rows were dealt out again, with labels spread evenly. Give more rows.',
  };
}
