import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {grda, partitioned} from 'tfjs-autofis/optimizers';
import {useClosedLoss} from '../../src/metrics/binary_crossentropy';
import {findGates} from '../../src/stages/gates';
import {numbers} from './tensors';
import type {GrdaPlan} from '../../src/stages/grda_plan';

/** Silences console.warn for the tests of a file; gives what was warned in the current test. */
export function captureWarnings(): () => string[] {
  let spy: jest.SpyInstance;
  beforeEach(() => {
    spy = jest.spyOn(console, 'warn').mockImplementation(() => {});
  });
  afterEach(() => spy.mockRestore());
  return () => spy.mock.calls.map(([message]) => String(message));
}

/** alpha of a model's gates, one list a gate. */
export function alphas(model: tfl.LayersModel): number[][] {
  return findGates('test', model).map(({layer}) => numbers(layer.alpha!.read()));
}

/** Calls `look` at the end of each epoch of a fit with this callback, before the callback itself. */
export function afterEpoch(stage: tfl.Callback, look: (epoch: number) => void | Promise<void>): void {
  const own = stage.onEpochEnd;
  stage.onEpochEnd = async (epoch, logs) => {
    await look(epoch);
    await own.call(stage, epoch, logs);
  };
}

export interface Loop {
  xs: tf.Tensor;
  ys: tf.Tensor;
  epochs: number;
  batchSize: number;
}

/** Calls `each` with the batches that `fit` takes without shuffling. */
export async function eachBatch(
  {xs, ys, epochs, batchSize}: Loop,
  each: (x: tf.Tensor, y: tf.Tensor) => void | Promise<void>,
) {
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let start = 0; start < xs.shape[0]; start += batchSize) {
      const count = Math.min(batchSize, xs.shape[0] - start);
      const batch = [xs, ys].map(t => tf.slice(t, start, count));
      await each(batch[0], batch[1]);
      tf.dispose(batch);
    }
  }
}

/** The search as a loop of your own: alpha by GRDA, the rest by `base`, on the same batches. */
export async function searchByHand(
  model: tfl.LayersModel,
  plan: GrdaPlan,
  base: tf.Optimizer,
  loop: Loop,
): Promise<void> {
  const optimizer = partitioned({
    groups: [
      {name: 'alphas', weights: [{name: 'alpha'}], optimizer: grda(plan)},
      {name: 'others', optimizer: base},
    ],
  });
  model.compile({optimizer, loss: 'binaryCrossentropy'});
  useClosedLoss(model);
  await eachBatch(loop, async (x, y) => {
    await model.trainOnBatch(x, y);
  });
  optimizer.dispose();
}
