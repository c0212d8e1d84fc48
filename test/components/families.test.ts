import * as tf from '@tensorflow/tfjs-core';
import {AdditiveLogit} from '../../src/components/additive_logit';
import {fitCells} from '../../src/components/cells/cells_family';
import {findCells} from '../../src/components/cells/find_cells';
import type {FittedFamily} from '../../src/components/family';
import {fitLinear} from '../../src/components/linear/linear_family';
import {linearLogits} from '../../src/components/linear/ridge_path';
import {fitProducts} from '../../src/components/products/products_family';
import {plainTrainer} from '../../src/components/products/trainer';
import {findTables} from '../../src/components/tables/find_tables';
import {fitTables} from '../../src/components/tables/tables_family';
import {allInteractions} from '../../src/interactions';
import {sigmoid} from '../../src/logistic';
import {seededRandom} from '../../src/random';
import {meanOfRows} from '../../src/statistics';
import {expectNoLeak, logitsOf} from '../helpers/tensors';

const fields = [
  {name: 'user', size: 60},
  {name: 'item', size: 50},
  {name: 'hour', size: 24, ordered: true},
];
const pairs = allInteractions(3, 2);

/** Rows whose labels follow from user x item, item x hour and single values. */
function rowsOf(count: number, seed: number) {
  const random = seededRandom(seed);
  const truth = seededRandom(5);
  const scores = [60, 50, 24].map(size => Array.from({length: size}, () => 2 * truth() - 1));
  const ids = new Int32Array(3 * count);
  const labels = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const [user, item, hour] = [60, 50, 24].map(size => Math.floor(size * random() ** 2));
    ids.set([user, item, hour], 3 * i);
    const logit =
      scores[0][user] + 4 * scores[0][user] * scores[1][item] + (hour > 11 === scores[1][item] > 0 ? 1.5 : -1.5);
    labels[i] = random() < sigmoid(logit) ? 1 : 0;
  }
  return {ids, labels};
}

const train = rowsOf(6000, 1);
const held = rowsOf(2000, 2);
const [linear] = fitLinear(train, fields);
const cells = () =>
  fitCells(train, fields, {linear, plan: findCells(train, fields, {linear, pairs, seed: 1})!, seed: 1})!;
const tables = () => fitTables(train, fields, {linear, ridges: findTables(train, fields, {linear})})!;

function tensorsOf({ids, labels}: typeof train) {
  return {xs: tf.tensor2d(ids, [labels.length, 3], 'int32'), ys: tf.tensor2d(labels, [labels.length, 1])};
}

async function products(): Promise<FittedFamily> {
  const rows = tensorsOf(train);
  const family = await fitProducts(rows, fields, {
    linear,
    pairs,
    penalty: {on: 'table', ridge: 10},
    schedule: {batchSize: 100, epochs: 4, learningRate: 0.04},
    seed: 1,
    trainer: plainTrainer,
    name: 'products',
  });
  tf.dispose(rows as never);
  return family;
}

/** Logits of held rows by families times their gates, and by the one model that these are folded into. */
function compared(families: readonly FittedFamily[], alphaOf: (k: number, c: number) => number) {
  const logits = linearLogits(held.ids, fields, linear);
  const folded = new AdditiveLogit(fields, linear);
  families.forEach((family, k) => {
    const alpha = family.components.map((_, c) => alphaOf(k, c));
    family.columns(held).forEach((column, c) => column.forEach((x, i) => (logits[i] += alpha[c] * x)));
    family.addTo(folded, alpha);
  });
  const model = folded.model();
  const xs = tf.tensor2d(held.ids, [held.labels.length, 3], 'int32');
  const computed = logitsOf(model, xs);
  xs.dispose();
  model.dispose();
  return {logits, computed};
}

function expectEqual({logits, computed}: ReturnType<typeof compared>): void {
  expect(Math.max(...logits.map((z, i) => Math.abs(z - computed[i])))).toBeLessThan(2e-5);
}

const meanLoss = (logits: ArrayLike<number>) =>
  Array.from(logits, (z, i) => Math.log1p(Math.exp(held.labels[i] ? -z : z))).reduce((a, b) => a + b, 0) /
  held.labels.length;

describe('families of components', () => {
  it('fold into one model of stock layers, better than logistic regression, each and all at once', async () => {
    const linearLoss = meanLoss(linearLogits(held.ids, fields, linear));
    await expectNoLeak(async () => {
      const families = [tables(), cells(), await products()];
      for (const family of families) {
        const alone = compared([family], () => 1);
        expectEqual(alone);
        expect(meanLoss(alone.logits)).toBeLessThan(linearLoss - 0.01);
      }
      expectEqual(compared(families, (k, c) => [0.3, 0, 0.8][(k + c) % 3]));
      families.forEach(family => family.dispose());
    });
  });

  it('have no tables and cells where labels are noise', () => {
    const random = seededRandom(9);
    const noise = {ids: train.ids, labels: train.labels.map(() => (random() < 0.4 ? 1 : 0))};
    const [fit] = fitLinear(noise, fields);
    expect(findTables(noise, fields, {linear: fit}).interactions).toEqual([]);
    expect(findCells(noise, fields, {linear: fit, pairs, seed: 1})).toBeNull();
    // What other rows have evidence for needs that of these, too.
    expect(fitTables(noise, fields, {linear: fit, ridges: findTables(train, fields, {linear})})).toBeNull();
    const plan = findCells(train, fields, {linear, pairs, seed: 1})!;
    expect(fitCells(noise, fields, {linear: fit, plan, seed: 1})).toBeNull();
  });

  it('have rates of four fields where only these say something, and none of a field that another one says', () => {
    const random = seededRandom(4);
    const four = ['a', 'b', 'c', 'd', 'code of a'].map(name => ({name, size: 12}));
    const rates = Array.from({length: 12 ** 4}, () => random() ** 2);
    const rows = Array.from({length: 60_000}, () => Array.from({length: 4}, () => Math.floor(12 * random() ** 2)));
    const table = {
      ids: Int32Array.from(rows.flatMap(row => [...row, 11 - row[0]])),
      labels: rows.map(row => (random() < rates[row.reduce((code, id) => 12 * code + id, 0)] ? 1 : 0)),
    };
    const [fit] = fitLinear(table, four);
    const {sets} = findCells(table, four, {linear: fit, pairs: allInteractions(5, 2), seed: 1})!;
    expect(sets.map(({fields: set}) => set)).toContainEqual([0, 1, 2, 3]);
    expect(sets.filter(({fields: set}) => set.includes(0) && set.includes(4))).toEqual([]);
  });

  it('have the mean 0 on other rows where most combinations of these are new', () => {
    const many = ['user', 'item'].map(name => ({name, size: 300}));
    // Half of a user's rows are of four favourites, most of which are clicked; nearly all others are alone.
    const visits = (count: number, seed: number) => {
      const random = seededRandom(seed);
      const rows = Array.from({length: count}, () => {
        const [user, likes] = [Math.floor(300 * random()), random() < 0.5];
        const item = likes ? (user * 7 + Math.floor(4 * random())) % 300 : Math.floor(300 * random());
        return {ids: [user, item], label: random() < (likes ? 0.9 : 0.2) ? 1 : 0};
      });
      return {ids: Int32Array.from(rows.flatMap(({ids}) => ids)), labels: rows.map(({label}) => label)};
    };
    const table = visits(5000, 1);
    const [fit] = fitLinear(table, many);
    const plan = findCells(table, many, {linear: fit, pairs: [[0, 1]], seed: 1})!;
    const family = fitCells(table, many, {linear: fit, plan, seed: 1})!;
    const pair = family.components.findIndex(({type}) => type === 'cells');
    const values = Array.from(family.columns(visits(5000, 2))[pair]);
    const {mean, error} = meanOfRows(values);
    expect(error * Math.sqrt(5000)).toBeGreaterThan(1);
    expect(Math.abs(mean)).toBeLessThan(0.15);
  });
});
