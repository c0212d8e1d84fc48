import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {folderStore} from '../../src/bundle/node/folder_store';
import {readOptimizer} from '../../src/bundle/optimizer_files';
import {cli} from '../helpers/cli';
import {writeClicks} from '../helpers/clicks';
import {sharedFolder} from '../helpers/folders';
import {captureWarnings} from '../helpers/search';

captureWarnings();

const base = sharedFolder();

const table = (name: string, rows: number, seed: number) => writeClicks(path.join(base, name), rows, seed);

async function encoded(name: string): Promise<string> {
  const folder = path.join(base, name);
  const args = [table(`${name}.csv`, 1200, 1), '--label', 'clicked', '--folder', folder, '--quiet'];
  expect((await cli('encode', ...args)).code).toBe(0);
  return folder;
}

/** Steps of the optimizer that a bundle has, and whether its moments are there; null where it has none. */
async function momentsOf(bundle: string): Promise<{className: string; step: number; slots: string[]} | null> {
  const saved = await readOptimizer(folderStore(bundle));
  if (saved === null) return null;
  const {className, step, slots} = saved;
  tf.dispose(slots.map(({tensors}) => tensors));
  return {className, step, slots: slots.map(({name}) => name)};
}

it('--method paper writes its moments into the bundle, and update continues with them', async () => {
  const folder = await encoded('paper');
  const training = ['--batch-size', '100', '--learning-rate', '0.02', '--search-epochs', '2', '--epochs', '3'];
  expect((await cli('select', '--method', 'paper', ...training, '--folder', folder, '--quiet')).code).toBe(0);
  const bundle = path.join(folder, 'bundle');
  const first = (await momentsOf(bundle))!;
  expect(first).toMatchObject({className: 'LazyAdam', slots: ['m', 'v']});
  expect(first.step % 3).toBe(0);
  expect(first.step).toBeGreaterThan(0);
  expect((await cli('update', bundle, table('newer.csv', 500, 2), '--force', '--quiet')).code).toBe(0);
  expect((await momentsOf(bundle))!.step).toBeGreaterThan(first.step);
});
