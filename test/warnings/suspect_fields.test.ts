import * as tf from '@tensorflow/tfjs-core';
import {seededRandom} from '../../src/random';
import {ofRows} from '../../src/components/linear_model';
import {suspicion} from '../../src/warnings/suspect_fields';
import {describeWith, readShared} from '../helpers/shared_data';

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
  const parts = {train: ofRows(train), test};
  expect(suspicion(0.9995, fields, parts)).toBe(
    'The AUC on the test rows is 0.9995: closed on may hold what the label says, such as a value that is known only ' +
      'afterwards. Leave such columns out.',
  );
  expect(suspicion(1, null, parts)).toBe(
    'The AUC on the test rows is 1.0000. Do some fields hold what the label says, such as a value that is known only ' +
      'afterwards?',
  );
  expect(suspicion(0.99, null, parts)).toBeNull();
  tf.dispose([train, test] as never);
});

it('asks where no field tells the label by itself', async () => {
  const [train, test] = [rowsOf(200, 1), rowsOf(100, 2)];
  const alternating = tf.tensor2d(Array.from({length: 200}, (_, i) => [i % 2]));
  const unknown = suspicion(0.9995, fields, {train: ofRows({...train, ys: alternating}), test});
  expect(unknown).toMatch(/^The AUC on the test rows is 0\.9995\. Do some fields .* None does so by itself\.$/);
  tf.dispose([train, test, alternating] as never);
});

it('of few test rows names only fields that tell the label of the training rows as well', async () => {
  const test = rowsOf(12, 2);
  const train = rowsOf(200, 1);
  expect(suspicion(1, fields, {train: ofRows(train), test})).toMatch(/: closed on may hold what the label says/);
  // Every tenth training row has the other label: that 12 test rows fit is chance.
  const noisy = {...train, ys: tf.tensor2d(Array.from(train.ys.dataSync(), (y, i) => [i % 10 === 0 ? 1 - y : y]))};
  expect(suspicion(1, fields, {train: ofRows(noisy), test})).toBeNull();
  expect(suspicion(1, null, {train: ofRows(train), test})).toBeNull();
  tf.dispose([train, noisy, test] as never);
});

describe('what nearly holds the label', () => {
  const named = [
    {name: 'noise', size: 5},
    {name: 'f', size: 8},
  ];
  /** Rows of noise, 3 in 10 positive; `value` gives the value of the second field. */
  function drawn(count: number, seed: number, value: (label: number, random: () => number) => number) {
    const random = seededRandom(seed);
    const labels = Array.from({length: count}, () => (random() < 0.3 ? 1 : 0));
    const ids = labels.map(label => [Math.floor(5 * random()), value(label, random)]);
    return {xs: tf.tensor2d(ids, undefined, 'int32'), ys: tf.tensor2d(labels.map(label => [label]))};
  }
  async function said(found: number, value: (label: number, random: () => number) => number) {
    const [train, test] = [drawn(6000, 1, value), drawn(1000, 2, value)];
    const words = suspicion(found, named, {train: ofRows(train), test});
    tf.dispose([train, test] as never);
    return words;
  }
  const any = (random: () => number) => Math.floor(7 * random());

  it('is a copy of the label with 2 % noise', async () => {
    expect(await said(0.998, (label, random) => (random() < 0.02 ? 1 - label : label))).toMatch(
      /^f alone has AUC 0\.9[78]\d\d on the test rows\. Does it hold what the label says, .* leave the column out\.$/,
    );
    expect(await said(0.9, (label, random) => (random() < 0.2 ? 1 - label : label))).toBeNull();
  });

  it('is the only value that comes with one label', async () => {
    const alwaysPositive = (label: number, random: () => number) => (label === 1 && random() < 0.3 ? 7 : any(random));
    expect(await said(0.7, alwaysPositive)).toMatch(
      /^(\d+) of \1 training rows with the value of id 7 of f have label 1\. Does it hold/,
    );
    expect(await said(0.7, (_, random) => any(random))).toBeNull();
    expect(await said(1, alwaysPositive)).toMatch(/^The AUC on the test rows is 1\.0000\. Do some fields hold/);
  });

  it('is not a rare value, one of several like it, or one without the rarer label', async () => {
    expect(await said(0.7, (label, random) => (label === 1 && random() < 0.03 ? 7 : any(random)))).toBeNull();
    const several = (label: number, random: () => number) =>
      label === 1 && random() < 0.4 ? 6 + Math.floor(2 * random()) : Math.floor(6 * random());
    expect(await said(0.7, several)).toBeNull();
    expect(await said(0.7, (label, random) => (label === 0 && random() < 0.3 ? 7 : any(random)))).toBeNull();
  });
});

describeWith('adult.csv.gz', 'of a good table', file => {
  it('says nothing', async () => {
    const lines = readShared(file, ',').slice(1, 60_001);
    const codes = lines[0].slice(2).map(() => new Map<string, number>());
    const ids = lines.map(([, , ...values]) =>
      codes.map((seen, j) => {
        if (!seen.has(values[j])) seen.set(values[j], seen.size);
        return seen.get(values[j])!;
      }),
    );
    const part = (isTest: boolean) => {
      const rows = [...lines.keys()].filter(i => (i % 5 === 0) === isTest);
      return {
        xs: tf.tensor2d(
          rows.map(row => ids[row]),
          undefined,
          'int32',
        ),
        ys: tf.tensor2d(rows.map(row => [Number(lines[row][1])])),
      };
    };
    const [train, test] = [part(false), part(true)];
    const named = codes.map(({size}, j) => ({name: `f${j}`, size}));
    expect(suspicion(0.95, named, {train: ofRows(train), test})).toBeNull();
    tf.dispose([train, test] as never);
  });
});
