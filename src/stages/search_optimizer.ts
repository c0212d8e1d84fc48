import * as tf from '@tensorflow/tfjs-core';
import {partitioned, Partitioned} from '../../optimizers/partitioned';
import {AutofisError} from '../errors';
import type {Gate} from './gates';

/** The group of the search's optimizer that holds alpha. */
export const GATES_GROUP = 'gates';
/** The group that holds every other weight, with the optimizer that the model was compiled with. */
const REST_GROUP = 'rest';

/** alpha by an optimizer of its own, all other weights by `base`. */
export function searchOptimizer(gates: readonly Gate[], alpha: tf.Optimizer, base: tf.Optimizer): Partitioned {
  return partitioned({
    groups: [
      {name: GATES_GROUP, weights: gates.map(({layer}) => ({name: layer.alpha!.originalName})), optimizer: alpha},
      {name: REST_GROUP, optimizer: base},
    ],
  });
}

/** Tell whether this is the optimizer that SearchStage puts into a model while it searches. */
export function isSearchOptimizer(optimizer: tf.Optimizer): optimizer is Partitioned {
  return (
    optimizer.getClassName() === 'Partitioned' &&
    (optimizer as Partitioned).groupNames.join() === [GATES_GROUP, REST_GROUP].join()
  );
}

/** Tell whether a saved optimizer is one that {@link isSearchOptimizer} recognises. */
export function isSearchConfig(className: string, config: tf.serialization.ConfigDict): boolean {
  const groups = config['groups'] as unknown as Array<{name: string}> | undefined;
  return className === 'Partitioned' && groups?.map(({name}) => name).join() === [GATES_GROUP, REST_GROUP].join();
}

/** The optimizer that the model was compiled with, also in the middle of a search. */
export function baseOptimizer(optimizer: tf.Optimizer): tf.Optimizer {
  return isSearchOptimizer(optimizer) ? optimizer.optimizerOf(REST_GROUP) : optimizer;
}

/** The parameters of each `fit` that a search runs in: all callbacks of a `fit` get the same object. */
const claimed = new WeakSet<object>();

/** Check that no other search runs in a callback's `fit`: the later one would take alpha from the earlier one. */
export function claimFit(where: string, params: object | undefined): void {
  if (params === undefined) {
    throw new AutofisError(
      `${where}: the callback has no parameters. Give it to \`fit\`, or call setParams({epochs, samples, batchSize}) ` +
        'before onTrainBegin().',
    );
  }
  if (claimed.has(params)) {
    throw new AutofisError(
      `${where}: another SearchStage or TwoStage is among the callbacks of this \`fit\`. Give one of them.`,
    );
  }
  claimed.add(params);
}
