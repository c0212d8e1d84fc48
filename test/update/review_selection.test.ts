import * as tf from '@tensorflow/tfjs-core';
import type {LabeledRows, Selection} from 'tfjs-autofis';
import {plainTrainer} from '../../src/components/products/trainer';
import {sigmoid} from '../../src/logistic';
import {reviewSelection} from '../../src/update/review_selection';
import {generator} from '../helpers/random';
import {expectNoLeak} from '../helpers/tensors';

const fields = ['a', 'b', 'c'].map(name => ({name, size: 4}));

/** A model of a x b. */
const selection: Selection = [{fields: ['a', 'b'], alpha: 1, rank: 1, order: 2, interaction: [0, 1], gate: 0}];

/** Rows in which a x b and b x c shift the log-odds by these: up where both values are odd or both are even. */
function rowsOf(count: number, [ab, bc]: [number, number]): LabeledRows {
  const random = generator(2);
  const ids = Array.from({length: count}, () => fields.map(({size}) => Math.floor(random() * size)));
  const shift = (x: number, y: number, by: number) => (x % 2 === y % 2 ? by : -by);
  const labels = ids.map(([a, b, c]) => [Number(random() < sigmoid(shift(a, b, ab) + shift(b, c, bc)))]);
  return {xs: tf.tensor2d(ids, [count, 3], 'int32'), ys: tf.tensor2d(labels)};
}

async function reviewOf(count: number, shifts: [number, number]) {
  const rows = rowsOf(count, shifts);
  const review = await reviewSelection({selection, fields, rows, seed: 1, trainer: plainTrainer});
  tf.dispose(rows as never);
  return review;
}

describe('reviewSelection', () => {
  it('confirms an interaction of the model, and no other, where newer rows are as before', async () => {
    await expectNoLeak(async () => {
      expect(await reviewOf(4000, [1, 0])).toEqual({judged: 3, gained: [], confirmed: [['a', 'b']], unconfirmed: []});
    });
  });

  it('finds what newer rows have instead, with its gain', async () => {
    const {gained, confirmed, unconfirmed} = await reviewOf(4000, [0, 1]);
    expect([confirmed, unconfirmed]).toEqual([[], [['a', 'b']]]);
    expect(gained.map(each => each.fields)).toEqual([['b', 'c']]);
    expect(gained[0].gain).toBeGreaterThan(0.05);
    expect(gained[0].standardError).toBeLessThan(gained[0].gain / 2);
  });

  it('judges nothing by few rows', async () => {
    expect(await reviewOf(60, [1, 1])).toMatchObject({judged: 0, gained: [], unconfirmed: [['a', 'b']]});
  });
});
