import * as tf from '@tensorflow/tfjs-core';
import {sigmoid} from '../../../src/logistic';
import {findTables} from '../../../src/components/tables/find_tables';
import {AdditiveLogit} from '../../../src/components/additive_logit';
import {Ga2m} from '../../../src/components/tables/ga2m';
import {thinnedTable} from '../../../src/components/table_rows';
import {linearLogits, ridgePath} from '../../../src/components/linear/ridge_path';
import type {IdTable} from '../../../src/components/linear/ridge_regression';
import {generator} from '../../helpers/random';
import {expectNoLeak} from '../../helpers/tensors';

const fields = [
  {name: 'age', size: 50, ordered: true},
  {name: 'wage', size: 50, ordered: true},
  {name: 'town', size: 8},
  {name: 'chance', size: 30, ordered: true},
  {name: 'tags', size: 6, width: 2},
];
const COLUMNS = 6;

/** Labels that follow age and town, and age x wage where both are above or below their middle. */
function drawn(rows: number, seed: number): IdTable & {ids: Int32Array; labels: Float32Array} {
  const next = generator(seed);
  const ids = new Int32Array(rows * COLUMNS);
  const labels = new Float32Array(rows);
  for (let i = 0; i < rows; i++) {
    const own = [50, 50, 8, 30, 6, 6].map(size => Math.floor(next() * size));
    if (next() < 0.5) own[5] = -1;
    ids.set(own, i * COLUMNS);
    const z = own[0] / 25 - 1 + (own[2] % 3) - 1 + (own[0] > 25 === own[1] > 25 ? 1 : -1);
    labels[i] = next() < sigmoid(z) ? 1 : 0;
  }
  return {ids, labels};
}

const train = drawn(4000, 1);
const other = drawn(1500, 2);
const [linear] = ridgePath(train, fields, [3]);
const found = findTables(train, fields, {linear});
const loss = ({labels}: IdTable, logits: ArrayLike<number>) =>
  Array.from(logits, (z, i) => Math.log1p(Math.exp(labels[i] === 1 ? -z : z))).reduce((sum, x) => sum + x, 0) /
  logits.length;

describe('findTables', () => {
  it('finds the pair that labels follow, with a penalty for each field and table', () => {
    expect(found.interactions.map(({interaction}) => interaction)).toEqual([[0, 1]]);
    expect(found.fields).toHaveLength(5);
    expect(found.interactions[0].tables.map(({level}) => level)).toEqual([0, 1, 2, 3]);
    // Two halves of each field are enough, so that the largest table has the firmest penalty.
    const [first, , , last] = found.interactions[0].tables;
    expect(first.ridge).toBeLessThan(last.ridge);
  });

  it('finds the triple that labels follow beyond pairs, behind these', () => {
    const next = generator(7);
    const labels = train.labels.map((label, i) => {
      const [age, wage, town] = train.ids.subarray(COLUMNS * i, COLUMNS * i + 3);
      const follows = (age > 25 === wage > 25) === town > 3;
      return next() < 0.5 ? label : Number(follows);
    });
    const rows = {...train, labels};
    const [own] = ridgePath(rows, fields, [3]);
    const both = findTables(rows, fields, {linear: own});
    const expected = [
      [0, 1],
      [0, 1, 2],
    ];
    expect(both.interactions.map(({interaction}) => interaction)).toEqual(expected);
  });

  it('finds none in labels of chance, nor for a multi-hot field', () => {
    const next = generator(5);
    const chance = {...train, labels: train.labels.map(() => (next() < 0.4 ? 1 : 0))};
    expect(findTables(chance, fields, {linear: ridgePath(chance, fields, [100])[0]}).interactions).toEqual([]);
    const tagged = {
      ...train,
      labels: train.labels.map((_, i) => (train.ids[6 * i + 4] < 3 === train.ids[6 * i] > 25 ? 1 : 0)),
    };
    expect(findTables(tagged, fields, {linear: ridgePath(tagged, fields, [100])[0]}).interactions).toEqual([]);
  });
});

/** `lr` with the tables as crosses. */
function layersOf(ga2m: Ga2m) {
  const logit = new AdditiveLogit(fields, ga2m.linearPart);
  for (const weights of ga2m.combinationWeights()) logit.addCombinations(weights, 1);
  return logit.model();
}

describe('Ga2m', () => {
  const model = Ga2m.of(train, fields, found, {start: linear});

  it('predicts other rows better than logistic regression', () => {
    const [own, without] = [model.logits(other), linearLogits(other.ids, fields, linear)].map(z => loss(other, z));
    expect(own).toBeLessThan(without - 0.05);
  });

  it('adds up what its pairs say and the rest', () => {
    const {products, base} = model.products(other);
    const logits = model.logits(other);
    expect(products).toHaveLength(1500);
    for (let i = 0; i < 1500; i += 100) expect(logits[i]).toBeCloseTo(base[i] + products[i], 5);
  });

  it('is a model of layers with the same predictions, also of combinations that no row has', async () => {
    await expectNoLeak(async () => {
      const few = thinnedTable(train, 1, 400);
      const small = Ga2m.of(few, fields, found, {start: linear});
      const layers = layersOf(small);
      const xs = tf.tensor2d(other.ids, [1500, COLUMNS], 'int32');
      const predicted = layers.predict(xs) as tf.Tensor;
      const known = new Set(few.ids.filter((_, k) => k % 6 === 0).map((a, i) => 50 * a + few.ids[6 * i + 1]));
      const isNew = (i: number) => !known.has(50 * other.ids[6 * i] + other.ids[6 * i + 1]);
      const {products} = small.products(other);
      expect(products.filter((product, i) => isNew(i) && product !== 0).length).toBeGreaterThan(500);
      const values = await predicted.data();
      small.logits(other).forEach((z, i) => expect(values[i]).toBeCloseTo(sigmoid(z), 5));
      layers.dispose();
      tf.dispose([xs, predicted]);
    });
  });

  it('learns what three fields say together, and is a model of layers', async () => {
    await expectNoLeak(async () => {
      const labels = train.labels.map((_, i) => {
        const [age, wage, town] = train.ids.subarray(COLUMNS * i, COLUMNS * i + 3);
        return (age > 25 === wage > 25) === town > 3 ? 1 : 0;
      });
      const rows = {...train, labels};
      const start = ridgePath(rows, fields, [3])[0];
      const tables = [0, 1].map(level => ({level, ridge: 10}));
      const fit = (...interactions: object[]) =>
        Ga2m.of(rows, fields, {fields: found.fields, interactions: interactions as never}, {start});
      const [pair, triple] = [
        {interaction: [0, 1], tables},
        {interaction: [0, 1, 2], tables},
      ];
      const [without, both] = [fit(pair), fit(pair, triple)];
      expect(loss(rows, without.logits(rows))).toBeGreaterThan(0.6);
      expect(loss(rows, both.logits(rows))).toBeLessThan(0.4);
      const layers = layersOf(both);
      const xs = tf.tensor2d(rows.ids, [4000, COLUMNS], 'int32');
      const predicted = layers.predict(xs) as tf.Tensor;
      const values = predicted.dataSync();
      both.logits(rows).forEach((z, i) => expect(values[i]).toBeCloseTo(sigmoid(z), 5));
      layers.dispose();
      tf.dispose([xs, predicted]);
    });
  });

  it('is the same again with its own penalties', () => {
    const again = Ga2m.of(train, fields, model.ridges, {start: linear});
    expect(again.ridges).toEqual(found);
    expect([...again.logits(other)].slice(0, 50)).toEqual([...model.logits(other)].slice(0, 50));
  });
});

describe('thinnedTable', () => {
  it('takes every k-th row with its label and weight, and all where there is room', () => {
    const weighted = {...train, weights: train.labels.map((_, i) => i)};
    const {ids, labels, weights} = thinnedTable(weighted, 10, 20_000);
    expect([labels.length, ids.length, weights![1]]).toEqual([2000, 12_000, 2]);
    expect([...ids.subarray(6, 12)]).toEqual([...train.ids.subarray(12, 18)]);
    expect(thinnedTable(weighted, 10, 40_000)).toBe(weighted);
  });
});
