import type * as tfl from '@tensorflow/tfjs-layers';
import {retrainModel, type Scores, SearchStage, SearchStageArgs, Selection, TrainingArgs} from 'tfjs-autofis';
import {batchesOf, inferenceSeconds, rowCount, score, trainToBest} from '../internals';
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

/** Trains a model to its best epoch by validation AUC, scores it on the test rows, and disposes it. */
export async function trainOnce(
  model: tfl.LayersModel,
  {parts}: Loaded,
  training: Required<TrainingArgs>,
  seed: number,
  kept: number | null = null,
): Promise<ModelRun> {
  const {validation, bestEpoch, seconds} = await trainToBest(model, parts.train, parts.validation, seed, training);
  const {auc, logloss} = await score(model, parts.test);
  const run = {
    auc,
    logloss,
    validationAuc: validation.auc,
    bestEpoch,
    seconds,
    kept,
    parameters: model.countParams(),
    inference: (inferenceSeconds(model, parts.test) * 1e6) / rowCount(parts.test),
  };
  model.dispose();
  return run;
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

/** Searches a model's gates by the given options. The model stays the caller's. */
export async function searchOnce(
  model: tfl.LayersModel,
  {parts}: Loaded,
  {epochs, batchSize, seed, ...options}: SearchStageArgs & {epochs: number; batchSize: number; seed: number},
): Promise<Searched> {
  const search = new SearchStage(options);
  const start = performance.now();
  await model.fitDataset(batchesOf(parts.train, batchSize, seed) as never, {
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

/** A selection retrained as the paper does: normalised products, fresh weights, fresh alpha. */
export function paperRetrain(
  model: tfl.LayersModel,
  selection: Selection,
  data: Loaded,
  training: Required<TrainingArgs>,
  seed: number,
): Promise<ModelRun> {
  return trainOnce(
    retrainModel(model, selection, {alpha: 'fresh', seed: seed + 100}),
    data,
    training,
    seed,
    selection.length,
  );
}

/** "user x item", one for each interaction of a selection. */
export function names(selection: Selection): string[] {
  return selection.map(({fields}) => fields.join(' x '));
}
