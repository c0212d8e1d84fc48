import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {Selection} from 'tfjs-autofis';
import type {ArraySpec, Values} from '../../../src/checkpoints/checkpoint_folder';
import {captureModel, type ModelState, restoreModel} from '../../../src/checkpoints/training_state';
import type {CallbackState} from '../../../src/metrics/callbacks';
import type {Settings} from '../settings';

/** A model and its optimizer, plain. */
export interface ModelSnapshot {
  state: ModelState;
  arrays: Values[];
}

/** What a tab that is opened again needs to go on with a run, besides the data. */
export interface Snapshot {
  settings: Settings;
  stage: 'searching' | 'searched' | 'finished';
  /** Passes of the search that are done. */
  passes: number;
  model: ModelSnapshot;
  recorder: {values: unknown, tensors: Values[]};
  warnings: string[];
  selection: Selection | null;
  /** The step at which a person stopped the search; null where it ran to its end. */
  stoppedAt: number | null;
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
    name: 'saved run', state: null, next: async (_: ArraySpec) => arrays[next++], close: async () => undefined,
  });
}

export async function copyState({values, tensors}: CallbackState): Promise<Snapshot['recorder']> {
  return {values: structuredClone(values), tensors: await Promise.all(tensors.map(async tensor => (await tensor.data()).slice() as Values))};
}

/** The tensors are the callback's. The page's callbacks keep scalars only. */
export function pasteState({values, tensors}: Snapshot['recorder']): CallbackState {
  return {values, tensors: tensors.map(value => tf.keep(tf.scalar(value[0])))};
}
