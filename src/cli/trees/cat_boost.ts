import {growTrees} from './grown_trees';
import type {TunedTrees} from './light_gbm';
import type {TreeTable} from './tree_table';

/** CatBoost's default number of trees, and trees without a lower validation logloss after which growing stops. */
const [TREES, PATIENCE] = [1000, 50];

/**
 * Grow trees with CatBoost's defaults and early stopping by validation rows, and as many again on training and
 * validation rows.
 *
 * @param python A Python with catboost, as from `findPython`.
 * @throws Error with what Python printed where it fails.
 */
export function growCatBoost(python: string, table: TreeTable, {seed}: {seed: number}): Promise<TunedTrees> {
  return growTrees({python, script: 'cat_boost.py'}, table, {trees: TREES, patience: PATIENCE, seed});
}
