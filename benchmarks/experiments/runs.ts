import type * as tfl from '@tensorflow/tfjs-layers';
import {allInteractions, EpochMetrics, RestoreBest, retrainModel, SearchStage} from 'tfjs-autofis';
import type {Scores, SearchStageArgs, Selection} from 'tfjs-autofis';
import {batchesOf, fitModel, FiniteLoss, predicted, rowCount, score} from '../internals';
import type {DataName} from './data';
import type {Loaded} from './lab';

/** What one trained model reached. */
export interface ModelRun {
  auc: number;
  logloss: number;
  validationAuc: number;
  bestEpoch: number;
  seconds: number;
  /** Seconds to predict a million rows. */
  inference: number;
  parameters: number;
  /** Interactions that it computes; null where it has none. */
  kept: number | null;
}

/** Rows of a step, and when a training ends: `patience` epochs after the best one, but for the first. */
export interface TrainingArgs {
  batchSize: number;
  epochs: number;
  patience: number;
  leastEpochs: number;
}

/** Trains a model to its best epoch by validation AUC, scores it on the test rows, and disposes it. */
export async function trainOnce(
  model: tfl.LayersModel,
  {parts}: Loaded,
  {batchSize, epochs, ...stop}: TrainingArgs,
  seed: number,
  kept: number | null = null,
): Promise<ModelRun> {
  const best = new RestoreBest(stop);
  const start = performance.now();
  const callbacks = [new FiniteLoss('training'), new EpochMetrics({data: parts.validation}), best];
  await fitModel(model, batchesOf(parts.train, batchSize, seed), {epochs, callbacks});
  const seconds = (performance.now() - start) / 1000;
  const {auc, logloss} = await score(model, parts.test);
  const run = {
    ...{auc, logloss, seconds, kept, validationAuc: best.bestValue, bestEpoch: best.bestEpoch},
    parameters: model.countParams(),
    inference: (inferenceSeconds(model, parts.test) * 1e6) / rowCount(parts.test),
  };
  model.dispose();
  return run;
}

/** Seconds that a prediction of rows takes, the faster of two. */
export function inferenceSeconds(model: tfl.LayersModel, rows: Parameters<typeof predicted>[1]): number {
  const seconds = [0, 1].map(() => {
    const start = performance.now();
    predicted(model, rows);
    return (performance.now() - start) / 1000;
  });
  return Math.min(...seconds);
}

/** Epochs of a search with the paper's gradients: about as many steps as the reference's. */
export const searchEpochs: Record<DataName, number> = {
  frappe: 12,
  adult: 5,
  movielens: 4,
  flights: 3,
  flights3m: 1,
  criteo: 1,
  avazu: 1,
};

export interface Searched {
  selection: Selection;
  seconds: number;
  /** Test scores of the model at the end of the search. */
  test: Scores;
  validationAuc: number;
}

/** Where alpha starts. */
const ALPHA = 0.6;
const MU = 0.8;

/**
 * Searches a model's gates by the given options. The model stays the caller's.
 *
 * @param options With `strength` c of the paper's search is such that the threshold ends at this multiple of alpha's
 * start.
 */
export async function searchOnce(
  model: tfl.LayersModel,
  {parts}: Loaded,
  {
    epochs,
    batchSize,
    seed,
    strength,
    ...options
  }: SearchStageArgs & {strength?: number; epochs: number; batchSize: number; seed: number},
): Promise<Searched> {
  const batches = batchesOf(parts.train, batchSize, seed);
  const c = (strength ?? 0) * ALPHA * (epochs * batches.size) ** -MU;
  const search = new SearchStage(strength === undefined ? options : {method: {type: 'grda', c, mu: MU}});
  const start = performance.now();
  await model.fitDataset(batches as never, {
    epochs,
    verbose: 0,
    yieldEvery: 'never',
    callbacks: [search],
  });
  const seconds = (performance.now() - start) / 1000;
  return {
    selection: search.selection,
    seconds,
    test: await score(model, parts.test),
    validationAuc: (await score(model, parts.validation)).auc,
  };
}

/** Searches a fresh model; where the search closes every gate, another one with half the strength. */
export async function searchUntilOpen(
  build: () => tfl.LayersModel,
  data: Loaded,
  {strength, ...args}: {strength: number; epochs: number; batchSize: number; seed: number},
): Promise<{model: tfl.LayersModel; strength: number; found: Searched}> {
  const model = build();
  const found = await searchOnce(model, data, {...args, strength});
  if (found.selection.length > 0) return {model, strength, found};
  model.dispose();
  return searchUntilOpen(build, data, {...args, strength: strength / 2});
}

/** How many pairs some fields have, or pairs and triples. */
export function interactionCount(fields: number, order: 'pairs' | 'both'): number {
  return allInteractions(fields, 2).length + (order === 'both' ? allInteractions(fields, 3).length : 0);
}

/** A selection retrained as the paper does: normalised products, fresh weights, fresh alpha. */
export function paperRetrain(
  model: tfl.LayersModel,
  selection: Selection,
  data: Loaded,
  training: TrainingArgs,
  seed: number,
): Promise<ModelRun> {
  return trainOnce(retrainModel(model, selection, {seed: seed + 100}), data, training, seed, selection.length);
}

/** "user x item", one for each interaction of a selection. */
export function names(selection: Selection): string[] {
  return selection.map(({fields}) => fields.join(' x '));
}
