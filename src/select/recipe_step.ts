import {remembered} from '../training/step_store';
import type {Recipe} from './auto_select_args';

/**
 * What the recipe's store has under a key, else what `work` gives, which goes there.
 *
 * @throws The reason of the recipe's signal where that is aborted.
 */
export function recipeStep<T>({store, signal}: Recipe, key: string, work: () => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  return remembered(store, key, work);
}
