import * as tf from '@tensorflow/tfjs-core';
import {auc, evaluateModel, evaluateSelection, gauc, logloss} from 'tfjs-autofis';
import {asTensors, gatedModel} from '../helpers/models';
import {parts} from '../helpers/run';
import {expectNoLeak, numbers} from '../helpers/tensors';
import {compareOnTest} from '../../src/select/compare_on_test';

describe('evaluateModel', () => {
  it('gives scores, calibration and size', async () => {
    const model = gatedModel();
    const rows = asTensors(parts.test);
    await expectNoLeak(async () => {
      const record = await evaluateModel({
        name: 'm',
        role: 'after',
        model,
        rows,
        interactions: {open: 6, total: 6},
      });
      const output = model.predict(rows.xs) as tf.Tensor;
      const probabilities = numbers(output);
      output.dispose();
      expect(record).toMatchObject({
        name: 'm',
        role: 'after',
        interactions: {open: 6, total: 6},
        parameters: model.countParams(),
      });
      expect(record.auc).toBeCloseTo(auc(parts.test.labels, probabilities), 6);
      expect(record.logloss).toBeCloseTo(logloss(parts.test.labels, probabilities), 6);
      expect(record.bytes).toBe(4 * model.countParams());
      expect(record.comparison).toBeNull();
      expect(record.calibration.reduce((sum, bin) => sum + bin.rows, 0)).toBe(300);
    });
    model.dispose();
    rows.dispose();
  });

  it('compares a model with the chosen one on the same rows', async () => {
    const [model, chosen] = [gatedModel({seed: 1}), gatedModel({seed: 2})];
    const rows = asTensors(parts.test);
    const {comparison} = await evaluateModel({name: 'm', model, rows, chosen});
    const {scores: _, ...expected} = compareOnTest(chosen, [model], rows).comparisons[0];
    expect(comparison).toEqual(expected);
    const groups = parts.test.labels.map((_, i) => i % 9);
    const grouped = await evaluateModel({name: 'm', model, rows: {...rows, groups}});
    const probabilities = tf.tidy(() => numbers(model.predict(rows.xs) as tf.Tensor));
    expect(grouped.gauc).toBeCloseTo(gauc(parts.test.labels, probabilities, groups), 6);
    [model, chosen, rows].forEach(each => each.dispose());
  });
});

describe('evaluateSelection', () => {
  it('gives the chosen model first, then its rivals with their comparisons', async () => {
    const models = [1, 2, 3].map(seed => gatedModel({seed}));
    const rows = asTensors(parts.test);
    const {comparisons} = compareOnTest(models[0], models.slice(1), rows);
    const pair = (p: number) => ({order: 2, open: p < 2});
    await expectNoLeak(async () => {
      const records = await evaluateSelection(
        {
          model: models[0],
          selection: [{}, {}],
          decision: {interactions: Array.from({length: 6}, (_, p) => pair(p))},
          rivals: [
            {role: 'linear', name: 'LR', interactions: 0, model: models[1], test: comparisons[0]},
            {role: 'all', name: 'FFM, all 6 pairs', interactions: 6, model: models[2], test: comparisons[1]},
          ],
        } as never,
        rows,
      );
      expect(records.map(({name, role, interactions}) => [name, role, interactions])).toEqual([
        ['2 of 6 interactions', 'after', {open: 2, total: 6}],
        ['LR', 'linear', null],
        ['FFM, all 6 pairs', 'before', {open: 6, total: 6}],
      ]);
      expect(records.map(({comparison}) => comparison?.auc)).toEqual([undefined, ...comparisons.map(each => each.auc)]);
      expect(records[2].auc).toBeCloseTo(comparisons[1].scores.auc, 9);
    });
    [...models, rows].forEach(each => each.dispose());
  });
});
