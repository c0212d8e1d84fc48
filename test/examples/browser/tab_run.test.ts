import type {Dataset} from '../../../examples/browser/worker/dataset';
import {TabRun} from '../../../examples/browser/worker/tab_run';

jest.mock('../../../examples/browser/worker/database', () => ({}));

it('a run whose model cannot be loaded can still be disposed of', async () => {
  const none = {ids: new Int32Array(0), labels: new Float32Array(0), rows: 0, numbers: new Int32Array(0)};
  const fitted = {version: 1, rows: 0, schema: {version: 1, fields: []}, fields: []};
  const dataset = {name: 'rows', fitted, width: 0, train: none, valid: none, test: none} as unknown as Dataset;
  const finished = {files: [], selected: [0], larger: [[0, 1]]};
  const saved = {dataset, settings: {effort: 'quick', seed: 1}, finished} as never;
  const run = TabRun.restore(saved, {tell: () => undefined, keep: async () => true, saves: true, threads: 1});
  // A run that was saved by an earlier version, too, can be shared.
  expect(run.view().choices).toEqual({label: null, positive: null, uses: []});
  await expect(run.askRow(null)).rejects.toThrow('bundle.json');
  await expect(run.dispose()).resolves.toBeUndefined();
});
