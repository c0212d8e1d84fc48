import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {cloneSerializable} from '../serialize';

/** The state of a search's optimizer that was saved, with the config it belongs to. */
export interface SavedOptimizer {
  config: tf.serialization.ConfigDict;
  weights: Array<{name: string; tensor: tf.Tensor}>;
}

/** Seen by every copy of this library. */
const SAVED = Symbol.for('tfjs-autofis.savedOptimizer');

/** Leave the state of a search in a model, for the SearchStage that continues it, which takes its tensors over. */
export function setSavedOptimizer(model: tfl.LayersModel, saved: SavedOptimizer): void {
  tf.dispose(takeSavedOptimizer(model)?.weights.map(({tensor}) => tensor) ?? []);
  (model as {[SAVED]?: SavedOptimizer})[SAVED] = saved;
}

/** Take what {@link setSavedOptimizer} has left in a model, or null. */
export function takeSavedOptimizer(model: tfl.LayersModel): SavedOptimizer | null {
  const holder = model as {[SAVED]?: SavedOptimizer};
  const saved = holder[SAVED] ?? null;
  delete holder[SAVED];
  return saved;
}

/**
 * Give an optimizer the state of a new one of its class and configuration. The object stays the same, and so does its
 * owner: a tf.Sequential holds a second reference to it, which a callback cannot reach.
 */
export function restartOptimizer(where: string, optimizer: tf.Optimizer): void {
  const fresh = cloneSerializable(where, optimizer);
  optimizer.dispose();
  for (const key of Object.keys(optimizer)) delete (optimizer as unknown as {[key: string]: unknown})[key];
  Object.assign(optimizer, fresh);
}
