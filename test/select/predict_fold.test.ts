import * as tf from '@tensorflow/tfjs-core';
import {auc} from '../../src/metrics/auc';
import {checkAutoSelect} from '../../src/select/auto_select_args';
import type {Candidate} from '../../src/select/candidate';
import {predictFold} from '../../src/select/predict_fold';
import {labelsOfRows, takeRows} from '../../src/training/rows';
import {asTensors, fields, plantedRows} from '../helpers/models';
import {expectNoLeak} from '../helpers/tensors';

const schedule = {batchSize: 100, epochs: 6, learningRate: 0.06};

it('finds the pairs of a fold again, and takes logistic regression where no gate opens', async () => {
  await expectNoLeak(async () => {
    const {dispose, ...data} = asTensors(plantedRows(2400, fields, [[0, 1]], 4));
    const [train, gates, held] = [0, 1600, 2000].map((from, i) =>
      takeRows(
        data,
        Int32Array.from({length: [1600, 400, 400][i]}, (_, row) => from + row),
      ),
    );
    const recipe = checkAutoSelect('autoSelect', {fields, train, validation: gates, schedule});
    const form = 'FFM, ridge 10';
    const {all} = recipe.formOf(form);
    const candidate = (own: Partial<Candidate>) =>
      ({
        name: form,
        form,
        crosses: false,
        schedule,
        ridge: null,
        tables: null,
        startRidge: null,
        mean: null,
        calibration: {intercept: 1, slope: 0.5},
        selection: all,
        ...own,
      }) as Candidate;
    const linear = candidate({name: 'LR', form: 'LR', ridge: 1, selection: []});
    const base = candidate({});
    // A pair that has nothing to do with the labels, as chance may have it.
    const wrong = candidate({selection: all.slice(5)});
    const finalists = [
      {candidate: linear, origin: null, mean: null},
      {candidate: base, origin: null, mean: null},
      {candidate: wrong, origin: {base, lambda: 0.02}, mean: null},
      {candidate: wrong, origin: {base, lambda: 1e3}, mean: null},
    ];
    const mean = {candidate: candidate({mean: [base, wrong]}), origin: null, mean: finalists.slice(1, 3)};
    const [byLinear, byBase, again, closed, byMean] = (
      await predictFold(recipe, {train, gates, held, where: 'in fold 1 of 4'}, [...finalists, mean])
    ).logits.map(logits => Array.from(logits));
    const labels = labelsOfRows(held);
    expect(auc(labels, byLinear)).toBeLessThan(0.9);
    expect(auc(labels, byBase)).toBeGreaterThan(0.93);
    expect(auc(labels, again)).toBeGreaterThan(0.93);
    expect(again).not.toEqual(byBase);
    expect(closed).toEqual(byLinear);
    byMean.forEach((z, row) => expect(z).toBeCloseTo(1 + (byBase[row] + again[row]) / 4, 5));
    dispose();
    tf.dispose([train, gates, held] as never);
  });
});
