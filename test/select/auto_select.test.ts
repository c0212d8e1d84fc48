import * as tf from '@tensorflow/tfjs-core';
import {autoFm} from '../../src/models/auto_fm';
import {seededRandom} from '../../src/random';
import {autoSelect, AutoSelection} from '../../src/select/auto_select';
import {AutoSelectArgs, SelectStep} from '../../src/select/auto_select_args';
import {foldsOf, heldOutParts} from '../../src/select/held_out_parts';
import {plainTrainer, TrainingJob} from '../../src/components/products/trainer';
import {LabeledRows, labelsOfRows, rowCount, takeRows} from '../../src/training/rows';
import {SeededBatches} from '../../src/training/seeded_batches';
import {asTensors, fields, plantedRows} from '../helpers/models';
import {expectNoLeak} from '../helpers/tensors';

/** Trainings of 120 steps, which tell one planted pair of six. */
const schedule = {batchSize: 100, epochs: 6, learningRate: 0.06};

/** Rows in the parts that autoSelect takes. */
function partsOf(rows: LabeledRows): Record<'train' | 'validation' | 'test', LabeledRows> {
  const n = rowCount(rows);
  const part = (from: number, to: number) =>
    takeRows(
      rows,
      Int32Array.from({length: (to - from) * n}, (_, i) => from * n + i),
    );
  return {train: part(0, 0.6), validation: part(0.6, 0.8), test: part(0.8, 1)};
}

function planted(count: number) {
  const data = asTensors(plantedRows(count, fields, [[0, 1]], 4));
  const parts = partsOf(data);
  data.dispose();
  return {...parts, dispose: () => tf.dispose(parts as never)};
}

function disposeAll({model, rivals}: AutoSelection): void {
  [model, ...rivals.map(rival => rival.model)].forEach(each => each.dispose());
}

/** All negatives and `count` positives. */
function positivesOf(rows: LabeledRows, count: number): LabeledRows {
  const labels = labelsOfRows(rows);
  const [zeros, ones] = [0, 1].map(label => [...labels.keys()].filter(i => labels[i] === label));
  return takeRows(rows, Int32Array.from([...ones.slice(0, count), ...zeros]));
}

describe('autoSelect', () => {
  it('finds the planted pair, trains it on all rows, and compares it with its rivals on the test rows', async () => {
    await expectNoLeak(async () => {
      const {dispose, ...rows} = planted(3400);
      const said: string[] = [];
      const found = await autoSelect({fields, ...rows, schedule, onStep: words => said.push(words)});
      expect(found.selection.map(({fields: pair}) => pair)).toEqual([['user_ID', 'C1']]);
      expect(found.chosen.name).toBe('GA2M, 1 of 6');
      expect(found.test!.auc).toBeGreaterThan(0.97);
      const [linear, whole] = found.rivals;
      expect([linear.candidate.name, linear.test.words]).toEqual(['LR', 'better']);
      expect(whole.candidate.selection).toHaveLength(6);
      expect(linear.test.auc.difference).toBeCloseTo(found.test!.auc - linear.test.scores.auc, 6);
      for (const {sets, base} of found.gates) {
        const [first, ...others] = sets[0].interactions;
        expect([base, first.stability]).toEqual([base, {kept: 20, samples: 20}]);
        expect(first.held.gain).toBeGreaterThan(2 * first.held.standardError);
        expect(Math.max(...others.map(({alpha}) => alpha))).toBeLessThan(first.alpha);
      }
      expect(said.filter(words => /test rows/.test(words))).toEqual(['reads the test rows, once, after all choices']);
      // The labels follow from the pair alone.
      expect(found.warnings).toEqual([
        expect.stringMatching(/^The AUC on the test rows is 1\.0000\. Do some fields hold/),
      ]);
      disposeAll(found);
      dispose();
    });
  });

  it.each([
    ['logistic regression with tables where these are enough', 'GA2M, 1 of 3', 4],
    ['the mean of these and of products where that is better', 'FFM, ridge 10 + GA2M, 1 of 3', 9],
  ])('chooses %s, also with a seed and a store', async (_, name, seed) => {
    await expectNoLeak(async () => {
      const numbers = [30, 30, 30].map((size, f) => ({name: `number ${f}`, size, ordered: true}));
      const random = seededRandom(seed);
      const ids = Array.from({length: 4000}, () => numbers.map(({size}) => Math.floor(random() * size)));
      const labels = ids.map(([a, b]) => (random() < (a > 15 === b > 15 ? 0.7 : 0.2) ? 1 : 0));
      const data = asTensors({ids, labels} as never);
      const rows = partsOf(data);
      const kept = new Map<string, unknown>();
      const store = {
        get: async (key: string) => kept.get(key),
        set: async (key: string, value: unknown) => void kept.set(key, JSON.parse(JSON.stringify(value))),
      };
      const select = () => autoSelect({fields: numbers, ...rows, schedule, effort: 'quick', store});
      const [first, again] = [await select(), await select()];
      expect(first.chosen.name).toBe(name);
      expect(first.selection.map(({fields: pair}) => pair)).toEqual([['number 0', 'number 1']]);
      expect(first.rivals[0].test.words).toBe('better');
      expect(again.chosen).toEqual(first.chosen);
      expect(again.test).toEqual(first.test);
      const [gates] = first.gates;
      expect([gates.base, gates.path[0].alpha.length]).toEqual(['GA2M', 3]);
      const [set] = gates.sets;
      expect(set.interactions.map(({alpha}) => alpha > 0)).toEqual([true, false, false]);
      [first, again].forEach(disposeAll);
      tf.dispose([data, rows] as never);
    });
  });

  it.each([
    ['while a base trains', /^LR:/, 1],
    ['before the choice is trained on all rows', /^chose/, 1],
    ['while several train at once', /^LR:/, 3],
  ])('ends where its signal is given %s, leaves nothing, and continues from its store', async (_, when, parallel) => {
    await expectNoLeak(async () => {
      const {dispose, ...rows} = planted(1500);
      const kept = new Map<string, unknown>();
      const store = {
        get: async (key: string) => kept.get(key),
        set: async (key: string, value: unknown) => void kept.set(key, value),
      };
      const select = (abort?: AbortController) => {
        const onStep = (words: string) => when.test(words) && abort?.abort(new Error('enough'));
        return autoSelect({fields, ...rows, schedule, effort: 'quick', store, parallel, signal: abort?.signal, onStep});
      };
      await expect(select(new AbortController())).rejects.toThrow('enough');
      const finished = [...kept.keys()];
      expect(finished).toContain('LR');
      const found = await select();
      expect(found.chosen.selection).toHaveLength(1);
      expect([...kept.keys()].slice(0, finished.length)).toEqual(finished);
      disposeAll(found);
      dispose();
    });
  });

  it('leaves nothing where the comparison on the test rows fails', async () => {
    await expectNoLeak(async () => {
      const {dispose, ...rows} = planted(1500);
      const onStep = (_: string, {type}: SelectStep) => {
        if (type === 'test') throw new Error('no test today');
      };
      await expect(autoSelect({fields, ...rows, schedule, effort: 'quick', onStep})).rejects.toThrow('no test today');
      dispose();
    });
  });

  it('refuses a signal that is none', async () => {
    const {dispose, ...rows} = planted(300);
    await expect(autoSelect({fields, ...rows, signal: 'stop' as never})).rejects.toThrow(
      'autoSelect: `signal` must be an AbortSignal. Received: "stop".',
    );
    dispose();
  });

  it('finds the same however many trainings run at once', async () => {
    const {dispose, ...rows} = planted(1500);
    const [one, three] = await Promise.all(
      [1, 3].map(parallel => autoSelect({fields, ...rows, schedule, effort: 'quick', parallel})),
    );
    const shown = ({chosen, candidates, gates, test}: AutoSelection) => [
      chosen.name,
      candidates.map(({name, choice}) => [name, choice]),
      gates.map(({base, chosen: point}) => [base, point]),
      test,
    ];
    expect(shown(three)).toEqual(shown(one));
    [one, three].forEach(disposeAll);
    dispose();
  });

  it("gives the mean of three trainings as one model, with effort 'thorough'", async () => {
    await expectNoLeak(async () => {
      // Too many combinations for tables, and vectors of one number are enough.
      const many = [60, 60].map((size, f) => ({name: `many ${f}`, size}));
      const random = seededRandom(3);
      const scores = many.map(({size}) => Array.from({length: size}, () => 2 * random() - 1));
      const ids = Array.from({length: 4000}, () => many.map(({size}) => Math.floor(random() * size)));
      const labels = ids.map(([a, b]) => (scores[0][a] * scores[1][b] > 0 ? 1 : 0));
      const {dispose, ...data} = asTensors({ids, labels});
      const rows = partsOf(data);
      const trained: string[] = [];
      const found = await autoSelect({
        fields: many,
        ...rows,
        schedule,
        effort: 'thorough',
        onStep: (words, {type}) => type === 'retrained' && trained.push(words.replace(/^trained /, '')),
      });
      const {name, form} = found.chosen;
      expect(trained.filter(words => words.startsWith(`${name} on`))).toEqual(
        [1, 2, 3].map(k => `${name} on all rows, ${k} of 3`),
      );
      const [table] = found.model.getLayer('embedding').getWeights();
      expect(table.shape[1]).toBe(3 * Number(/, d (\d+)$/.exec(form)?.[1] ?? 8));
      const ofAll = found.candidates.filter(({selection}) => selection.length === 1).map(each => each.form);
      expect(ofAll).toContainEqual(expect.stringMatching(/^FFM, ridge [\d.]+, d 16$/));
      disposeAll(found);
      tf.dispose(rows as never);
      dispose();
    });
  });

  it('keeps to logistic regression on noise: no interaction helps', async () => {
    const random = seededRandom(8);
    const data = asTensors({
      ids: Array.from({length: 3000}, () => fields.map(({size}) => Math.floor(random() * size))),
      labels: Array.from({length: 3000}, () => (random() < 0.4 ? 1 : 0)),
    } as never);
    const rows = partsOf(data);
    const found = await autoSelect({fields, ...rows, schedule, effort: 'quick'});
    expect([found.chosen.name, found.selection]).toEqual(['LR', []]);
    expect(found.rivals.map(({candidate}) => candidate.name)).toEqual(['FFM, ridge 10, all 6']);
    disposeAll(found);
    data.dispose();
    tf.dispose(rows as never);
  });

  it('continues with the steps that a store holds, to the same result', async () => {
    const {dispose, ...rows} = planted(1500);
    const kept = new Map<string, string>();
    const jobs: string[] = [];
    const args: AutoSelectArgs = {
      fields,
      ...rows,
      schedule,
      effort: 'quick',
      store: {
        get: async key => (kept.has(key) ? JSON.parse(kept.get(key)!) : undefined),
        set: async (key, value) => void kept.set(key, JSON.stringify(value)),
      },
      trainer: async (job: TrainingJob) => {
        jobs.push(job.name);
        await plainTrainer(job);
      },
    };
    const first = await autoSelect(args);
    const all = jobs.splice(0);
    const again = await autoSelect(args);
    expect(all.length).toBeGreaterThan(jobs.length);
    expect(jobs.every(name => name.endsWith(', on all rows'))).toBe(true);
    expect(again.test).toEqual(first.test);
    expect(again.candidates).toEqual(first.candidates);
    await expect(autoSelect({...args, train: rows.test})).rejects.toThrow(
      /^autoSelect: `store` holds steps of another `train`: "\[900,4\] \w+, \[900,1\] \w+"\. Received: "\[299,4\] /,
    );
    [first, again].forEach(disposeAll);
    dispose();
  });

  it('takes your own model with gates, and a stream of rows', async () => {
    const {dispose, train, ...rows} = planted(3000);
    const model = autoFm({fields, embeddingDim: 4, seed: 1});
    (model.optimizer as unknown as {setLearningRate(rate: number): void}).setLearningRate(0.06);
    const stream = (seed: number, batchSize: number) => new SeededBatches(train, {seed, batchSize});
    const found = await autoSelect({model, train: stream, ...rows, schedule});
    expect(found.candidates.map(({form}) => form)).toEqual(found.candidates.map(() => 'autoFm'));
    expect(found.selection.map(({fields: pair}) => pair)).toContainEqual(['user_ID', 'C1']);
    expect(found.test!.auc).toBeGreaterThan(0.95);
    disposeAll(found);
    model.dispose();
    dispose();
  });

  it('decides by cross-validation where few validation rows have a label', async () => {
    const {dispose, train, ...rows} = planted(3000);
    const few = positivesOf(rows.validation, 30);
    const said: string[] = [];
    const found = await autoSelect({
      fields,
      train,
      validation: few,
      schedule,
      effort: 'quick',
      onStep: words => said.push(words),
    });
    expect(found.selection.map(({fields: pair}) => pair)).toContainEqual(['user_ID', 'C1']);
    expect(found.warnings[0]).toMatch(
      /^Half of the validation rows are too few to choose between .* four-fold cross-validation .* chose GA2M, /,
    );
    expect(said).toContain('trained FFM, ridge 10, all 6 in fold 4 of 4');
    expect([found.test, found.rivals]).toEqual([null, []]);
    disposeAll(found);
    tf.dispose(few as never);
    dispose();
  });

  it('trains logistic regression alone where positives are too few for anything else', async () => {
    const {dispose, ...rows} = planted(1500);
    const [train, validation] = [positivesOf(rows.train, 20), positivesOf(rows.validation, 10)];
    const found = await autoSelect({fields, train, validation});
    expect(found.candidates.map(({name}) => name)).toEqual(['LR']);
    expect(found.warnings[0]).toMatch(/^Only 30 training and validation rows have the rarer label, /);
    disposeAll(found);
    tf.dispose([train, validation] as never);
    dispose();
  });

  it('names what it was not given', async () => {
    const {dispose, ...rows} = planted(100);
    await expect(autoSelect(rows)).rejects.toThrow(
      'autoSelect: give either `fields`, from which the recipe builds its models, or `model`, a model of your ' +
        'own with gates. ' +
        'Received: neither.',
    );
    await expect(autoSelect({fields, ...rows, effort: 'great' as never})).rejects.toThrow(
      'autoSelect: `effort` must be one of "quick", "normal", "thorough". Received: "great".',
    );
    dispose();
  });
});

describe('foldsOf', () => {
  it('deals out rows of both labels evenly, by the seed', () => {
    const labels = Array.from({length: 103}, (_, i) => (i < 22 ? 1 : 0));
    const rows = {xs: tf.zeros([103, 1]), ys: tf.tensor1d(labels)};
    const folds = foldsOf(rows, 4, 5);
    for (const label of [0, 1]) {
      const counts = [0, 1, 2, 3].map(fold => folds.filter((own, i) => own === fold && labels[i] === label).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
    expect(foldsOf(rows, 4, 5)).toEqual(folds);
    expect(foldsOf(rows, 4, 6)).not.toEqual(folds);
    tf.dispose(rows as never);
  });

  it('deals out rows of weight 0 apart, so that no part lacks rows that count', () => {
    const labels = Array.from({length: 60}, (_, i) => i % 2);
    const weights = labels.map((_, i) => (i < 8 ? 1 : 0));
    const rows = {xs: tf.zeros([60, 1]), ys: tf.tensor1d(labels), weights: tf.tensor1d(weights)};
    for (let seed = 0; seed < 10; seed++) {
      const folds = foldsOf(rows, 4, seed);
      for (const fold of [0, 1, 2, 3]) {
        const own = labels.filter((_, i) => folds[i] === fold && weights[i] > 0);
        expect([fold, own.sort()]).toEqual([fold, [0, 1]]);
      }
    }
    tf.dispose(rows as never);
  });
});

describe('heldOutParts', () => {
  it('cuts rows in two, each with half of the positives, by the seed', () => {
    const rows = {
      xs: tf.tensor2d(
        Array.from({length: 101}, (_, i) => i),
        [101, 1],
        'int32',
      ),
      ys: tf.tensor2d(
        Array.from({length: 101}, (_, i) => (i < 21 ? 1 : 0)),
        [101, 1],
      ),
    };
    const [first, same, other] = [1, 1, 2].map(seed => heldOutParts(rows, seed));
    const ids = ({xs}: LabeledRows) => [...(xs as tf.Tensor).dataSync()];
    expect([...ids(first.gates), ...ids(first.choice)].sort((a, b) => a - b)).toEqual(ids(rows));
    for (const part of [first.gates, first.choice])
      expect(labelsOfRows(part).reduce((a, b) => a + b)).toBeGreaterThanOrEqual(10);
    expect(ids(same.gates)).toEqual(ids(first.gates));
    expect(ids(other.gates)).not.toEqual(ids(first.gates));
    expect(() => heldOutParts(rows, undefined as never)).toThrow(
      'heldOutParts: `seed` must be an integer >= 0. Received: undefined.',
    );
    expect(() => heldOutParts({xs: rows.xs} as never, 1)).toThrow(
      'heldOutParts: `validation` must be {xs, ys}, tensors with the same number of rows, at least one. ' +
        'Received: xs [101,1], ys undefined.',
    );
    tf.dispose([rows, first, same, other] as never);
  });
});
