import * as tf from '@tensorflow/tfjs-core';
import type {LabeledRows} from 'tfjs-autofis';
import {sigmoid} from '../../src/logistic';
import {ffmForm} from '../../src/select/forms';
import {plainTrainer, trainBySchedule} from '../../src/components/products/trainer';
import {scheduleFor} from '../../src/training/schedule';
import {reviewSelection} from '../../src/update/review_selection';
import {generator} from '../helpers/random';

const fields = ['a', 'b', 'c'].map(name => ({name, size: 4}));

/** Rows in which a x b and b x c shift the log-odds by these: up where both values are odd or both are even. */
function rows(count: number, [ab, bc]: [number, number], seed: number): LabeledRows {
  const random = generator(seed);
  const ids = Array.from({length: count}, () => fields.map(({size}) => Math.floor(random() * size)));
  const shift = (x: number, y: number, by: number) => (x % 2 === y % 2 ? by : -by);
  const labels = ids.map(([a, b, c]) => [Number(random() < sigmoid(shift(a, b, ab) + shift(b, c, bc)))]);
  return {xs: tf.tensor2d(ids, [count, 3], 'int32'), ys: tf.tensor2d(labels)};
}

/** What newer rows say of an FFM of a x b and b x c, which was trained where these shift the log-odds by .3 and 1. */
async function reviewOf(newer: [number, number], held: number) {
  const form = ffmForm({fields, embeddingDim: 4, tableL2: 1e-4});
  const selection = form.all.filter(({interaction}) => interaction[1] - interaction[0] === 1);
  const model = form.build(selection, 1);
  const [train, later, heldOut] = [rows(4000, [0.3, 1], 1), rows(2000, newer, 2), rows(held, newer, 3)];
  const schedule = scheduleFor(4000);
  await trainBySchedule(plainTrainer, {name: 'FFM', purpose: 'slim', model, train, schedule, seed: 1});
  const args = {selection, fields, train: later, heldOut, seed: 1, trainer: plainTrainer};
  const {lost, gained, changed} = await reviewSelection(model, args);
  model.dispose();
  tf.dispose([train, later, heldOut] as never);
  return {lost: lost!.map(each => each.fields), gained: gained.map(each => each.fields), changed};
}

describe('reviewSelection', () => {
  it('loses a pair that newer rows contradict', async () => {
    expect(await reviewOf([-0.3, 1], 2000)).toEqual({lost: [['a', 'b']], gained: [], changed: true});
  });

  it('keeps a weak pair whose gate a few rows close, since the model is not better without it', async () => {
    expect(await reviewOf([0.3, 1], 100)).toEqual({lost: [], gained: [], changed: false});
  });
});
