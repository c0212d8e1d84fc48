import os from 'node:os';
import {type Grown, growTrees} from './grown_trees';
import type {TreeTable} from './tree_table';

/** Parameters of the trees, by LightGBM's names. */
type TreeSetting = Readonly<Record<string, number>>;

/** Size of the trees, rows of a leaf, and how far values with few rows are shrunk: eight settings. */
export const treeSettings: readonly TreeSetting[] = [15, 63].flatMap(num_leaves =>
  [20, 100].flatMap(min_data_in_leaf =>
    [
      {cat_smooth: 10, min_data_per_group: 100, lambda_l2: 10, feature_fraction: 0.6},
      {cat_smooth: 1, min_data_per_group: 5, lambda_l2: 0, feature_fraction: 1},
    ].map(firmness => ({num_leaves, min_data_in_leaf, ...firmness})),
  ),
);

interface TuneTreesArgs {
  /** Default 1. */
  seed?: number;
  /** Default: the eight of `treeSettings`. */
  settings?: readonly TreeSetting[];
  /** Training rows that decide which two settings grow on all rows; default null, by which every setting does. */
  sample?: number | null;
}

/** Tuned trees. */
export interface TunedTrees extends Grown {
  /** Parameters of the setting that was chosen. */
  parameters: TreeSetting;
  /** Probabilities of the test rows, calibrated. */
  predictions: Float64Array;
}

/** The most trees, and the number of trees without a better validation AUC after which growing stops. */
const TREES = 2000;
const PATIENCE = 50;

/**
 * Tune LightGBM by validation AUC over the settings, and grow the best one again on training and validation rows.
 *
 * @param python A Python with lightgbm, as from `findPython`.
 * @throws Error with what Python printed where it fails.
 */
export async function tuneTrees(
  python: string,
  table: TreeTable,
  {seed = 1, settings = treeSettings, sample = null}: TuneTreesArgs = {},
): Promise<TunedTrees> {
  const {setting, ...grown} = await growTrees<{setting: number}>({python, script: 'light_gbm.py'}, table, {
    sample,
    trees: TREES,
    patience: PATIENCE,
    settings: settings.map(tried => ({learning_rate: 0.05, num_threads: os.availableParallelism(), seed, ...tried})),
  });
  return {...grown, parameters: settings[setting]};
}
