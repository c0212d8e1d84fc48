import * as tf from '@tensorflow/tfjs-core';
import {seededRandom} from '../../../src/random';
import type {Dataset, Part} from '../../../examples/browser/worker/dataset';
import {costOf, estimateOf, progressOf, trainingsOf} from '../../../examples/browser/worker/estimate';

/** Rows of noise in fields of eight values. */
function dataset(fields: number, rows: number): Dataset {
  const random = seededRandom(2);
  const part = (count: number): Part => ({
    ids: Int32Array.from({length: count * fields}, () => 2 + Math.floor(8 * random())),
    labels: Float32Array.from({length: count}, () => Number(random() < 0.3)),
    rows: count,
    numbers: Int32Array.from({length: count}, (_, row) => row + 1),
  });
  const names = Array.from({length: fields}, (_, i) => `field ${i}`);
  const values = Array.from({length: 8}, (_, i) => `v${i}`);
  const training = {missing: 0, unseen: 0};
  return {
    name: 'noise',
    positive: 'x = 1',
    assumptions: [],
    width: fields,
    fitted: {
      version: 1,
      rows,
      schema: {version: 1, fields: names.map(name => ({name, column: name, type: 'categorical'}))},
      fields: names.map(name => ({name, size: 10, missingId: 0, unseenId: 1, values, training})),
    } as Dataset['fitted'],
    train: part(0.6 * rows),
    valid: part(0.2 * rows),
    test: part(0.2 * rows),
  };
}

it('counts the memory of ids, vectors and components, and leaves no tensor', async () => {
  const before = tf.memory().numTensors;
  const {bytes} = await estimateOf(dataset(6, 1000), 'quick');
  expect(tf.memory().numTensors).toBe(before);
  // 60 MB for code; weights: a bias, 60 of them linear and 5 vectors of 8 for each value; 15 products of 160 rows.
  expect(bytes).toBe(60e6 + 4 * (3 * 6000 + 3 * (1 + 60 + 2400) + 3 * 15 * 160));
});

it('of more pairs it has the seconds of their gates, of more folds those of their trainings', () => {
  const secondsOf = (fields: number, effort: 'quick' | 'normal', seconds: number) =>
    costOf(dataset(fields, 1000), effort, {seconds, weights: 1}).seconds;
  // 1,770 pairs in 160 rows and 1,711, at 1 s a million products, less for those pairs that half of it is for; 800 ids
  // of two fits at 7 s a million; and 59 pairs' records of 800 rows at .1 s a million.
  const gates = 160e-6 * (1770 * (1770 / 1920) - 1711 * (1711 / 1861));
  expect(secondsOf(60, 'quick', 0) - secondsOf(59, 'quick', 0)).toBeCloseTo(gates + 800e-6 * (14 + 5.9), 9);
  expect(secondsOf(6, 'normal', 0.001)).toBeGreaterThan(secondsOf(6, 'quick', 0.001));
});

it('knows the trainings of a run, and how far a training is in it', () => {
  const fields = [
    {name: 'a', size: 9},
    {name: 'b', size: 9},
  ];
  const normal = trainingsOf(fields, 1000, 'normal');
  // Two penalties without each of four folds and on all rows, and all pairs to compare with.
  expect(normal).toEqual({folds: 4, penalties: 2, judging: 1, total: 11});
  expect(trainingsOf(fields, 1_000_000, 'normal')).toMatchObject({folds: 1, judging: 0.2});
  expect(progressOf(normal, 3, {share: 0.5, seconds: 2})).toEqual({share: 3.5 / 11, secondsLeft: 15});
});
