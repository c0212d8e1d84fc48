import * as tf from '@tensorflow/tfjs-core';
import {autoFm} from '../../src/models/auto_fm';
import {seededRandom} from '../../src/random';
import {autoSelect, AutoSelection} from '../../src/select/auto_select';
import {AutoSelectArgs, SelectStep} from '../../src/select/auto_select_args';
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

/** A store in memory, which holds JSON as one of files does. */
function memory() {
  const steps = new Map<string, string>();
  return {
    steps,
    get: async (key: string) => (steps.has(key) ? JSON.parse(steps.get(key)!) : undefined),
    set: async (key: string, value: unknown) => void steps.set(key, JSON.stringify(value)),
  };
}

describe('autoSelect', () => {
  it('finds the planted pair, trains it on all rows, and compares it with its rivals on the test rows', async () => {
    await expectNoLeak(async () => {
      const {dispose, ...rows} = planted(3400);
      const steps: SelectStep['type'][] = [];
      const found = await autoSelect({fields, ...rows, schedule, onStep: (_, {type}) => steps.push(type)});
      expect(found.selection.map(({fields: pair}) => pair)).toEqual([['user_ID', 'C1']]);
      expect(found.test!.auc).toBeGreaterThan(0.97);
      const {interactions, evidence, scores, components} = found.decision;
      expect(evidence).toEqual({by: 'folds', folds: 4});
      // Behind the pairs are wider sets with evidence of their own.
      expect(interactions.map(({open}) => open)).toEqual(interactions.map((_, i) => i === 0));
      expect(interactions[0].gain).toBeGreaterThan(5 * interactions[0].standardError);
      expect(interactions[0].stability).toEqual({kept: 4, samples: 4});
      expect(components.every(({alpha}) => alpha > 0)).toBe(true);
      expect(scores.selection.logloss).toBeLessThan(scores.linear.logloss - 0.1);
      expect(Math.min(...scores.random.map(({logloss}) => logloss))).toBeGreaterThan(scores.selection.logloss - 1e-3);
      const [linear, all] = found.rivals;
      expect([linear.role, linear.test.verdict, all.role, all.interactions]).toEqual(['linear', 'better', 'all', 6]);
      expect(linear.test.auc.difference).toBeCloseTo(found.test!.auc - linear.test.scores.auc, 6);
      expect(steps).toEqual([...Array(4).fill('fold'), 'decided', ...Array(3).fill('retrained'), 'test']);
      disposeAll(found);
      dispose();
    });
  });

  it('finds a pair of numbers, and a second run takes its steps from the store, to the same result', async () => {
    await expectNoLeak(async () => {
      const numbers = [30, 30, 30].map((size, f) => ({name: `number ${f}`, size, ordered: true}));
      const random = seededRandom(4);
      const ids = Array.from({length: 2400}, () => numbers.map(({size}) => Math.floor(random() * size)));
      const labels = ids.map(([a, b]) => (random() < (a > 15 === b > 15 ? 0.7 : 0.2) ? 1 : 0));
      const data = asTensors({ids, labels});
      const rows = partsOf(data);
      const store = memory();
      const jobs: string[] = [];
      const args = {
        fields: numbers,
        ...rows,
        schedule,
        store,
        trainer: async (job: TrainingJob) => {
          jobs.push(job.name);
          await plainTrainer(job);
        },
      };
      const first = await autoSelect(args);
      expect(first.selection.map(({fields: pair}) => pair)).toEqual([['number 0', 'number 1']]);
      expect(first.rivals[0].test.verdict).toBe('better');
      expect(jobs.filter(name => name.endsWith('without fold 4 of 4'))).toHaveLength(2);
      jobs.length = 0;
      const again = await autoSelect(args);
      expect(jobs.every(name => name.endsWith(', on all rows'))).toBe(true);
      expect(again.decision).toEqual(first.decision);
      expect(again.test).toEqual(first.test);
      await expect(autoSelect({...args, train: rows.test})).rejects.toThrow(
        /^autoSelect: `store` holds steps of another `train`: /,
      );
      [first, again].forEach(disposeAll);
      tf.dispose([data, rows] as never);
    });
  });

  it('ends at its signal, leaves nothing, and continues to one result, however many trainings run', async () => {
    await expectNoLeak(async () => {
      const {dispose, ...rows} = planted(1500);
      const stopped = async (when: SelectStep['type'], parallel: number) => {
        const store = memory();
        const select = (abort?: AbortController) => {
          const onStep = (_words: string, {type}: SelectStep) => type === when && abort?.abort(new Error('enough'));
          return autoSelect({fields, ...rows, schedule, store, parallel, signal: abort?.signal, onStep});
        };
        await expect(select(new AbortController())).rejects.toThrow('enough');
        const finished = [...store.steps.keys()];
        expect(finished).toContain('logistic regression');
        const found = await select();
        expect([...store.steps.keys()].slice(0, finished.length)).toEqual(finished);
        return found;
      };
      // While components are fitted, several at once, and before the model is trained on all rows.
      const [three, one] = [await stopped('fold', 3), await stopped('decided', 1)];
      expect(one.selection).toHaveLength(1);
      expect([three.decision, three.test]).toEqual([one.decision, one.test]);
      [one, three].forEach(disposeAll);
      dispose();
    });
  });

  it('gives logistic regression on noise: no interaction is confirmed', async () => {
    const random = seededRandom(8);
    const data = asTensors({
      ids: Array.from({length: 3000}, () => fields.map(({size}) => Math.floor(random() * size))),
      labels: Array.from({length: 3000}, () => (random() < 0.4 ? 1 : 0)),
    });
    const rows = partsOf(data);
    const found = await autoSelect({fields, ...rows, schedule, effort: 'quick'});
    expect([found.selection, found.decision.components]).toEqual([[], []]);
    expect(found.rivals.map(({role}) => role)).toEqual(['all']);
    disposeAll(found);
    data.dispose();
    tf.dispose(rows as never);
  });

  it.each<[string, (random: () => number) => number]>([
    ['rows', random => Number(random() < 0.4)],
    ['users with rates of their own', random => random()],
  ])('counts copies of %s once, so that none of noise is confirmed', async (_, drawRate) => {
    const random = seededRandom(8);
    const wide = ['a', 'b', 'c', 'd'].map(name => ({name, size: 40}));
    const noise = Array.from({length: 900}, () => ({
      ids: wide.map(({size}) => Math.floor(random() * size)),
      rate: drawRate(random),
    }));
    const copies = Array.from({length: 3600}, (_, i) => noise[i % 900]);
    const labels = copies.map(({rate}) => (random() < rate ? 1 : 0));
    const data = asTensors({ids: copies.map(row => row.ids), labels});
    const {train, validation, ...others} = partsOf(data);
    const found = await autoSelect({fields: wide, train, validation, schedule, effort: 'quick'});
    expect(found.decision.components).toEqual([]);
    expect(found.warnings).toContainEqual(
      expect.stringMatching(/^Of 2880 training and validation rows 899 are distinct/),
    );
    disposeAll(found);
    data.dispose();
    tf.dispose([train, validation, others] as never);
  });

  it('takes a stream of rows, judged by one held-out part, without test rows', async () => {
    const {dispose, train, validation} = planted(3000);
    const stream = (seed: number, batchSize: number) => new SeededBatches(train, {seed, batchSize});
    const found = await autoSelect({fields, train: stream, validation, schedule, effort: 'quick'});
    expect(found.selection.map(({fields: pair}) => pair)).toEqual([['user_ID', 'C1']]);
    expect(found.decision.evidence).toEqual({by: 'held-out part', share: 0.2});
    expect([found.test, found.rivals]).toEqual([null, []]);
    disposeAll(found);
    dispose();
  });

  it('selects in your own model with gates, and compares it with all of its interactions', async () => {
    const {dispose, ...rows} = planted(3000);
    jest.spyOn(console, 'warn').mockImplementation();
    const model = autoFm({fields, embeddingDim: 4, seed: 1});
    (model.optimizer as unknown as {setLearningRate(rate: number): void}).setLearningRate(0.06);
    const args = {model, ...rows, schedule: {batchSize: 100, epochs: 6}};
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(autoSelect({...args, signal})).rejects.toThrow('enough');
    const before = model.getWeights().map(weight => [...weight.dataSync()]);
    const selected = await autoSelect(args);
    expect(selected.selection.map(({fields: pair}) => pair)).toContainEqual(['user_ID', 'C1']);
    expect(selected.selection.length).toBeLessThan(6);
    expect(selected.evidence).toHaveLength(6);
    expect(selected.test!.scores.auc).toBeGreaterThan(0.95);
    expect(selected.test!.scores.auc).toBeGreaterThan(selected.test!.all.scores.auc - 0.02);
    expect(model.getWeights().map(weight => [...weight.dataSync()])).toEqual(before);
    const weights = tf.tensor1d([...rows.validation.ys.dataSync()].map((_, i) => i % 2));
    const weighted = await autoSelect({...args, validation: {...rows.validation, weights}});
    expect(weighted.evidence).not.toEqual(selected.evidence);
    [weighted.model, weights, selected.model, model].forEach(each => each.dispose());
    dispose();
  });

  it('trains logistic regression alone where positives are too few for anything else', async () => {
    const {dispose, ...rows} = planted(1500);
    const [train, validation] = [positivesOf(rows.train, 20), positivesOf(rows.validation, 10)];
    const found = await autoSelect({fields, train, validation});
    expect([found.selection, found.decision.interactions]).toEqual([[], []]);
    expect(found.warnings[0]).toMatch(/^Only 30 training and validation rows have the rarer label, /);
    disposeAll(found);
    tf.dispose([train, validation] as never);
    dispose();
  });

  it('names the argument that is missing or wrong', async () => {
    const {dispose, ...rows} = planted(100);
    await expect(autoSelect(rows as AutoSelectArgs as never)).rejects.toThrow(
      'autoSelect: give either `fields`, of which components are fitted, or `model`, a model of your own with gates. ' +
        'Received: neither.',
    );
    await expect(autoSelect({fields, ...rows, effort: 'great' as never})).rejects.toThrow(
      'autoSelect: `effort` must be one of "quick", "normal", "thorough". Received: "great".',
    );
    await expect(autoSelect({fields, ...rows, share: 1})).rejects.toThrow(
      'autoSelect: `share` must be a number in [0, 1). Received: 1.',
    );
    for (const wrong of ['nothing', [fields[0].name, 'nothing'], [fields[0].name, fields[0].name], [fields[1].name], 3])
      await expect(autoSelect({fields, ...rows, forbid: [wrong as never]})).rejects.toThrow(
        `autoSelect: \`forbid[0]\` must name a field, or two fields, of ${fields.map(({name}) => name).join(', ')}. `,
      );
    await expect(autoSelect({fields, ...rows, signal: 'stop' as never})).rejects.toThrow(
      'autoSelect: `signal` must be an AbortSignal. Received: "stop".',
    );
    dispose();
  });
});
