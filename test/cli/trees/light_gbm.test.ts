import {existsSync, writeFileSync} from 'node:fs';
import {auc, logloss} from 'tfjs-autofis';
import {findPython} from '../../../src/cli/trees/grown_trees';
import {treeSettings, tuneTrees} from '../../../src/cli/trees/light_gbm';
import {logitOf} from '../../../src/logistic';
import {calibrated, recalibrate} from '../../../src/cli/trees/recalibrate';
import type {TreePart, TreeTable} from '../../../src/cli/trees/tree_table';
import {sharedFolder} from '../../helpers/folders';
import {generator} from '../../helpers/random';
import {providedPython} from '../../python/environment';

const folder = sharedFolder();
const python = providedPython();

it('treeSettings are eight that differ', () => {
  expect(new Set(treeSettings.map(setting => JSON.stringify(setting))).size).toBe(8);
});

it('findPython runs no Python code of the working folder', async () => {
  const home = process.cwd();
  process.chdir(folder);
  try {
    for (const name of ['lightgbm', 'numpy']) writeFileSync(`${name}.py`, `open('executed', 'w')`);
    await findPython('lightgbm');
    expect(existsSync('executed')).toBe(false);
  } finally {
    process.chdir(home);
  }
});

(python === null ? describe.skip : describe)('tuneTrees', () => {
  const next = generator(11);
  /** A number that may be missing, and a category in no order; each decides half of the labels. */
  const part = (rows: number) => {
    const table = Array.from({length: rows}, () => [next() < 0.2 ? NaN : next(), Math.floor(next() * 6)]);
    return {
      columns: Float64Array.from(table.flat()),
      labels: Float32Array.from(table, ([x, c]) => (next() < 0.05 + (x > 0.5 ? 0.4 : 0) + 0.5 * (c % 2) ? 1 : 0)),
    };
  };
  const table: TreeTable = {
    columns: 2,
    categories: [1],
    parts: {train: part(900), validation: part(300), test: part(500)},
  };

  it('takes the setting with the highest validation AUC, and grows it on both parts', async () => {
    // No leaf of 900 rows has 800 beside it, so that the first setting says the same of all rows.
    const settings: Array<Record<string, number>> = [
      {min_data_in_leaf: 800},
      {num_leaves: 6, min_data_in_leaf: 20, min_data_per_group: 5},
    ];
    const tuned = await tuneTrees(python!, table, {settings});
    expect(tuned.parameters).toBe(settings[1]);
    expect(tuned.aucs[0]).toBe(0.5);
    expect(tuned.aucs[1]).toBeGreaterThan(0.75);
    expect(auc(table.parts.test.labels, tuned.predictions)).toBeGreaterThan(0.75);
    const {train, validation} = table.parts;
    const without = {
      ...table,
      parts: {...table.parts, validation: {...validation, labels: train.labels.slice(0, 300)}},
    };
    // Other validation labels change the last training, too.
    expect((await tuneTrees(python!, without, {settings: settings.slice(1)})).predictions).not.toEqual(
      tuned.predictions,
    );
  });

  it('lets a sample of the training rows decide which two settings grow on all of them', async () => {
    const settings: Array<Record<string, number>> = [4, 6, 3].map(num_leaves => ({num_leaves, min_data_in_leaf: 20}));
    const all = await tuneTrees(python!, table, {settings});
    const sampled = await tuneTrees(python!, table, {settings, sample: 300});
    const isSame = sampled.aucs.map((value, i) => value === all.aucs[i]);
    expect(isSame.filter(Boolean)).toHaveLength(2);
    expect(isSame[settings.indexOf(sampled.parameters)]).toBe(true);
    // By one seed, the same trees.
    expect(await tuneTrees(python!, table, {settings, sample: 900})).toEqual({...all, seconds: expect.any(Number)});
  });

  it('weighs rows', async () => {
    // The second half of the rows contradicts the first.
    const contradicted = ({columns, labels}: TreePart, weight: number): TreePart => ({
      columns: Float64Array.of(...columns, ...columns),
      labels: Float32Array.of(...labels, ...labels.map(y => 1 - y)),
      weights: Float32Array.of(...labels.map(() => 1), ...labels.map(() => weight)),
    });
    const aucWith = async (weight: number) => {
      const {train, validation, test} = table.parts;
      const parts = {
        train: contradicted(train, weight),
        validation: contradicted(validation, 0),
        test: {...test, weights: test.labels.map(() => 1)},
      };
      const {predictions} = await tuneTrees(python!, {...table, parts}, {settings: [{num_leaves: 4}]});
      return auc(test.labels, predictions);
    };
    expect(await aucWith(0)).toBeGreaterThan(0.75);
    expect(await aucWith(3)).toBeLessThan(0.25);
  });

  it('calibrates the predictions by the validation rows', async () => {
    const {labels} = table.parts.test;
    // Large steps are so sure that their logloss, not calibrated, is .14 above what a calibration by the test rows has.
    const sure = {learning_rate: 3, num_leaves: 31, min_data_in_leaf: 1};
    const {predictions} = await tuneTrees(python!, table, {settings: [sure]});
    const logits = predictions.map(logitOf);
    const best = logloss(labels, calibrated(logits, recalibrate(labels, logits)));
    expect(logloss(labels, predictions)).toBeLessThan(best + 0.02);
  });
});

describe('findPython', () => {
  const set = (python: string | undefined) => {
    if (python === undefined) delete process.env['AUTOFIS_PYTHON'];
    else process.env['AUTOFIS_PYTHON'] = python;
  };
  const before = process.env['AUTOFIS_PYTHON'];
  afterEach(() => set(before));

  it('finds none where the named Python is not there', async () => {
    set('/nowhere/python');
    expect(await findPython('lightgbm')).toBeNull();
  });

  (python === null ? it.skip : it)('takes the named Python', async () => {
    set(python!);
    expect(await findPython('lightgbm')).toBe(python);
  });
});
