import * as tf from '@tensorflow/tfjs-core';
import {FieldLayout, FieldSpec} from '../../layers/field_layout';
import {AutofisError} from '../errors';
import {
  checkLabeledRows,
  checkScoredRows,
  checkTrainingRows,
  type LabeledRows,
  labelsOfRows,
  type TrainingRows,
  weightsOf,
} from '../training/rows';
import {rarerLabel} from '../warnings/rarer_label';

interface SelectRows {
  fields?: readonly FieldSpec[];
  train: TrainingRows;
  validation: LabeledRows;
  test?: LabeledRows;
}

/**
 * Check the rows of a selection before anything is trained: the test rows would otherwise end it at its end. Ids are
 * checked where the fields are known, and not in a stream, whose batches are checked as they come.
 */
export function checkSelectRows(where: string, {fields, train, validation, test}: SelectRows): void {
  checkTrainingRows(where, 'train', train);
  checkLabeledRows(where, 'validation', validation);
  if (test !== undefined) checkComparable(where, test);
  if (fields === undefined) return;
  const {embedded} = new FieldLayout(where, fields);
  if (embedded.length < 2)
    throw new AutofisError(
      `${where}: a model of interactions needs two \`fields\`. Received: ${embedded.length}. Give another field, or ` +
        'train logistic regression: `lr` of tfjs-autofis/models.',
    );
  for (const [name, rows] of Object.entries({train, validation, test}))
    if (typeof rows === 'object') checkIds(`${where}: \`${name}\``, fields, rows.xs);
}

/** Check that models can be compared on the test rows. */
function checkComparable(where: string, test: LabeledRows): void {
  checkScoredRows(where, 'test', test);
  if (new Set(Array.from(test.groups ?? [0, 1])).size < 2)
    throw new AutofisError(`${where}: \`test\` needs two \`groups\` to compare models on. Received: one.`);
  if (rarerLabel({labels: labelsOfRows(test), weights: weightsOf(test)}) >= 2) return;
  throw new AutofisError(
    `${where}: \`test\` needs two rows of each label to compare models on. Received: one of the rarer label. ` +
      'Give more test rows, such as by another seed of the split.',
  );
}

/** Check that `xs` are ids of the fields. */
function checkIds(where: string, fields: readonly FieldSpec[], xs: tf.Tensor | tf.Tensor[]): void {
  const inputs = [xs].flat();
  if (inputs.length > 1)
    throw new AutofisError(`${where}: \`xs\` must be one tensor of ids. Received: ${inputs.length} tensors.`);
  const layout = new FieldLayout(where, fields);
  layout.checkInputShape(inputs[0].shape);
  layout.checkIds(inputs[0]);
}
