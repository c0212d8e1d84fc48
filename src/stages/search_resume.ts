import * as tf from '@tensorflow/tfjs-core';
import type {GRDA} from '../../optimizers/grda';
import type {Partitioned} from '../../optimizers/partitioned';
import {AutofisError} from '../errors';
import type {GrdaPlan} from './grda_plan';
import type {SavedOptimizer} from './model_state';
import {GATES_GROUP, isSearchOptimizer} from './search_optimizer';

/** The optimizer of a search that was saved in its middle. */
export function resumedOptimizer(optimizer: tf.Optimizer, epoch: number, plan: GrdaPlan | null): Partitioned {
  const saved = isSearchOptimizer(optimizer) ? optimizer.optimizerOf(GATES_GROUP) : null;
  if (saved === null || (saved.getClassName() === 'GRDA') !== (plan !== null)) {
    throw new AutofisError(
      `SearchStage: \`initialEpoch\` is ${epoch}, but the model does not hold a search to continue. ` +
        'Load one that was saved during the search with {includeOptimizer: true}, or start at epoch 0.',
    );
  }
  if (plan !== null) checkSamePlan(saved as GRDA, plan);
  return optimizer as Partitioned;
}

/** Give the optimizer the state that a checkpoint holds. */
export async function takeUp(
  optimizer: Partitioned,
  {config, weights}: SavedOptimizer,
  plan: GrdaPlan | null,
): Promise<void> {
  const groups = config['groups'] as unknown as Array<{
    name: string;
    optimizer: {className: string; config: GrdaPlan};
  }>;
  const alpha = groups.find(({name}) => name === GATES_GROUP)?.optimizer;
  if ((alpha?.className === 'GRDA') !== (plan !== null)) {
    throw new AutofisError(
      `SearchStage: in the checkpoint ${alpha?.className} trained alpha. Use the same \`method\`.`,
    );
  }
  if (plan !== null) checkSamePlan(alpha!.config, plan);
  await optimizer.setWeights(weights);
  tf.dispose(weights.map(({tensor}) => tensor));
}

/** Check that a saved search has the constants that this one has worked out. */
function checkSamePlan(saved: Pick<GrdaPlan, 'c' | 'mu' | 'warmupSteps'>, {c, mu, warmupSteps}: GrdaPlan): void {
  if (Math.abs(saved.c - c) <= 1e-12 * c && saved.mu === mu && saved.warmupSteps === warmupSteps) return;
  throw new AutofisError(
    'SearchStage: the saved search has other constants: ' +
      `c ${saved.c}, mu ${saved.mu}, warmupSteps ${saved.warmupSteps} against ${c}, ${mu}, ${warmupSteps}. ` +
      'Use the same options, epochs, batch size and data.',
  );
}
