import * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger} from '../checks';
import {EpochMetrics} from '../metrics/epoch_metrics';
import {RestoreBest} from '../metrics/restore_best';
import {FiniteLoss} from '../stages/finite_loss';
import type {Scores} from './evaluation';
import {fitModel} from './fit_model';
import {LabeledRows, TrainingRows} from './rows';
import {batchesOf} from './seeded_batches';

export interface TrainingArgs {
  /** Rows per step; an integer >= 1, default 2,000. A stream of rows is asked for batches of it. */
  batchSize?: number;
  /** Most epochs; an integer >= 1, default 60. */
  epochs?: number;
  /** Stops when validation AUC has not risen for this many epochs; an integer >= 1, default 3. */
  patience?: number;
  /**
   * Never stops before this epoch; an integer >= 1, default 10. From a small start the embeddings add nothing at first,
   * and validation AUC stagnates.
   */
  leastEpochs?: number;
}

/** The keys of `TrainingArgs`. */
export const trainingKeys = ['batchSize', 'epochs', 'patience', 'leastEpochs'] as const;

/** The options with their defaults; throws when one breaks its rule. */
export function checkTraining(
  where: string,
  {batchSize = 2000, epochs = 60, patience = 3, leastEpochs = 10}: TrainingArgs,
): Required<TrainingArgs> {
  checkInteger(where, 'batchSize', batchSize, 1);
  checkInteger(where, 'epochs', epochs, 1);
  checkInteger(where, 'patience', patience, 1);
  checkInteger(where, 'leastEpochs', leastEpochs, 1);
  return {batchSize, epochs, patience, leastEpochs};
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
 * A warning of trainings that `epochs` ended before early stopping did; empty where there are none.
 */
export function cutShort(
  runs: ReadonlyArray<Pick<Training, 'bestEpoch' | 'epochs'> & {form: string}>,
  {epochs: last, patience}: Required<TrainingArgs>,
): string[] {
  const short = runs.filter(({bestEpoch, epochs}) => epochs - bestEpoch < patience);
  const plain = short.filter(({form}) => form === 'plain').length;
  const which =
    plain === 0
      ? ''
      : `, ${plain === short.length ? 'all' : `${plain} of them`} without normalisation and alpha, which take longer,`;
  return short.length === 0
    ? []
    : [
        `${short.length} of ${runs.length} retrained models${which} were still improving in the last of ${last} ` +
          `epochs. More \`epochs\` may change the comparison.`,
      ];
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
  {batchSize, epochs, patience, leastEpochs}: Required<TrainingArgs>,
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
