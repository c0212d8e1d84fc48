import * as tf from '@tensorflow/tfjs-core';
import {score} from '../../../src/judge/evaluation';
import {Base, candidateLosses} from '../../../benchmarks/experiments/crosses/candidate_losses';
import {Columns, crossColumns, sideBySide} from '../../../benchmarks/experiments/crosses/cross_columns';
import {searchCrosses, unions} from '../../../benchmarks/experiments/crosses/search_crosses';
import type {PartName, Table} from '../../../benchmarks/experiments/encode';
import {generator} from '../../helpers/random';

const table = (rows: number[][], labels: number[] = rows.map(() => 0)): Table =>
  ({rows: rows.length, ids: Int32Array.from(rows.flat()), labels: Float32Array.from(labels)});

describe('crossColumns', () => {
  const fields = [{name: 'a', size: 3}, {name: 'b', size: 2}, {name: 'tags', size: 4, width: 2, combiner: 'mean' as const}];

  it('numbers the combinations that enough training rows have; the rest share the last id', () => {
    const parts = {
      train: table([[0, 1, -1, -1], [2, 0, -1, -1], [0, 1, -1, -1], [2, 1, -1, -1], [2, 0, -1, -1]]),
      validation: table([[2, 0, -1, -1], [2, 1, -1, -1]]), test: table([[1, 1, -1, -1], [0, 1, -1, -1]]),
    };
    const twice = crossColumns(fields, parts, [0, 1], 2);
    expect(twice.fields).toEqual([{name: 'a x b', size: 3}]);
    expect(Array.from(twice.ids.train)).toEqual([0, 1, 0, 2, 1]);
    expect(Array.from(twice.ids.validation)).toEqual([1, 2]);
    expect(Array.from(twice.ids.test)).toEqual([2, 0]);
    expect(crossColumns(fields, parts, [0, 1], 1).fields[0].size).toBe(4);
  });

  it('of a multi-hot field is multi-hot: the combinations with each of its values, in any order of the fields', () => {
    const rows = [[1, 0, 3, 0], [1, 1, 3, -1], [1, 0, 0, 3]];
    const parts = {train: table(rows), validation: table([[1, 0, -1, 3]]), test: table([[1, 0, -1, -1]])};
    const {fields: [field], ids} = crossColumns(fields, parts, [0, 2], 1);
    expect(field).toEqual({name: 'a x tags', size: 3, width: 2, combiner: 'mean'});
    expect(Array.from(ids.train)).toEqual([0, 1, 0, -1, 1, 0]);
    expect([Array.from(ids.validation), Array.from(ids.test)]).toEqual([[-1, 0], [-1, -1]]);
    expect(Array.from(crossColumns(fields, parts, [1, 2], 1).ids.train)).toEqual([0, 1, 2, -1, 1, 0]);
  });

  it('refuses what has too many combinations to count', () => {
    const large = ['x', 'y', 'z'].map(name => ({name, size: 1e6}));
    const parts = {train: table([]), validation: table([]), test: table([])};
    expect(() => crossColumns(large, parts, [0, 1, 2], 1)).toThrow(
        'The cross of x, y, z has 1000000000000000000 combinations, more than can be counted. Leave it out, or merge rare values first.');
  });

  it('stand side by side, row by row', () => {
    const of = (train: number[], width?: number): Columns =>
      ({fields: [{name: `${train}`, size: 9, width}], ids: {train: Int32Array.from(train), validation: new Int32Array(0), test: new Int32Array(0)}});
    expect(Array.from(sideBySide([of([1, 2]), of([3, 4, 5, 6], 2)]).ids.train)).toEqual([1, 3, 4, 2, 5, 6]);
  });
});

describe('unions', () => {
  it('are all pairs at first, then also what crosses make, once each', () => {
    expect(unions([[0], [1], [2]], 3)).toEqual([[0, 1], [0, 2], [1, 2]]);
    expect(unions([[0], [1], [2], [1, 2]], 3)).toEqual([[0, 1], [0, 2], [0, 1, 2]]);
    expect(unions([[0], [1], [2], [1, 2]], 2)).toEqual([[0, 1], [0, 2]]);
  });
});

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('candidateLosses', () => {
  const next = generator(5), labels = {train: new Float32Array(300), validation: new Float32Array(100)};
  const sizes = [2, 3, 4, 5];
  const columns: Columns[] = sizes.map(size => ({fields: [{name: `of ${size}`, size}], ids: {
    train: Int32Array.from({length: 300}, () => Math.floor(next() * size)), validation: Int32Array.from({length: 100}, () => Math.floor(next() * size)),
    test: new Int32Array(0)}}));
  const logits = {train: Float32Array.from({length: 300}, () => next() - 0.5), validation: Float32Array.from({length: 100}, () => next() - 0.5)};
  for (const part of ['train', 'validation'] as const) {
    labels[part].forEach((_, i) => { labels[part][i] = next() < sigmoid(logits[part][i] + (columns[2].ids[part][i] % 2 === 0 ? 2 : -2)) ? 1 : 0; });
  }
  const base: Base = {logits, labels};
  const args = {batchSize: 50, learningRate: 0.05, seed: 1, passes: 10, rounds: 1};

  it('trains each candidate as if it were alone, beside a base that stands still', async () => {
    const together = await candidateLosses(columns, base, args);
    expect(together.map(({index}) => index)[0]).toBe(2);
    for (const {index, logloss, weights} of together) {
      const [alone] = await candidateLosses([columns[index]], base, args);
      expect(alone.logloss).toBeCloseTo(logloss, 6);
      weights.forEach((w, id) => expect(alone.weights[id]).toBeCloseTo(w, 5));
      const plain = labels.validation.reduce((sum, y, i) => {
        const p = sigmoid(logits.validation[i] + weights[columns[index].ids.validation[i]]);
        return sum - (y * Math.log(p) + (1 - y) * Math.log(1 - p)) / 100;
      }, 0);
      expect(logloss).toBeCloseTo(plain, 5);
    }
    expect(together.map(({logloss}) => logloss)).toEqual([...together.map(({logloss}) => logloss)].sort((a, b) => a - b));
  });

  it('finds the weights that a solver finds', async () => {
    const [{weights}] = await candidateLosses([columns[2]], base, {...args, passes: 100, learningRate: 0.05});
    for (let id = 0; id < 4; id++) {
      // At the optimum the residuals of each value's rows add up to nothing.
      const rows = [...columns[2].ids.train.keys()].filter(row => columns[2].ids.train[row] === id);
      const residual = rows.reduce((sum, row) => sum + labels.train[row] - sigmoid(logits.train[row] + weights[id]), 0) / rows.length;
      expect(Math.abs(residual)).toBeLessThan(0.02);
    }
  });

  it('lets the better half go on after each round, with their weights', async () => {
    const halved = await candidateLosses(columns, base, {...args, rounds: 3});
    expect(halved).toHaveLength(1);
    expect(halved[0].index).toBe(2);
    expect(Math.abs(halved[0].weights[0])).toBeGreaterThan(0.5);
  });
});

describe('searchCrosses', () => {
  const fields = [0, 1, 2, 3].map(f => ({name: `f${f}`, size: 4}));
  const next = generator(11);
  const effect = (size: number, strength: number) => Array.from({length: size}, () => next() < 0.5 ? strength : -strength);
  const pair = effect(16, 1.5), triple = effect(64, 1.5);
  const logit = ([a, , c, d]: number[]) => pair[4 * a + c] + triple[16 * a + 4 * c + d];
  let bayes = 0;
  const part = (rows: number) => {
    const ids = Array.from({length: rows}, () => fields.map(() => Math.floor(next() * 4)));
    bayes = ids.reduce((sum, row) => {
      const p = sigmoid(logit(row));
      return sum - (p * Math.log(p) + (1 - p) * Math.log(1 - p)) / rows;
    }, 0);
    return table(ids, ids.map(row => next() < sigmoid(logit(row)) ? 1 : 0));
  };
  const parts: Record<PartName, Table> = {train: part(4000), validation: part(1500), test: part(4000)};

  it.each([1, 2])('finds a planted triple by way of a pair, and stops there (beam %i)', async beam => {
    const before = tf.memory().numTensors;
    const {crosses, path, columns, model} = await searchCrosses({fields, parts, seed: 3, batchSize: 200, beam, leastGain: 2e-3});
    expect(crosses).toHaveLength(2);
    expect(crosses[1]).toEqual([0, 2, 3]);
    // The triple holds the pair's effect, so that the beam may come by either of two ways.
    expect(beam === 1 ? [[0, 2]] : [[0, 2], [2, 3]]).toContainEqual(crosses[0]);
    expect(path).toHaveLength(3);
    expect(path[0]).toBeGreaterThan(path[1]);
    expect(path[1]).toBeGreaterThan(path[2]);
    expect(columns.fields.map(({name}) => name)).toEqual(['f0', 'f1', 'f2', 'f3', crosses[0].map(f => `f${f}`).join(' x '), 'f0 x f2 x f3']);
    const rows = {xs: tf.tensor2d(columns.ids.test, [4000, 6], 'int32'), ys: tf.tensor2d(parts.test.labels, [4000, 1])};
    expect((await score(model, rows)).logloss).toBeLessThan(bayes + 0.02);
    tf.dispose([rows.xs, rows.ys]);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the same for the same seed, and no more than it is asked for', async () => {
    const args = {fields, parts, seed: 3, batchSize: 500, mostCrosses: 1};
    const [a, b] = [await searchCrosses(args), await searchCrosses(args)];
    expect(a.crosses).toEqual([[0, 2]]);
    expect(b.path).toEqual(a.path);
    [a, b].forEach(({model}) => model.dispose());
  });
});
