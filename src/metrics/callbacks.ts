import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {AutofisError, foreignCopyError} from '../errors';

/** What a callback needs to go on: plain JSON, in which NaN comes back as null, and tensors. */
export interface CallbackState {
  values: unknown;
  tensors: tf.Tensor[];
}

/** A callback with a state, which `Checkpoints` keep with the training's. */
export interface ResumableCallback {
  /** The tensors stay the callback's. */
  state(): CallbackState;
  /** Goes on from a state; called after `onTrainBegin`. The tensors become the callback's. */
  setState(state: CallbackState): void;
}

/** Binds the hooks of a callback to it: a copy of tfjs that does not know the class calls them without `this`. */
export function bindHooks(callback: tfl.Callback): void {
  // Within the function, since webpack keeps a list that stands alone in the module.
  const hooks = ['onTrainBegin', 'onEpochBegin', 'onBatchBegin', 'onBatchEnd', 'onEpochEnd', 'onTrainEnd'] as const;
  for (const hook of hooks) callback[hook] = (callback[hook] as (...args: unknown[]) => Promise<void>).bind(callback);
}

/** The model that a callback is set on. */
export function modelOf(where: string, model: unknown): tfl.LayersModel {
  if (model instanceof tfl.LayersModel) return model;
  throw new AutofisError(
    `${where}: \`fit\` did not tell its model. ${foreignCopyError(where, 'the model').message} ` +
      'If there is only one copy: in `callbacks`, put objects of callback classes and plain {onEpochEnd} objects not ' +
      'in one list.',
  );
}
