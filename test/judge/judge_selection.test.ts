import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {evaluateModel, judgeSelection, SearchStage, SeededBatches, Selection, Verdict} from 'tfjs-autofis';
import {topK} from '../../src/judge/top_k';
import {asTensors, fields, gatedModel, plantedRows} from '../helpers/models';
import {captureWarnings} from '../helpers/search';
import {expectClose, expectNoLeak, messageOf, weightValues} from '../helpers/tensors';
import {JudgeArgs} from '../../src/judge/judge_selection';

const warned = captureWarnings();
const rows = plantedRows(1800, fields, [[0, 1]], 5);
const part = (from: number, to: number) =>
  asTensors({ids: rows.ids.slice(from, to), labels: rows.labels.slice(from, to)});

let train: ReturnType<typeof asTensors>;
let validation: ReturnType<typeof asTensors>;
let test: ReturnType<typeof asTensors>;
let model: tfl.LayersModel;
let optimizer: tf.Optimizer;
let selection: Selection;
beforeAll(async () => {
  [train, validation, test] = [part(0, 1000), part(1000, 1300), part(1300, 1800)];
  optimizer = tf.train.adam(0.02);
  model = gatedModel({optimizer});
  const search = new SearchStage({recipe: 'paper', c: 0.02, learningRate: 0.3});
  await model.fitDataset(new SeededBatches(train, {batchSize: 40, seed: 1}) as never, {
    epochs: 18,
    verbose: 0,
    callbacks: [search],
  });
  selection = search.selection;
});
afterAll(() => {
  model.dispose();
  optimizer.dispose();
  [train, validation, test].forEach(data => data.dispose());
});

const args = (): JudgeArgs => ({
  model,
  selection,
  train,
  validation,
  test,
  seeds: [1, 2],
  randomSets: 2,
  topKEpochs: 2,
  batchSize: 200,
  epochs: 3,
  leastEpochs: 2,
  patience: 1,
});

/** A verdict of one seed, made once. */
let made: Promise<Verdict> | undefined;
const small = () => (made ??= judgeSelection({...args(), seeds: [3], randomSets: 1}));

/** A store, what it has kept, and a way to end after the first run. */
function interruption() {
  const kept = new Map<string, unknown>();
  const store = {
    get: async (key: string) => kept.get(key),
    set: async (key: string, value: unknown) => void kept.set(key, value),
  };
  const onRun = () => {
    throw new Error('enough');
  };
  return {kept, interrupted: {store, onRun}};
}

describe('judgeSelection', () => {
  it('says nothing of a search, as its plain training for the top-K is none', async () => {
    await topK(model, 1, train, 200, 1, 3);
    expect(warned()).toEqual([]);
  });

  it(
    'retrains every contestant in both forms on each seed, ' + 'and finds that the planted pair beats random ones',
    async () => {
      expect(selection[0].fields).toEqual(['user_ID', 'C1']);
      const seen: string[] = [];
      const before = weightValues(model.weights);
      const verdict = await judgeSelection({
        ...args(),
        selection: selection.slice(0, 1),
        onRun: ({contestant, form, seed}, done, total) => {
          seen.push(`${contestant} ${form} ${seed}`);
          expect(done).toBe(seen.length);
          expect(total).toBe(20);
        },
      });
      expect(seen).toHaveLength(20);
      expect(seen.filter(run => run.startsWith('random gated 1'))).toHaveLength(2);
      expect(verdict.standings.map(s => [s.contestant, s.form, s.kept, s.runs.length])).toEqual([
        ['selection', 'gated', 1, 2],
        ['selection', 'plain', 1, 2],
        ['all', 'gated', 6, 2],
        ['all', 'plain', 6, 2],
        ['top-K', 'gated', 1, 2],
        ['top-K', 'plain', 1, 2],
        ['random', 'gated', 1, 4],
        ['random', 'plain', 1, 4],
      ]);
      expect(verdict.duels.map(d => d.opponent)).toEqual(['random', 'all', 'top-K']);
      expect(verdict.duels[0].difference).toBeGreaterThan(0.05);
      expect(verdict.words).toMatch(/^The selection of 1 of 6 interactions/);
      // A slim model is smaller than one with all interactions, and the searched model is as it was.
      expect(verdict.standings[0].parameters).toBeLessThan(verdict.standings[2].parameters);
      expect(weightValues(model.weights)).toEqual(before);
    },
  );

  it('judges by the other half of all rows where half of the weights are 0', async () => {
    const even = (from: number, to: number) =>
      asTensors({
        ids: rows.ids.slice(from, to).filter((_, i) => i % 2 === 0),
        labels: rows.labels.slice(from, to).filter((_, i) => i % 2 === 0),
      });
    const halves = (data: typeof train) => ({
      xs: data.xs,
      ys: data.ys,
      weights: tf.tensor1d([...Array(data.ys.shape[0]).keys()].map(i => (i % 2 === 0 ? 3 : 0))),
    });
    const weighted = {train: halves(train), validation: halves(validation), test: halves(test)};
    const half = {train: even(0, 1000), validation: even(1000, 1300), test: even(1300, 1800)};
    const judged = async (data: object) => {
      const {standings, search} = await judgeSelection({...args(), ...data, seeds: [3], randomSets: 1});
      return [search!, ...standings.flatMap(({runs}) => runs.flatMap(run => [run.validation, run.test]))].flatMap(
        ({auc, logloss}) => [auc, logloss],
      );
    };
    expectClose(await judged(weighted), await judged(half), 1e-6);
    const kept = await evaluateModel({name: 'half', model, rows: half.test});
    const {calibration, ...scores} = await evaluateModel({name: 'half', model, rows: weighted.test});
    expect(scores).toMatchObject({
      name: 'half',
      parameters: kept.parameters,
      auc: expect.closeTo(kept.auc, 9),
      logloss: expect.closeTo(kept.logloss, 9),
    });
    expect(calibration.map(bin => bin.rows)).toEqual(kept.calibration.map(bin => bin.rows));
    Object.values(weighted).forEach(({weights}) => weights.dispose());
    Object.values(half).forEach(data => data.dispose());
  });

  it('gives the same verdict for the same seeds, and leaves no tensor behind', async () => {
    const a = await small();
    let b: Verdict;
    await expectNoLeak(async () => {
      b = await judgeSelection({...args(), seeds: [3], randomSets: 1});
    });
    expect(b!.duels).toEqual(a.duels);
    expect(b!.words).toBe(a.words);
  });

  it('takes training rows as a stream of batches', async () => {
    const stream = (seed: number) => new SeededBatches(train, {batchSize: 200, seed});
    const [a, b] = [await small(), await judgeSelection({...args(), train: stream, seeds: [3], randomSets: 1})];
    expect(b.duels).toEqual(a.duels);
  });

  it.each<[string, () => object, string]>([
    [
      'seeds that repeat',
      () => ({seeds: [1, 1]}),
      'judgeSelection: `seeds` must be a non-empty list of distinct integers >= 0. Received: [1,1].',
    ],
    [
      'rows without labels',
      () => ({test: {xs: test.xs}}),
      'judgeSelection: `test` must be {xs, ys}, tensors with the same number of rows, ' +
        'at least one. Received: xs [500,4], ys undefined.',
    ],
    [
      'validation rows of one label',
      () => ({validation: {xs: validation.xs, ys: tf.onesLike(validation.ys)}}),
      'judgeSelection: the labels of `validation` must be 0 or 1, some of each. Received: ' +
        '0 times 0, 300 times 1, 0 others. Give rows of both labels.',
    ],
    [
      'labels other than 0 and 1',
      () => ({test: {xs: test.xs, ys: tf.fill([500, 1], 2)}}),
      'judgeSelection: the labels of `test` must be 0 or 1, some of each. Received: 0 times 0, 0 times 1, ' +
        '500 others. Give rows of both labels.',
    ],
    [
      'training labels other than 0 and 1',
      () => ({train: {xs: test.xs, ys: tf.fill([500, 1], 2)}}),
      'judgeSelection: the labels of `train` must be 0 or 1. Received: 2.',
    ],
    [
      'a misspelt option',
      () => ({randomsets: 3}),
      'judgeSelection: `randomsets` must not be given: the options are model, selection, searched, train, ' +
        'validation, test, seeds, randomSets, topKEpochs, store, onRun, batchSize, epochs, patience, leastEpochs. ' +
        'Received: 3.',
    ],
    ['no epochs', () => ({epochs: 0}), 'judgeSelection: `epochs` must be an integer >= 1. Received: 0.'],
  ])('refuses %s', async (_, change, message) => {
    expect(await messageOf(() => judgeSelection({...args(), ...change()}))).toBe(message);
  });

  it('refuses a store of another selection', async () => {
    const {kept, interrupted} = interruption();
    const judge = (of: Selection) => judgeSelection({...args(), topKEpochs: 0, selection: of, ...interrupted});
    expect(await messageOf(() => judge(selection))).toBe('enough');
    expect([...kept.keys()]).toEqual(['inputs', 'selection-1-0-gated']);
    expect(await messageOf(() => judge([{...selection[0], alpha: 0.5}]))).toMatch(
      /^judgeSelection: `store` holds steps of another `selection`: \[.*\. Received: \[\{.*"alpha":0\.5,/,
    );
  });

  it('refuses a store of a model that is made otherwise, and takes the same one made again', async () => {
    const {interrupted} = interruption();
    const judge = (of: tfl.LayersModel) =>
      messageOf(() => judgeSelection({...args(), topKEpochs: 0, model: of, ...interrupted}));
    expect(await judge(model)).toBe('enough');
    for (const [rate, message] of [
      [0.02, /^enough$/],
      [0.03, /^judgeSelection: `store` holds steps of another `model`: .*Give the same arguments as before, or/],
    ] as const) {
      const other = gatedModel({optimizer: tf.train.adam(rate)});
      expect(await judge(other)).toMatch(message);
      other.optimizer.dispose();
      other.dispose();
    }
  });

  it('refuses a store whose top-K is that of another seed, and takes further seeds', async () => {
    const {interrupted} = interruption();
    const judge = (seeds: number[]) =>
      messageOf(() => judgeSelection({...args(), topKEpochs: 1, seeds, ...interrupted}));
    expect([await judge([1]), await judge([1, 2])]).toEqual(['enough', 'enough']);
    expect(await judge([2, 1])).toBe(
      'judgeSelection: `store` holds steps of another `topK`: {"epochs":1,"seed":1}. ' +
        'Received: {"epochs":1,"seed":2}. Give the same arguments as before, or an empty store.',
    );
  });
});
