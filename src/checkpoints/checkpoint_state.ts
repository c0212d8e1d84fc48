import path from 'node:path';
import type * as tf from '@tensorflow/tfjs-core';
import {AutofisError} from '../errors';
import type {CallbackState} from '../metrics/callbacks';
import type {ArraySpec, Checkpoint} from './checkpoint_folder';
import type {MeansState} from './epoch_means';
import {ModelState, tensorOf} from './training_state';

/** The position of a training. */
export interface Position {
  /** Steps done, over all epochs. */
  step: number;
  /** The epoch to continue in, counted from 0. */
  epoch: number;
}

/** State of a training in its checkpoint, without the arrays. */
export interface State extends Position {
  stepsPerEpoch: number;
  settings: {[name: string]: unknown};
  history: {[name: string]: number[]};
  means: MeansState;
  model: ModelState;
  callbacks: Array<{values: unknown; tensors: ArraySpec[]}>;
}

/** Check that a training has the settings with which it was started. */
export function checkSettings(
  where: string,
  folder: string,
  saved: State['settings'],
  current: State['settings'],
): void {
  const name = [...Object.keys(saved), ...Object.keys(current)].find(key => saved[key] !== current[key]);
  if (name === undefined) return;
  throw new AutofisError(
    `${where}: the training in ${path.resolve(folder)} was started with ${name} ${JSON.stringify(saved[name])}, ` +
      `but this one has ${JSON.stringify(current[name])}. Use the same settings, ` +
      `or \`await checkpoints.clear()\` to start over.`,
  );
}

/** Check that a training has as many callbacks as when it was started. */
export function checkCallbacks(where: string, saved: number, current: number): void {
  if (current === saved) return;
  throw new AutofisError(
    `${where}: the checkpoint holds the state of ${saved} callbacks, but this training has ${current}. ` +
      'Pass the same `callbacks`.',
  );
}

/** Check that an epoch has a known number of steps, and as many as when the training was started. */
export function checkSteps(where: string, steps: number | null, saved: number | undefined): void {
  if (steps == null) {
    throw new AutofisError(
      `${where}: the number of batches per epoch must be known. Use \`fitDataset\` with a data set that has ` +
        'a `size`, such as openShards(...).dataset(...).',
    );
  }
  if (saved !== undefined && saved !== steps) {
    throw new AutofisError(
      `${where}: the checkpoint has ${saved} batches per epoch, but this training has ${steps}. ` +
        'Use the same data and batch size.',
    );
  }
}

/** The states of the callbacks that went with a training, from a checkpoint's next arrays. */
export async function readStates(saved: State['callbacks'], checkpoint: Checkpoint): Promise<CallbackState[]> {
  const states = [];
  for (const {values, tensors: specs} of saved) {
    const tensors: tf.Tensor[] = [];
    for (const spec of specs) tensors.push(await tensorOf(spec, checkpoint));
    states.push({values, tensors});
  }
  return states;
}

/** A history as it was: JSON has null for NaN. */
export function withNaN(history: {[name: string]: Array<number | null>}): {[name: string]: number[]} {
  return Object.fromEntries(Object.entries(history).map(([key, values]) => [key, values.map(v => v ?? NaN)]));
}
