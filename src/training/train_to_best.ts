import * as tfl from '@tensorflow/tfjs-layers';
import {EpochMetrics} from '../metrics/epoch_metrics';
import {RestoreBest} from '../metrics/restore_best';
import {FiniteLoss} from '../stages/finite_loss';
import type {Scores} from './evaluation';
import {fitModel} from './fit_model';
import {LabeledRows, TrainingRows} from './rows';
import {batchesOf} from './seeded_batches';

export interface TrainingArgs {
  /** Rows per step. A stream of rows is asked for batches of it. */
  batchSize: number;
  /** Most epochs. */
  epochs: number;
  /** Stops when validation AUC has not risen for this many epochs. */
  patience: number;
  /**
   * Never stops before this epoch. From a small start the embeddings add nothing at first, and validation AUC
   * stagnates.
   */
  leastEpochs: number;
}

/** Result of a training until the best epoch. */
export interface Training {
  /** Scores on the validation rows, at the best epoch. */
  validation: Scores;
  /** Counted from 1. */
  bestEpoch: number;
  epochs: number;
  seconds: number;
}

/**
 * Train a compiled model with early stopping on validation AUC, and leave it with the weights of its best epoch.
 *
 * @throws AutofisError where a loss is not a number, with its step.
 */
export async function trainToBest(
  model: tfl.LayersModel,
  train: TrainingRows,
  validation: LabeledRows,
  seed: number,
  {batchSize, epochs, patience, leastEpochs}: TrainingArgs,
): Promise<Training> {
  const best = new RestoreBest({patience, leastEpochs});
  const kept = new KeptLosses();
  const start = performance.now();
  await fitModel(model, batchesOf(train, batchSize, seed), {
    epochs,
    callbacks: [new FiniteLoss('training'), new EpochMetrics({data: validation}), best, kept],
  });
  return {
    validation: {auc: best.bestValue, logloss: kept.losses[best.bestEpoch - 1]},
    bestEpoch: best.bestEpoch,
    epochs: kept.losses.length,
    seconds: (performance.now() - start) / 1000,
  };
}

/** The validation logloss of each epoch. */
class KeptLosses extends tfl.Callback {
  readonly losses: number[] = [];

  override async onEpochEnd(_epoch: number, logs?: tfl.Logs): Promise<void> {
    this.losses.push(logs!['val_logloss'] as number);
  }
}
