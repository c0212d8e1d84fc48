import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {FieldLayout} from '../../layers/field_layout';
import type {FieldLinear} from '../../layers/field_linear';
import {adamStep} from '../../optimizers/adam_step';
import type {LazyAdam} from '../../optimizers/lazy_adam';
import {checkInteger} from '../checks';
import {logitLoss, sigmoid} from '../logistic';
import {ofMeanOne} from '../metrics/row_weights';
import {shallowParts, shallowTerms} from './loops/shallow_terms';
import type {Term} from './loops/term';
import {PeriodicYield} from './event_loop';
import type {BatchArrays, BatchSource} from './weighted_batches';

export interface FitArgs {
  epochs: number;
  callbacks: tfl.Callback[];
}

/**
 * Train a compiled model on batches as `fitDataset` does, a shallow one (`lr`, `fm`, `ffm`) in loops over typed
 * arrays: its ops are so small that calling them costs several times what they compute. Callbacks are called alike, but
 * weights are in the model only at the end of each epoch, and the optimizer starts afresh when the training has ended.
 * Callbacks may set `stopTraining`, which ends it after an epoch.
 * An optimizer that has made steps keeps its moments, in `fitDataset`.
 *
 * @throws AutofisError if `epochs` breaks its rule, or an id is out of range.
 */
export async function fitModel(model: tfl.LayersModel, batches: BatchSource, args: FitArgs): Promise<void> {
  checkInteger('fitModel', 'epochs', args.epochs, 1);
  const optimizer = model.optimizer as unknown as LazyAdam;
  const terms = isFresh(model) ? shallowTerms(model) : null;
  if (terms === null) await model.fitDataset(batches as never, {...args, verbose: 0, yieldEvery: 'never'});
  else await fitInLoops(model, terms, optimizer, batches, args);
}

/** Tell whether {@link fitModel} would train the model in loops. */
export function trainsInLoops(model: tfl.LayersModel): boolean {
  return isFresh(model) && shallowParts(model) !== null;
}

function isFresh({loss, optimizer}: tfl.LayersModel): boolean {
  return loss === 'binaryCrossentropy' && optimizer.getClassName() === 'LazyAdam' && optimizer.iterations === 0;
}

async function fitInLoops(
  model: tfl.LayersModel,
  terms: readonly Term[],
  optimizer: LazyAdam,
  batches: BatchSource,
  {epochs, callbacks}: FitArgs,
): Promise<void> {
  const layout = new FieldLayout('fitModel', (model.getLayer('linear') as FieldLinear).fields);
  await beginTraining(model, callbacks, {epochs, steps: batches.size});
  let steps = 0;
  const pause = new PeriodicYield();
  model.stopTraining = false;
  for (let epoch = 0; epoch < epochs && !model.stopTraining; epoch++) {
    for (const callback of callbacks) await callback.onEpochBegin(epoch);
    let sum = 0;
    let count = 0;
    for await (const batch of batches.arrays?.() ?? arraysOf(batches)) {
      for (const callback of callbacks) await callback.onBatchBegin(count);
      layout.checkValues(batch.ids);
      const loss = gradientOf(terms, batch, optimizer.exact);
      const adam = adamStep(++steps, optimizer);
      const withPenalty = terms.reduce((total, term) => total + term.step(adam), loss);
      sum += withPenalty;
      for (const callback of callbacks) await callback.onBatchEnd(count, {loss: withPenalty});
      count++;
      await pause.afterPause();
    }
    terms.forEach(term => term.write());
    // One object for all, so that a callback sees what those before it have added.
    const logs = {loss: sum / count};
    for (const callback of callbacks) await callback.onEpochEnd(epoch, logs);
  }
  for (const callback of callbacks) await callback.onTrainEnd();
}

/** Tell callbacks that a training of a model begins, as tfjs does. */
export async function beginTraining(
  model: tfl.LayersModel,
  callbacks: readonly tfl.Callback[],
  params: {epochs: number; steps: number},
): Promise<void> {
  for (const callback of callbacks) {
    callback.setModel(model);
    callback.setParams(params as never);
    await callback.onTrainBegin();
  }
}

/** The batches of one epoch as typed arrays; their tensors are freed. */
async function* arraysOf(batches: BatchSource): AsyncIterable<BatchArrays> {
  const iterator = await batches.iterator();
  for (let item = await iterator.next(); item.done !== true; item = await iterator.next()) {
    const {xs, ys, weights} = item.value;
    const batch = {
      ids: [xs].flat()[0].dataSync() as Int32Array,
      labels: ys.dataSync(),
      weights: weights as Float32Array | undefined,
    };
    tf.dispose([xs, ys]);
    yield batch;
  }
}

/** Add up the gradient of a batch's mean loss, and give the loss; penalties on whole weights come with the step. */
function gradientOf(terms: readonly Term[], {ids, labels, weights}: BatchArrays, exact: boolean): number {
  const rows = labels.length;
  const counts = weights === undefined ? undefined : ofMeanOne(weights);
  for (const term of terms) term.begin({ids, columns: ids.length / rows, rows, exact});
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    let z = 0;
    for (const term of terms) z += term.logit(row);
    const weight = counts === undefined ? 1 : counts[row];
    loss += weight * logitLoss(z, labels[row]);
    const residual = (weight * (sigmoid(z) - labels[row])) / rows;
    for (const term of terms) term.add(row, residual);
  }
  return loss / rows;
}
