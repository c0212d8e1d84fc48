import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {providedPython} from '../../../../benchmarks/environment';
import {treePackages} from '../../../../benchmarks/experiments/trees/gbdt';
import {runTable} from '../../../../benchmarks/experiments/unseen/run_table';
import {generator} from '../../../helpers/random';

const python = providedPython(treePackages);
if (python === null)
  console.log(
    'test/benchmarks/experiments/unseen: skipped, since LightGBM and CatBoost are not there. ' +
      '`npm run experiment -- trees` installs them.',
  );

(python === null ? describe.skip : describe)('runTable', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autofis-run-table-'));
  afterAll(() => fs.rmSync(folder, {recursive: true}));
  jest.spyOn(console, 'log').mockImplementation(() => {});

  it('selects, and runs its rivals on the same rows, and leaks nothing', async () => {
    const next = generator(7);
    const lines = Array.from({length: 300}, (_, row) => {
      const [a, b, c] = [0, 1, 2].map(() => Math.floor(next() * 3));
      const bought = next() < 0.1 + (a === b ? 0.7 : 0) ? 'yes' : 'no';
      return [['train', 'train', 'train', 'valid', 'test'][row % 5], `a${a}`, `b${b}`, `c${c}`, bought].join();
    });
    fs.writeFileSync(path.join(folder, 'shop.csv'), ['split,first,second,third,bought', ...lines].join('\n'));
    const before = tf.memory().numTensors;
    const result = await runTable('shop.csv', {folder, label: 'bought', part: undefined}, 1);
    expect(tf.memory().numTensors).toBe(before);
    expect(result).toMatchObject({label: 'bought = yes', rows: [180, 60, 60], fields: 3, total: 3});
    const test = lines.filter((_, row) => row % 5 === 4);
    expect(result.positives).toBe(test.filter(line => line.endsWith('yes')).length);
    expect(Object.keys(result.rivals)).toEqual(['LightGBM', 'CatBoost', 'LR', 'all pairs']);
    for (const {test, compared} of Object.values(result.rivals))
      expect(compared.auc.difference).toBeCloseTo(result.selection.auc - test.auc, 6);
    expect(result.rivals.LR!.compared.verdict === 'the same').toBe(result.chosen === 'logistic regression');
    expect(result.trees.LightGBM.aucs).toHaveLength(8);
    // The rule that was planted is beyond logistic regression, and not beyond trees.
    expect(result.rivals.LightGBM!.test.auc).toBeGreaterThan(result.rivals.LR!.test.auc + 0.1);
  });

  it('says which table has no column of parts', async () => {
    const rows = Array.from({length: 60}, (_, row) => `${row % 7},${row % 3},${row % 2}`);
    fs.writeFileSync(path.join(folder, 'plain.csv'), ['a,b,y', ...rows].join('\n'));
    await expect(runTable('plain.csv', {folder, label: 'y', part: undefined}, 1)).rejects.toThrow(
      `${path.join(folder, 'plain.csv')} has no column that says which rows are train, validation and test. ` +
        'Add one, or name it with --part.',
    );
  });
});
