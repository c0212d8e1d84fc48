import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {checkCompiled, checkModel} from './gates';
import type {HeldOut} from './held_out';
import type {HeldOutEvidence} from './held_out_decision';
import {compileLike, rebuildModel} from './rebuild';
import {SearchStage} from './search';
import {baseOptimizer} from './search_optimizer';
import type {Selection} from './selection';

/** Rows and settings of a search for the gates of a model. */
export interface GateSearchArgs {
  /** Rows to train on, as `fit` takes them; or batches, as `fitDataset` does. */
  train: {xs: tf.Tensor | tf.Tensor[]; ys: tf.Tensor | tf.Tensor[]} | Parameters<tfl.LayersModel['fitDataset']>[0];
  /** Rows that decide. */
  heldOut: HeldOut;
  epochs: number;
  /** Rows of a step, where `train` is tensors. */
  batchSize?: number;
  /** Seeds the weights; null leaves the seeds that the layers have. */
  seed?: number | null;
}

/** The interactions that held-out rows confirm, and what they say of each. */
export interface GateSearch {
  selection: Selection;
  evidence: readonly HeldOutEvidence[];
  warnings: readonly string[];
}

/** Search the gates of a compiled model on a fresh copy of it; the model stays as it is. */
export async function searchGates(
  model: tfl.LayersModel,
  {train, heldOut, epochs, batchSize, seed = null}: GateSearchArgs,
): Promise<GateSearch> {
  checkModel('searchGates', model);
  checkCompiled('searchGates', model);
  const copy = rebuildModel('searchGates', model, {seed});
  compileLike('searchGates', copy, model, baseOptimizer(model.optimizer));
  const search = new SearchStage({method: {type: 'heldOut', rows: heldOut}});
  const args = {epochs, verbose: 0 as const, callbacks: [search]};
  try {
    if ('xs' in train) await copy.fit(train.xs, train.ys, {...args, batchSize});
    else await copy.fitDataset(train, args);
    return {selection: search.selection, evidence: search.evidence, warnings: search.warnings};
  } finally {
    copy.dispose();
  }
}
