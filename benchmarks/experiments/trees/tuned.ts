import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type {PartName} from '../encode';
import {bytes, runTrees} from './gbdt';

/** Columns for trees, in three parts. */
export interface TreeTable {
  /** How many columns there are. */
  columns: number;
  /** Positions of the columns whose numbers stand for categories; the others are numbers. */
  categories: number[];
  /** Row-major [rows, columns], NaN for missing; and the labels. */
  parts: Record<PartName, {columns: Float64Array; labels: Float32Array}>;
}

export interface TunedTrees {
  /** Parameters of the setting that was chosen. */
  parameters: Record<string, number>;
  /** Validation AUC of each setting. */
  aucs: number[];
  trees: number;
  /** Seconds of all settings and the refit. */
  seconds: number;
  /** Probabilities of the test rows. */
  predictions: Float64Array;
}

const TREES = 2000;
const PATIENCE = 50;

/** Size of the trees, rows of a leaf, and how firmly values are held back that few rows have: eight settings. */
export const treeSettings: ReadonlyArray<Record<string, number>> = [15, 63].flatMap(num_leaves =>
  [20, 100].flatMap(min_data_in_leaf =>
    [
      {cat_smooth: 10, min_data_per_group: 100, lambda_l2: 10, feature_fraction: 0.6},
      {cat_smooth: 1, min_data_per_group: 5, lambda_l2: 0, feature_fraction: 1},
    ].map(firmness => ({num_leaves, min_data_in_leaf, ...firmness})),
  ),
);

/** Tunes LightGBM by validation AUC over the settings, and grows the best one again on training and validation rows. */
export async function tuneTrees(
  python: string,
  {columns, categories, parts}: TreeTable,
  {seed, settings = treeSettings}: {seed: number; settings?: ReadonlyArray<Record<string, number>>},
): Promise<TunedTrees> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-tuned-'));
  try {
    for (const [name, part] of Object.entries(parts)) {
      writeFileSync(path.join(folder, `${name}.columns`), part.columns);
      writeFileSync(path.join(folder, `${name}.labels`), part.labels);
    }
    await runTrees(python, 'tuned.py', {
      folder,
      columns,
      categories,
      trees: TREES,
      patience: PATIENCE,
      settings: settings.map(setting => ({learning_rate: 0.05, num_threads: 2, seed, ...setting})),
    });
    const {setting, ...tuned} = JSON.parse(readFileSync(path.join(folder, 'tuned.json'), 'utf8')) as Omit<
      TunedTrees,
      'parameters' | 'predictions'
    > & {setting: number};
    const predictions = new Float64Array(bytes(path.join(folder, 'test.predictions')));
    return {...tuned, parameters: settings[setting], predictions};
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}
