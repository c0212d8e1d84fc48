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
  expect(await suspicion(1, null, parts)).toMatch('1.0000: fields may hold');
  expect(await suspicion(0.99, fields, parts)).toBeNull();
  tf.dispose([train, test] as never);
});
