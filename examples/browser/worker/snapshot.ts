import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {Selection} from 'tfjs-autofis';
import type {ArraySpec, DType, Values} from '../../../src/checkpoints/checkpoint_folder';
import {captureModel, type ModelState, restoreModel} from '../../../src/checkpoints/training_state';
import type {CallbackState} from '../../../src/metrics/callbacks';
import type {Settings} from '../settings';

/** A model and its optimizer, plain. */
export interface ModelSnapshot {
  state: ModelState;
  arrays: Values[];
}

/** What a callback of a training holds, plain. */
export interface CallbackSnapshot {
  values: unknown;
  tensors: Array<{shape: number[]; dtype: DType; values: Values}>;
}

/** What a tab that is opened again needs to go on with a run, besides the data. */
export interface Snapshot {
  settings: Settings;
  stage: 'searching' | 'searched' | 'retraining' | 'finished';
  /** Passes of the search that are done. */
  passes: number;
  /** The searched model, with its gates as the search has left them. */
  model: ModelSnapshot;
  recorder: CallbackSnapshot;
  warnings: string[];
  selection: Selection | null;
  /** The step at which a person stopped the search; null where it ran to its end. */
  stoppedAt: number | null;
  /** Open gates as a person has set them; null for as searched. */
  byHand: boolean[][] | null;
}

/** Copies a model in training, optimizer included. */
export async function copyModel(model: tfl.LayersModel): Promise<ModelSnapshot> {
  const {state, arrays, dispose} = await captureModel(model);
  try {
    const values: Values[] = [];
    for (const array of arrays) values.push((await array.read()).slice());
    return {state, arrays: values};
  } finally {
    dispose();
  }
}

/** Brings a model, built as the one that was copied, to its state. */
export async function pasteModel(model: tfl.LayersModel, {state, arrays}: ModelSnapshot): Promise<void> {
  let next = 0;
  await restoreModel('the page', model, state, {
    name: 'saved run',
    state: null,
    next: async (_: ArraySpec) => arrays[next++],
    close: async () => undefined,
  });
}

export async function copyState({values, tensors}: CallbackState): Promise<CallbackSnapshot> {
  return {
    values: structuredClone(values),
    tensors: await Promise.all(
      tensors.map(async tensor => ({
        shape: [...tensor.shape],
        dtype: tensor.dtype as DType,
        values: (await tensor.data()).slice() as Values,
      })),
    ),
  };
}

/** The tensors are the callback's. */
export function pasteState({values, tensors}: CallbackSnapshot): CallbackState {
  return {
    values: structuredClone(values),
    tensors: tensors.map(({shape, dtype, values: numbers}) => tf.keep(tf.tensor(numbers, shape, dtype))),
  };
}
