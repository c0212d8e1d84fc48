import {appendFileSync, readdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {RunFolder} from '../../src/cli/steps/run_folder';
import {comparedModels} from '../../src/cli/steps/trees';
import {emptyFolder} from '../helpers/folders';

const base = emptyFolder();

describe('work that was stopped', () => {
  const stop = (l2: number, write: boolean) =>
    new RunFolder(base, false).stage('select', {l2}, async folder => {
      if (write) writeFileSync(path.join(folder, 'step.json'), '1');
      throw new Error('stopped');
    });

  it('continues with the settings that it was begun with, and with no others', async () => {
    await expect(stop(1, true)).rejects.toThrow('stopped');
    const work = jest.fn(async () => 'result');
    const resumed = new RunFolder(base, true);
    await expect(resumed.stage('select', {l2: 2}, work)).rejects.toThrow(
      `${path.join(base, 'select')} was made with l2 1, now it is 2. Use the same settings, give another --folder, ` +
        'or remove it.',
    );
    expect(work).not.toHaveBeenCalled();
    expect(await resumed.stage('select', {l2: 1}, work)).toBe('result');
    expect(readdirSync(path.join(base, 'select')).sort()).toEqual(['done.json', 'step.json']);
  });

  it('that left nothing binds nobody to its settings', async () => {
    await expect(stop(1, false)).rejects.toThrow('stopped');
    expect(await new RunFolder(base, false).stage('select', {l2: 2}, async () => 'result')).toBe('result');
  });
});

it('LightGBM that was compared with an earlier choice does not stand beside the models of this one', async () => {
  const folder = new RunFolder(base, false);
  await folder.stage('select', {}, async () => null);
  await folder.stage('trees', {select: await folder.stamp('select')}, async () => [{name: 'LightGBM'}]);
  expect(await comparedModels(folder, [])).toEqual([{name: 'LightGBM'}]);
  appendFileSync(path.join(base, 'select/done.json'), ' ');
  expect(await comparedModels(folder, [])).toEqual([]);
});
