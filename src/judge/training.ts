import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger} from '../checks';
import {Scores, score} from './evaluation';
import {batchesOf, LabeledRows, TrainingRows} from './rows';

export interface TrainingArgs {
  /** Rows a step; an integer >= 1, default 2,000. Not used where `train` makes its own batches. */
  batchSize?: number;
  /** At most so many epochs; an integer >= 1, default 60. */
  epochs?: number;
  /** Stops when validation AUC has not risen for this many epochs; an integer >= 1, default 3. */
  patience?: number;
  /**
   * Never stops before this epoch; an integer >= 0, default 10. From a small start the embeddings add nothing at first, and
   * validation AUC stands still.
   */
  minEpochs?: number;
}

/** The keys of `TrainingArgs`. */
export const trainingKeys = ['batchSize', 'epochs', 'patience', 'minEpochs'] as const;

/** The options with their defaults; throws when one breaks its rule. */
export function checkTraining(where: string, {batchSize = 2000, epochs = 60, patience = 3, minEpochs = 10}: TrainingArgs): Required<TrainingArgs> {
  checkInteger(where, 'batchSize', batchSize, 1);
  checkInteger(where, 'epochs', epochs, 1);
  checkInteger(where, 'patience', patience, 1);
  checkInteger(where, 'minEpochs', minEpochs, 0);
  return {batchSize, epochs, patience, minEpochs};
}

/** What a training until the best epoch came to. */
export interface Training {
  /** Scores on the validation rows, at the best epoch. */
  validation: Scores;
  /** Counted from 1. */
  bestEpoch: number;
  epochs: number;
  seconds: number;
}

/** Trains a compiled model with early stopping on validation AUC, and leaves it with the weights of its best epoch. */
export async function trainToBest(
    model: tfl.LayersModel, train: TrainingRows, validation: LabeledRows, seed: number, args: Required<TrainingArgs>): Promise<Training> {
  const best = new BestEpoch(validation, args);
  const start = performance.now();
  await model.fitDataset(batchesOf(train, args.batchSize, seed) as never, {
    epochs: args.epochs, verbose: 0, yieldEvery: 'never', callbacks: [best],
  });
  return {validation: best.scores!, bestEpoch: best.bestEpoch, epochs: best.epochs, seconds: (performance.now() - start) / 1000};
}

/** Keeps the weights of the epoch with the best validation AUC, and stops the training when it has long passed. */
class BestEpoch extends tfl.Callback {
  bestEpoch = 0;
  epochs = 0;
  scores: Scores | null = null;
  private weights: tf.Tensor[] = [];

  constructor(private readonly validation: LabeledRows, private readonly rule: {patience: number, minEpochs: number}) {
    super();
  }

  override async onEpochEnd(epoch: number): Promise<void> {
    const model = this.model as tfl.LayersModel;
    const {patience, minEpochs} = this.rule;
    this.epochs = epoch + 1;
    const scores = score(model, this.validation);
    if (this.scores === null || scores.auc > this.scores.auc) {
      this.scores = scores;
      this.bestEpoch = this.epochs;
      tf.dispose(this.weights);
      this.weights = model.getWeights().map(weight => tf.keep(tf.clone(weight)));
    } else if (this.epochs >= minEpochs && this.epochs - this.bestEpoch >= patience) {
      model.stopTraining = true;
    }
  }

  override async onTrainEnd(): Promise<void> {
    (this.model as tfl.LayersModel).setWeights(this.weights);
    tf.dispose(this.weights);
    this.weights = [];
  }
}
