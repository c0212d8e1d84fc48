import * as tf from '@tensorflow/tfjs-core';
import {seededRandom} from '../../src/random';
import {suspicion} from '../../src/select/suspect_fields';

const fields = [
  {name: 'a', size: 4},
  {name: 'closed on', size: 2},
  {name: 'tags', size: 3, width: 2},
];

function rowsOf(count: number, seed: number) {
  const random = seededRandom(seed);
  const ids = Array.from({length: count}, () => [Math.floor(random() * 4), Math.floor(random() * 2), 1, -1]);
  return {xs: tf.tensor2d(ids, undefined, 'int32'), ys: tf.tensor2d(ids.map(([, label]) => [label]))};
}

it('names the fields that tell the label by themselves, where a model is nearly perfect', async () => {
  const [train, test] = [rowsOf(200, 1), rowsOf(100, 2)];
  const parts = {train, test, seed: 1};
  expect(await suspicion(0.9995, fields, parts)).toBe(
    'The AUC on the test rows is 0.9995: closed on may hold what the label says, such as a value that is known only ' +
      'afterwards. Leave such columns out.',
  );
  expect(await suspicion(1, null, parts)).toBe(
    'The AUC on the test rows is 1.0000. Do some fields hold what the label says, such as a value that is known only ' +
      'afterwards?',
  );
  expect(await suspicion(0.99, fields, parts)).toBeNull();
  tf.dispose([train, test] as never);
});

it('asks where no field tells the label by itself', async () => {
  const [train, test] = [rowsOf(200, 1), rowsOf(100, 2)];
  const alternating = tf.tensor2d(Array.from({length: 200}, (_, i) => [i % 2]));
  const unknown = await suspicion(0.9995, fields, {train: {...train, ys: alternating}, test, seed: 1});
  expect(unknown).toMatch(/^The AUC on the test rows is 0\.9995\. Do some fields .* None does so by itself\.$/);
  tf.dispose([train, test, alternating] as never);
});

it('of few test rows names only fields that tell the label of the training rows as well', async () => {
  const test = rowsOf(12, 2);
  const train = rowsOf(200, 1);
  expect(await suspicion(1, fields, {train, test, seed: 1})).toMatch(/: closed on may hold what the label says/);
  // Every tenth training row has the other label: that 12 test rows fit is chance.
  const noisy = {...train, ys: tf.tensor2d(Array.from(train.ys.dataSync(), (y, i) => [i % 10 === 0 ? 1 - y : y]))};
  expect(await suspicion(1, fields, {train: noisy, test, seed: 1})).toBeNull();
  expect(await suspicion(1, null, {train, test, seed: 1})).toBeNull();
  tf.dispose([train, noisy, test] as never);
});
