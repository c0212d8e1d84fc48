import * as tf from '@tensorflow/tfjs-core';
import type {Partitioned} from '../../optimizers/partitioned';
import {AutofisError} from '../errors';
import type {GrdaPlan} from './grda_plan';
import type {SavedOptimizer} from './model_state';
import {GATES_GROUP, isSearchOptimizer} from './search_optimizer';

/** The optimizer of a search that was saved in its middle. */
export function resumedOptimizer(optimizer: tf.Optimizer, epoch: number, plan: GrdaPlan | null): Partitioned {
  if (!isSearchOptimizer(optimizer)) {
    throw new AutofisError(
      `SearchStage: \`initialEpoch\` is ${epoch}, but the model does not hold a search to continue. ` +
        'Load one that was saved during the search with {includeOptimizer: true}, or start at epoch 0.',
    );
  }
  checkSamePlan(optimizer.getConfig(), plan);
  return optimizer;
}

/** Give the optimizer the state that a checkpoint holds. */
export async function takeUp(
  optimizer: Partitioned,
  {config, weights}: SavedOptimizer,
  plan: GrdaPlan | null,
): Promise<void> {
  checkSamePlan(config, plan);
  await optimizer.setWeights(weights);
  tf.dispose(weights.map(({tensor}) => tensor));
}

/** Check by the config of a saved search's optimizer that it trained alpha as this one does. */
function checkSamePlan(config: tf.serialization.ConfigDict, plan: GrdaPlan | null): void {
  const groups = config['groups'] as unknown as Array<{name: string; optimizer: {className: string; config: GrdaPlan}}>;
  const {className, config: saved} = groups.find(({name}) => name === GATES_GROUP)!.optimizer;
  if ((className === 'GRDA') !== (plan !== null))
    throw new AutofisError(`SearchStage: in the saved search ${className} trained alpha. Use the same \`method\`.`);
  if (plan === null || (saved.c === plan.c && saved.mu === plan.mu)) return;
  throw new AutofisError(
    `SearchStage: the saved search has other constants: c ${saved.c}, mu ${saved.mu} against ${plan.c}, ${plan.mu}. ` +
      'Use the same options, epochs, batch size and data.',
  );
}
