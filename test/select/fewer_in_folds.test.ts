import * as tf from '@tensorflow/tfjs-core';
import {checkAutoSelect} from '../../src/select/auto_select_args';
import type {Candidate} from '../../src/select/candidate';
import type {Contender} from '../../src/select/choose';
import {fewerInFolds, keepsMost} from '../../src/select/fewer_in_folds';
import {Folds} from '../../src/select/folds';
import {predictFold} from '../../src/select/predict_fold';
import {keyOf} from '../../src/stages/selection';
import {auc} from '../../src/metrics/auc';
import {labelsOfRows, takeRows} from '../../src/training/rows';
import {asTensors, fields, plantedRows} from '../helpers/models';
import {expectNoLeak} from '../helpers/tensors';

const PLANTED = [0, 1];
const schedule = {batchSize: 100, epochs: 6, learningRate: 0.06};

/** Fewer interactions of an FFM, found in folds of rows with one planted pair. */
async function fewerOf(suffices: (fewer: Contender) => boolean) {
  const {dispose, ...data} = asTensors(plantedRows(2400, fields, [PLANTED as [number, number]], 4));
  const [train, gates] = [0, 2000].map((from, i) =>
    takeRows(
      data,
      Int32Array.from({length: [2000, 400][i]}, (_, row) => from + row),
    ),
  );
  const recipe = checkAutoSelect('autoSelect', {fields, train, validation: gates, schedule});
  const form = 'FFM, ridge 10';
  const {all} = recipe.formOf(form);
  const whole = {
    ...{name: form, form, crosses: false, schedule, ridge: null, tables: null, startRidge: null, mean: null},
    selection: all,
  } as unknown as Candidate;
  const folds = new Folds(train, {gates, choice: gates}, 1);
  const finalist = {candidate: whole, origin: null, mean: null};
  const predicted = await folds.each(1, rows => predictFold(recipe, rows, [finalist]));
  const products = predicted.map(({products}) => products!);
  const {tried, found} = await fewerInFolds(recipe, folds, {whole, products}, suffices);
  const labels = Array.from(labelsOfRows(train));
  const logits = folds.inOrder(predicted.map(({logits}) => logits[0]));
  dispose();
  tf.dispose([train, gates] as never);
  return {tried, found, labels, whole: logits, all};
}

it('finds the pair that the labels follow from, by models of it alone that do as well in the folds', async () => {
  await expectNoLeak(async () => {
    const {tried, found, labels, whole, all} = await fewerOf(() => true);
    expect(found!.selection.map(keyOf)).toEqual([keyOf(all.find(({interaction: [a, b]}) => a === 0 && b === 1)!)]);
    expect(tried.map(({name, kept}) => [name, kept])).toEqual([
      [`FFM, ridge 10, d 32, 1 of ${all.length} by folds`, 1],
    ]);
    expect(auc(labels, tried[0].logits)).toBeGreaterThan(auc(labels, whole) - 0.003);
    const {base, by, chosen, sets} = found!.gates;
    expect([base, by, sets[0].point]).toEqual(['FFM, ridge 10', 'folds', chosen]);
  });
});

it('tries larger sets where the smaller one does not suffice, and finds nothing where none does', async () => {
  const {tried, found} = await fewerOf(() => false);
  expect(found).toBeNull();
  expect(tried.length).toBeLessThanOrEqual(3);
  const sizes = tried.map(({kept}) => kept);
  expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
  expect(sizes[0]).toBe(1);
});

it.each<[boolean, string, number, number]>([
  [true, 'that is the same', 0.8, 0.5],
  [true, 'that is better', 0.82, 0.49],
  [true, 'without a tenth of the gain', 0.7901, 0.5099],
  [false, 'without more of the AUC', 0.7899, 0.5],
  [false, 'without more of the logloss', 0.8, 0.5101],
])('nine tenths are kept: %s for a model %s', (expected, _what, auc, logloss) => {
  expect(keepsMost({auc, logloss}, {auc: 0.8, logloss: 0.5}, {auc: 0.7, logloss: 0.6})).toBe(expected);
});

it('where all interactions are ahead by one score alone, fewer may lose nothing by the other', () => {
  const linear = {auc: 0.81, logloss: 0.6};
  expect(keepsMost({auc: 0.8, logloss: 0.505}, {auc: 0.8, logloss: 0.5}, linear)).toBe(true);
  expect(keepsMost({auc: 0.799, logloss: 0.505}, {auc: 0.8, logloss: 0.5}, linear)).toBe(false);
});
