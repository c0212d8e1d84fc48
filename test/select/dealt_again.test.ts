import * as tf from '@tensorflow/tfjs-core';
import {autoSelect} from '../../src/select/auto_select';
import {dealtAgain} from '../../src/select/dealt_again';
import {rarerLabel} from '../../src/select/rarer_label';
import {type LabeledRows, rowCount} from '../../src/training/rows';
import {expectNoLeak} from '../helpers/tensors';

/** Rows of two fields, of which the first have label 1. */
function rowsOf(count: number, positives: number): LabeledRows {
  return {
    xs: tf.tensor2d(
      Array.from({length: count}, (_, i) => [i % 3, i % 2]),
      undefined,
      'int32',
    ),
    ys: tf.tensor2d(Array.from({length: count}, (_, i) => [i < positives ? 1 : 0])),
  };
}

it.each<[number, number, number, number, number, number, RegExp]>([
  [40, 24, 6, 1, 10, 5, /^Validation has 1 row of the rarer label, too few to choose by\./],
  [40, 8, 6, 0, 23, 4, /^Validation has 0 rows of the rarer label, too few to choose by\./],
  [40, 0, 30, 12, 24, 4, /^Training has 0 rows of the rarer label, too few to learn from\./],
])('%i rows with %i positives and %i with %i: %i validation rows, %i of them positive', (...given) => {
  const [trained, inTraining, validated, inValidation, rows, positives, warning] = given;
  return expectNoLeak(() => {
    const [train, validation] = [rowsOf(trained, inTraining), rowsOf(validated, inValidation)];
    const dealt = dealtAgain('test', {train, validation, seed: 1})!;
    expect(rowCount(dealt.parts.validation)).toBe(rows);
    expect(rowCount(dealt.parts.train)).toBe(trained + validated - rows);
    expect(rarerLabel(dealt.parts.validation)).toBe(positives);
    expect(dealt.warning).toMatch(warning);
    dealt.dispose();
    tf.dispose([train, validation] as never);
  });
});

it('leaves rows as they are where they are enough, and says where all are too few', () => {
  const [train, few, enough, two] = [rowsOf(20, 4), rowsOf(10, 3), rowsOf(10, 4), rowsOf(20, 2)];
  expect(dealtAgain('test', {train, validation: enough, seed: 1})).toBeNull();
  expect(() => dealtAgain('test', {train, validation: few, seed: 1})).toThrow(
    'test: the validation rows must have 4 of each label. Received: 3 of the rarer one, 7 in both parts. ' +
      'Give more rows.',
  );
  expect(dealtAgain('test', {train: two, validation: enough, seed: 1})).toBeNull();
  tf.dispose([train, few, enough, two] as never);
});

it('a table of 60 rows has an answer; a test row of a label that is alone is named', async () => {
  await expectNoLeak(async () => {
    const [train, validation, test, poor] = [rowsOf(45, 20), rowsOf(5, 1), rowsOf(10, 4), rowsOf(10, 1)];
    const fields = [
      {name: 'a', size: 3},
      {name: 'b', size: 2},
    ];
    const {model, rivals, chosen, warnings} = await autoSelect({fields, train, validation, test});
    expect(chosen.name).toBe('LR');
    expect(warnings).toEqual([
      expect.stringMatching(/^Only 21 training and validation rows have the rarer label/),
      expect.stringMatching(/^Validation has 1 row of the rarer label/),
    ]);
    await expect(autoSelect({fields, train, validation, test: poor})).rejects.toThrow(
      'autoSelect: `test` needs two rows of each label to compare models on. Received: one of the rarer label.',
    );
    [model, ...rivals.map(rival => rival.model)].forEach(each => each.dispose());
    tf.dispose([train, validation, test, poor] as never);
  });
});
