import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {bytesOf, calibrated, logitOf, recalibrate, runTrees} from '../../internals';
import type {TreeTable, TunedTrees} from '../../internals';

/** CatBoost's default number of trees, and trees without a lower validation logloss after which growing stops. */
const TREES = 1000;
const PATIENCE = 50;

/**
 * Grow trees with CatBoost's defaults and early stopping by validation rows, and grow as many again on training and
 * validation rows. Predictions are calibrated as those of `tuneTrees` are.
 *
 * @param python A Python with `treePackages`.
 * @throws Error with what Python printed where it fails.
 */
export async function growCatBoost(
  python: string,
  {columns, categories, parts}: TreeTable,
  {seed}: {seed: number},
): Promise<TunedTrees> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'autofis-catboost-'));
  try {
    for (const [name, part] of Object.entries(parts)) {
      writeFileSync(path.join(folder, `${name}.columns`), part.columns);
      writeFileSync(path.join(folder, `${name}.labels`), part.labels);
    }
    const script = path.join('benchmarks', 'experiments', 'trees', 'cat_boost.py');
    await runTrees(python, script, {folder, columns, categories, trees: TREES, patience: PATIENCE, seed});
    const grown = JSON.parse(readFileSync(path.join(folder, 'grown.json'), 'utf8')) as Omit<TunedTrees, 'predictions'>;
    const logits = (part: string) => new Float64Array(bytesOf(path.join(folder, `${part}.predictions`))).map(logitOf);
    const calibration = recalibrate(parts.validation.labels, logits('validation'));
    return {...grown, predictions: calibrated(logits('test'), calibration)};
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}
