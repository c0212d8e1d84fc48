import type * as tfl from '@tensorflow/tfjs-layers';
import {type LabeledRows, SearchStage, type Selection, type TrainingRows} from 'tfjs-autofis';
import {baseOptimizer, batchesOf, compileLike, findGates, labelsOfRows, rebuildModel, rowCount} from '../internals';

export interface HeldOutSearch {
  strength: number;
  /** The model at the end of the search. */
  model: tfl.LayersModel;
  selection: Selection;
  seconds: number;
}

/** What a search is made of. */
export interface SearchSetting {
  model: tfl.LayersModel;
  train: TrainingRows;
  validation: LabeledRows;
  seed: number;
  searchEpochs?: number;
  training: {batchSize: number};
}

/** Steps of a search by default. */
const STEPS = 3000;
/** The share of them in which alpha waits. */
const WARMUP = 1 / 3;

/** Searches the gates of a fresh copy of `model`, alpha on validation batches. */
export async function heldOutSearch(
  {model, train, validation, seed, searchEpochs, training: {batchSize}}: SearchSetting,
  strength: number,
): Promise<HeldOutSearch> {
  const where = 'autoSelect';
  const fresh = rebuildModel(where, model, {seed});
  compileLike(where, fresh, model, baseOptimizer(model.optimizer));
  const batches = batchesOf(train, batchSize, seed);
  const search = new SearchStage({
    strength,
    warmup: WARMUP,
    heldOut: {xs: validation.xs, ys: validation.ys, weights: validation.weights, batchSize, seed},
  });
  const start = performance.now();
  await fresh.fitDataset(batches as never, {
    epochs: searchEpochs ?? epochsFor(batches.size),
    verbose: 0,
    yieldEvery: 'never',
    callbacks: [search],
  });
  return {strength, model: fresh, selection: search.selection, seconds: (performance.now() - start) / 1000};
}

const epochsFor = (batches: number) => Math.ceil(STEPS / batches);

/** The threshold of the first search, per step in standard errors of a gate's gradient. */
const NOISE_SHARE = 0.25;
/** The strength of a first search, which fits the noise of the validation rows. */
export function firstStrength({
  model,
  train,
  validation,
  seed,
  searchEpochs,
  training: {batchSize},
}: SearchSetting): number {
  const batches = batchesOf(train, batchSize, seed).size;
  const labels = labelsOfRows(validation);
  return noiseStrength(NOISE_SHARE, {
    steps: (1 - WARMUP) * batches * (searchEpochs ?? epochsFor(batches)),
    batchSize,
    rows: rowCount(validation),
    positives: labels.reduce((sum, y) => sum + y, 0) / labels.length,
    alphaInit: findGates('autoSelect', model)[0].layer.alphaInit,
  });
}

/**
 * The strength at which gRDA's threshold grows per step by a share of the standard error of a gate's gradient.
 *
 * A gate whose normalised product (mean 0, variance 1) carries nothing has the gradient mean((p - y) x) on n held-out
 * rows, whose standard error is at most s = sqrt(q (1 - q) / n) with q the share of positives. The same rows come again
 * and again, so over T steps v is off by T s, not by sqrt(T) s: strength = share * T s / alphaInit. More held-out rows
 * need less of a threshold, more steps more.
 *
 * @param steps T, those in which alpha learns.
 * @param rows Held-out rows; n is no more than the steps see.
 */
export function noiseStrength(
  share: number,
  {
    steps,
    batchSize,
    rows,
    positives,
    alphaInit,
  }: {
    steps: number;
    batchSize: number;
    rows: number;
    positives: number;
    alphaInit: number;
  },
): number {
  const seen = Math.min(rows, steps * batchSize);
  return (share * steps * Math.sqrt((positives * (1 - positives)) / seen)) / Math.abs(alphaInit);
}
