import {execFile} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {promisify} from 'node:util';
import {temporaryFolder} from '../../data/temporary_folder';
import {logitOf} from '../../logistic';
import {calibrated, recalibrate} from './recalibrate';
import {packageRoot} from '../package_root';
import {bytesOf, runTrees} from './run_trees';
import type {TreePart, TreeTable} from './tree_table';

const run = promisify(execFile);

/** A Python that has LightGBM, or why none was found. */
export type FoundPython = {python: string; problem: null} | {python: null; problem: string};

/**
 * Look for a Python with the package lightgbm: the one that the environment variable AUTOFIS_PYTHON names, else
 * `python3` and `python` of the path.
 */
export async function findLightGbm(): Promise<FoundPython> {
  const named = process.env['AUTOFIS_PYTHON'];
  const commands = named === undefined ? ['python3', 'python'] : [named];
  for (const python of commands) {
    try {
      // Not from the working folder, which is where -c looks first.
      await run(python, ['-c', 'import sys; sys.path = [p for p in sys.path if p]; import lightgbm, numpy']);
      return {python, problem: null};
    } catch {
      // Another one may have it.
    }
  }
  return {
    python: null,
    problem:
      `${commands.join(' and ')} cannot import lightgbm. Install it (pip install lightgbm), or set AUTOFIS_PYTHON to ` +
      'a Python that has it',
  };
}

/** Parameters of the trees, by LightGBM's names. */
export type TreeSetting = Readonly<Record<string, number>>;

/** Size of the trees, rows of a leaf, and how far values with few rows are shrunk: eight settings. */
export const treeSettings: readonly TreeSetting[] = [15, 63].flatMap(num_leaves =>
  [20, 100].flatMap(min_data_in_leaf =>
    [
      {cat_smooth: 10, min_data_per_group: 100, lambda_l2: 10, feature_fraction: 0.6},
      {cat_smooth: 1, min_data_per_group: 5, lambda_l2: 0, feature_fraction: 1},
    ].map(firmness => ({num_leaves, min_data_in_leaf, ...firmness})),
  ),
);

export interface TuneTreesArgs {
  /** Default 1. */
  seed?: number;
  /** Default: the eight of `treeSettings`. */
  settings?: readonly TreeSetting[];
  /** Training rows that decide which two settings grow on all rows; default null, by which every setting does. */
  sample?: number | null;
}

/** A tuned LightGBM. */
export interface TunedTrees {
  /** Parameters of the setting that was chosen. */
  parameters: TreeSetting;
  /** Validation AUC of each setting. */
  aucs: number[];
  trees: number;
  /** Seconds of all settings and the refit. */
  seconds: number;
  /** Size of the model as text. */
  bytes: number;
  /** LightGBM's. */
  version: string;
  /** Probabilities of the test rows, calibrated. */
  predictions: Float64Array;
}

/** The most trees, and the number of trees without a better validation AUC after which growing stops. */
const TREES = 2000;
const PATIENCE = 50;

/**
 * Tune LightGBM by validation AUC over the settings, and grow the best one again on training and validation rows. Its
 * predictions get the calibration that trees of the training rows alone need on the validation rows, as the recipe's
 * models do: the highest AUC often comes with logits that are too sure.
 *
 * @param python A Python with lightgbm, as from `findLightGbm`.
 * @throws Error with what Python printed where it fails.
 */
export async function tuneTrees(
  python: string,
  {columns, categories, parts}: TreeTable,
  {seed = 1, settings = treeSettings, sample = null}: TuneTreesArgs = {},
): Promise<TunedTrees> {
  const {path: folder, remove} = temporaryFolder();
  try {
    for (const [name, part] of Object.entries(parts)) writePart(path.join(folder, name), part);
    const job = {
      folder,
      columns,
      categories,
      sample,
      trees: TREES,
      patience: PATIENCE,
      settings: settings.map(setting => ({
        learning_rate: 0.05,
        num_threads: os.availableParallelism(),
        seed,
        ...setting,
      })),
    };
    await runTrees(python, path.join(packageRoot(), 'src', 'cli', 'trees', 'light_gbm.py'), job);
    const {setting, ...grown} = JSON.parse(readFileSync(path.join(folder, 'grown.json'), 'utf8')) as Omit<
      TunedTrees,
      'parameters' | 'predictions'
    > & {setting: number};
    const logits = (part: string) => new Float64Array(bytesOf(path.join(folder, `${part}.predictions`))).map(logitOf);
    const {labels, weights} = parts.validation;
    const calibration = recalibrate(labels, logits('validation'), weights);
    return {...grown, parameters: settings[setting], predictions: calibrated(logits('test'), calibration)};
  } finally {
    await remove();
  }
}

function writePart(file: string, {columns, labels, weights}: TreePart): void {
  writeFileSync(`${file}.columns`, columns);
  writeFileSync(`${file}.labels`, labels);
  if (weights !== undefined) writeFileSync(`${file}.weights`, weights);
}
