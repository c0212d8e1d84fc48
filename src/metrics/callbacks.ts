import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {AutofisError, foreignCopyError} from '../errors';
import {boundHook} from '../tfjs_internals';

/** The state that a callback needs to continue: plain JSON, in which NaN comes back as null, and tensors. */
export interface CallbackState {
  values: unknown;
  tensors: tf.Tensor[];
}

/** A callback with a state, which `Checkpoints` keep with the training's. */
export interface ResumableCallback {
  /** The tensors stay the callback's. */
  state(): CallbackState;
  /** Continue from a state; called after `onTrainBegin`. The tensors become the callback's. */
  setState(state: CallbackState): void;
}

/** Bind the hooks of a callback to it: a copy of tfjs that does not know the class calls them without `this`. */
export function bindHooks(callback: tfl.Callback): void {
  // Within the function, since webpack keeps a list at the top of a module.
  const hooks = ['onTrainBegin', 'onEpochBegin', 'onBatchBegin', 'onBatchEnd', 'onEpochEnd', 'onTrainEnd'] as const;
  for (const hook of hooks) callback[hook] = boundHook(callback, callback[hook] as () => Promise<void>);
}

/** The model that a callback is set on. */
export function callbackModel(where: string, model: unknown): tfl.LayersModel {
  if (model instanceof tfl.LayersModel) return model;
  throw new AutofisError(
    `${where}: \`fit\` did not set the callback's model. ${foreignCopyError(where, 'the model').message}`,
  );
}
