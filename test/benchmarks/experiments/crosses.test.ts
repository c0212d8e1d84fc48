import * as tf from '@tensorflow/tfjs-core';
import {SeededBatches} from 'tfjs-autofis';
import {score} from '../../../src/training/evaluation';
import {Base, candidateLosses} from '../../../benchmarks/experiments/crosses/candidate_losses';
import {Columns, crossColumns, sideBySide} from '../../../benchmarks/experiments/crosses/cross_columns';
import {searchCrosses, unions} from '../../../benchmarks/experiments/crosses/search_crosses';
import type {PartName, Table} from '../../../benchmarks/experiments/encode';
import {generator} from '../../helpers/random';

const table = (rows: number[][], labels: number[] = rows.map(() => 0)): Table => ({
  rows: rows.length,
  ids: Int32Array.from(rows.flat()),
  labels: Float32Array.from(labels),
});

describe('crossColumns', () => {
  const fields = [
    {name: 'a', size: 3},
    {name: 'b', size: 2},
    {name: 'tags', size: 4, width: 2, combiner: 'mean' as const},
  ];

  it('numbers the combinations that enough training rows have; the rest share the last id', () => {
    const parts = {
      train: table([
        [0, 1, -1, -1],
        [2, 0, -1, -1],
        [0, 1, -1, -1],
        [2, 1, -1, -1],
        [2, 0, -1, -1],
      ]),
      validation: table([
        [2, 0, -1, -1],
        [2, 1, -1, -1],
      ]),
      test: table([
        [1, 1, -1, -1],
        [0, 1, -1, -1],
      ]),
    };
    const twice = crossColumns(fields, parts, [0, 1], 2);
    expect(twice.fields).toEqual([{name: 'a x b', size: 3}]);
    expect(Array.from(twice.ids.train)).toEqual([0, 1, 0, 2, 1]);
    expect(Array.from(twice.ids.validation)).toEqual([1, 2]);
    expect(Array.from(twice.ids.test)).toEqual([2, 0]);
    expect(crossColumns(fields, parts, [0, 1], 1).fields[0].size).toBe(4);
  });

  it('of a multi-hot field is multi-hot: the combinations with each of its values, in any order of the fields', () => {
    const rows = [
      [1, 0, 3, 0],
      [1, 1, 3, -1],
      [1, 0, 0, 3],
    ];
    const parts = {train: table(rows), validation: table([[1, 0, -1, 3]]), test: table([[1, 0, -1, -1]])};
    const {
      fields: [field],
      ids,
    } = crossColumns(fields, parts, [0, 2], 1);
    expect(field).toEqual({name: 'a x tags', size: 3, width: 2, combiner: 'mean'});
    expect(Array.from(ids.train)).toEqual([0, 1, 0, -1, 1, 0]);
    expect([Array.from(ids.validation), Array.from(ids.test)]).toEqual([
      [-1, 0],
      [-1, -1],
    ]);
    expect(Array.from(crossColumns(fields, parts, [1, 2], 1).ids.train)).toEqual([0, 1, 2, -1, 1, 0]);
  });

  it('refuses what has too many combinations to count', () => {
    const large = ['x', 'y', 'z'].map(name => ({name, size: 1e6}));
    const parts = {train: table([]), validation: table([]), test: table([])};
    expect(() => crossColumns(large, parts, [0, 1, 2], 1)).toThrow(
      'The cross of x, y, z has 1000000000000000000 combinations, more than can be counted. ' +
        'Leave it out, or merge rare values first.',
    );
  });

  it('stand side by side, row by row', () => {
    const of = (train: number[], width?: number): Columns => ({
      fields: [{name: `${train}`, size: 9, width}],
      ids: {train: Int32Array.from(train), validation: new Int32Array(0), test: new Int32Array(0)},
    });
    expect(Array.from(sideBySide([of([1, 2]), of([3, 4, 5, 6], 2)]).ids.train)).toEqual([1, 3, 4, 2, 5, 6]);
  });
});

describe('unions', () => {
  it('are all pairs at first, then also what crosses make, once each', () => {
    expect(unions([[0], [1], [2]], 3)).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
    expect(unions([[0], [1], [2], [1, 2]], 3)).toEqual([
      [0, 1],
      [0, 2],
      [0, 1, 2],
    ]);
    expect(unions([[0], [1], [2], [1, 2]], 2)).toEqual([
      [0, 1],
      [0, 2],
    ]);
  });
});

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('candidateLosses', () => {
  const ROWS = 1500;
  const next = generator(5);
  const labels = new Float32Array(ROWS);
  const logits = Float32Array.from(labels, () => next() - 0.5);
  const columns: Columns[] = [2, 3, 4, 5].map(size => ({
    fields: [{name: `of ${size}`, size}],
    ids: {
      train: Int32Array.from(labels, () => Math.floor(next() * size)),
      validation: new Int32Array(0),
      test: new Int32Array(0),
    },
  }));
  labels.forEach((_, i) => {
    labels[i] = next() < sigmoid(logits[i] + (columns[2].ids.train[i] % 2 === 0 ? 2 : -2)) ? 1 : 0;
  });
  const base: Base = {logits, labels};
  const args = {batchSize: 50, learningRate: 0.05, seed: 1, rounds: 1};

  it('trains each candidate as if it were alone, and puts the best first', async () => {
    const together = await candidateLosses(columns, base, args);
    expect(together.map(({index}) => index)[0]).toBe(2);
    expect(together.map(({logloss}) => logloss)).toEqual(
      [...together.map(({logloss}) => logloss)].sort((a, b) => a - b),
    );
    for (const {index, logloss, weights} of together) {
      const [alone] = await candidateLosses([columns[index]], base, args);
      expect(alone.logloss).toBeCloseTo(logloss, 6);
      weights.forEach((w, id) => expect(alone.weights[id]).toBeCloseTo(w, 5));
    }
    // The effect of the one that matters is 2 and -2.
    expect(Array.from(together[0].weights, Math.sign)).toEqual([1, -1, 1, -1]);
    expect(together[0].logloss).toBeLessThan(together[1].logloss - 0.1);
  });

  it('predicts each batch before it learns from it, by the base that stands still', async () => {
    const [{logloss, weights}] = await candidateLosses([columns[1]], base, {...args, batchSize: ROWS / 2});
    // Adam's first step is its rate, against the gradient's sign; the second half of the rows is predicted with it.
    const xs = tf.range(0, ROWS, 1, 'int32');
    const batches = await new SeededBatches({xs, ys: tf.tensor1d(labels)}, {batchSize: ROWS / 2, seed: 1}).iterator();
    const [first, second] = [await batches.next(), await batches.next()].map(({value}) =>
      Array.from((value!.xs as tf.Tensor).dataSync()),
    );
    const ids = columns[1].ids.train;
    const gradient = [0, 1, 2].map(id =>
      first.filter(row => ids[row] === id).reduce((sum, row) => sum + sigmoid(logits[row]) - labels[row], 0),
    );
    const w = gradient.map(g => -0.05 * Math.sign(g));
    const loss = (row: number, z: number) => Math.log1p(Math.exp(z)) - labels[row] * z;
    const expected = [
      ...first.map(row => loss(row, logits[row])),
      ...second.map(row => loss(row, logits[row] + w[ids[row]])),
    ];
    expect(logloss).toBeCloseTo(expected.reduce((a, b) => a + b, 0) / ROWS, 5);
    expect(weights).toHaveLength(3);
    expect(Array.from(weights)).not.toEqual(w);
  });

  it('does not reward what only remembers rows', async () => {
    const noise: Columns = {
      fields: [{name: 'of one row each', size: ROWS}],
      ids: {...columns[0].ids, train: Int32Array.from(labels, (_, i) => i)},
    };
    const [best, worst] = await candidateLosses([noise, columns[2]], base, args);
    expect(best.index).toBe(1);
    // Nothing is known of a row before it is seen.
    const plain = labels.reduce((sum, y, i) => sum + Math.log1p(Math.exp(logits[i])) - y * logits[i], 0) / ROWS;
    expect(worst.logloss).toBeCloseTo(plain, 5);
  });

  it('lets the better half go on after each round, with their weights', async () => {
    const halved = await candidateLosses(columns, base, {...args, rounds: 3});
    expect(halved).toHaveLength(1);
    const [whole] = await candidateLosses([columns[2]], base, args);
    expect(halved[0].index).toBe(2);
    // The same batches, but Adam's moments start again in each round.
    halved[0].weights.forEach((w, id) => expect(Math.abs(w - whole.weights[id])).toBeLessThan(0.3));
  });
});

describe('searchCrosses', () => {
  const fields = [0, 1, 2, 3].map(f => ({name: `f${f}`, size: 4}));
  const next = generator(11);
  const effect = (size: number, strength: number) =>
    Array.from({length: size}, () => (next() < 0.5 ? strength : -strength));
  const pair = effect(16, 1.5);
  const triple = effect(64, 1.5);
  const logit = ([a, , c, d]: number[]) => pair[4 * a + c] + triple[16 * a + 4 * c + d];
  let bayes = 0;
  const part = (rows: number) => {
    const ids = Array.from({length: rows}, () => fields.map(() => Math.floor(next() * 4)));
    bayes = ids.reduce((sum, row) => {
      const p = sigmoid(logit(row));
      return sum - (p * Math.log(p) + (1 - p) * Math.log(1 - p)) / rows;
    }, 0);
    return table(
      ids,
      ids.map(row => (next() < sigmoid(logit(row)) ? 1 : 0)),
    );
  };
  const parts: Record<PartName, Table> = {train: part(4000), validation: part(1500), test: part(4000)};

  it.each([1, 2])('finds a planted triple by way of a pair, and stops there (beam %i)', async beam => {
    const before = tf.memory().numTensors;
    const {crosses, path, columns, model} = await searchCrosses({
      fields,
      parts,
      seed: 3,
      batchSize: 200,
      learningRate: 0.02,
      beam,
      leastGain: 2e-3,
      patience: 1,
    });
    expect(crosses).toHaveLength(2);
    expect(crosses[1]).toEqual([0, 2, 3]);
    // The triple holds the pair's effect, so that the beam may come by either of two ways.
    expect(
      beam === 1
        ? [[0, 2]]
        : [
            [0, 2],
            [2, 3],
          ],
    ).toContainEqual(crosses[0]);
    expect(path).toHaveLength(3);
    expect(path[0]).toBeGreaterThan(path[1]);
    expect(path[1]).toBeGreaterThan(path[2]);
    expect(columns.fields.map(({name}) => name)).toEqual([
      'f0',
      'f1',
      'f2',
      'f3',
      crosses[0].map(f => `f${f}`).join(' x '),
      'f0 x f2 x f3',
    ]);
    const rows = {xs: tf.tensor2d(columns.ids.test, [4000, 6], 'int32'), ys: tf.tensor2d(parts.test.labels, [4000, 1])};
    expect((await score(model, rows)).logloss).toBeLessThan(bayes + 0.02);
    tf.dispose([rows.xs, rows.ys]);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the same for the same seed, and no more than it is asked for', async () => {
    const args = {fields, parts, seed: 3, batchSize: 500, learningRate: 0.05, mostCrosses: 1};
    const [a, b] = [await searchCrosses(args), await searchCrosses(args)];
    expect(a.crosses).toEqual([[0, 2]]);
    expect(b.path).toEqual(a.path);
    [a, b].forEach(({model}) => model.dispose());
  });
});
