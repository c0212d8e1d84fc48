import {auc} from 'tfjs-autofis';
import {providedPython} from '../../../benchmarks/environment';
import {treePackages} from '../../../benchmarks/experiments/trees/gbdt';
import {treeSettings, TreeTable, tuneTrees} from '../../../benchmarks/experiments/trees/tuned';
import {generator} from '../../helpers/random';

const python = providedPython(treePackages);
if (python === null)
  console.log(
    'test/benchmarks/experiments/tuned: skipped, since LightGBM is not there. ' +
      '`npm run experiment -- trees` installs it.',
  );

it('treeSettings are eight that differ', () => {
  expect(new Set(treeSettings.map(setting => JSON.stringify(setting))).size).toBe(8);
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
    const tuned = await tuneTrees(python!, table, {seed: 1, settings});
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
    expect((await tuneTrees(python!, without, {seed: 1, settings: settings.slice(1)})).predictions).not.toEqual(
      tuned.predictions,
    );
  });

  it('gives the same trees for the same seed', async () => {
    const args = {seed: 3, settings: treeSettings.slice(0, 1)};
    const [a, b] = [await tuneTrees(python!, table, args), await tuneTrees(python!, table, args)];
    expect({...a, seconds: 0}).toEqual({...b, seconds: 0});
  });
});
