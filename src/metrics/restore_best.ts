import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {checkChoice, checkInteger, checkKeys} from '../checks';
import {AutofisError, invalidArgument} from '../errors';
import {bindHooks, CallbackState, callbackModel, ResumableCallback} from './callbacks';
import {METRICS} from './metric_accumulator';

export interface RestoreBestArgs {
  /** The log that decides; default 'val_auc', which EpochMetrics writes. */
  monitor?: string;
  /** 'max' if larger values are better, 'min' if smaller; known for this library's metrics and for losses. */
  mode?: 'max' | 'min';
  /** Epochs without a better one after which training stops; default never. */
  patience?: number;
  /** Epochs before which training never stops; default 1. */
  leastEpochs?: number;
}

/**
 * Gives a model, at the end of its training, the weights of its best epoch, and with `patience` stops the training.
 *
 * All weights are restored, moving statistics and tables included; the optimizer's state is that of the last epoch. It
 * keeps one copy of the weights. After a small start, embeddings first add nothing to the linear part, so that a model
 * may stagnate for some epochs before it learns: hence `leastEpochs`.
 * Stands in `callbacks` after EpochMetrics. (`tf.callbacks.earlyStopping` cannot restore weights in tfjs.)
 * Not for a search: its gates are decided by the last step.
 *
 * @throws AutofisError without `mode` for a monitor whose direction is unknown, and on an epoch whose logs lack the
 * monitor.
 * @example
 * const best = new RestoreBest({patience: 3, leastEpochs: 10});
 * await model.fit(ids, labels, {epochs: 60, callbacks: [new EpochMetrics({data: validation}), best]});
 * best.bestEpoch; best.bestValue;
 */
export class RestoreBest extends tfl.Callback implements ResumableCallback {
  /** The best epoch, counted from 1; 0 before the first. */
  bestEpoch = 0;
  /** The monitor's value in that epoch. */
  bestValue = NaN;
  private readonly args: Required<RestoreBestArgs>;
  private weights: tf.Tensor[] = [];

  constructor(args: RestoreBestArgs = {}) {
    super();
    const where = 'RestoreBest';
    checkKeys(where, args, ['monitor', 'mode', 'patience', 'leastEpochs']);
    const {monitor = 'val_auc', patience = Infinity, leastEpochs = 1} = args;
    if (typeof monitor !== 'string' || monitor === '')
      throw invalidArgument(where, 'monitor', 'be the name of a log', monitor);
    if (patience !== Infinity) checkInteger(where, 'patience', patience, 1);
    checkInteger(where, 'leastEpochs', leastEpochs, 1);
    const mode = args.mode ?? knownMode(monitor);
    if (mode === null) {
      throw new AutofisError(
        `${where}: \`mode\` must be 'max' if a larger ${JSON.stringify(monitor)} is better, else 'min'. ` +
          'Received: none.',
      );
    }
    checkChoice(where, 'mode', mode, ['max', 'min']);
    this.args = {monitor, mode, patience, leastEpochs};
    bindHooks(this);
  }

  override async onTrainBegin(): Promise<void> {
    callbackModel('RestoreBest', this.model);
    this.forget();
    this.bestEpoch = 0;
    this.bestValue = NaN;
  }

  override async onEpochEnd(epoch: number, logs?: tfl.Logs): Promise<void> {
    const {monitor, mode, patience, leastEpochs} = this.args;
    const value = await valueOf(logs?.[monitor]);
    if (value === null) {
      throw new AutofisError(
        `RestoreBest: the logs have no ${JSON.stringify(monitor)}. Received: ${Object.keys(logs ?? {}).join(', ')}. ` +
          'Put EpochMetrics, or the callback that computes it, before RestoreBest in `callbacks`.',
      );
    }
    // Nothing is better than NaN but a number, whichever comes first.
    const ahead = mode === 'max' ? value > this.bestValue : value < this.bestValue;
    const better = Number.isNaN(this.bestValue) ? !Number.isNaN(value) : ahead;
    if (this.bestEpoch === 0 || better) {
      this.forget();
      this.weights = callbackModel('RestoreBest', this.model)
        .getWeights()
        .map(weight => tf.keep(tf.clone(weight)));
      this.bestEpoch = epoch + 1;
      this.bestValue = value;
    } else if (epoch + 1 >= leastEpochs && epoch + 1 - this.bestEpoch >= patience) {
      callbackModel('RestoreBest', this.model).stopTraining = true;
    }
  }

  override async onTrainEnd(): Promise<void> {
    if (this.weights.length > 0) callbackModel('RestoreBest', this.model).setWeights(this.weights);
    this.forget();
  }

  state(): CallbackState {
    return {values: {bestEpoch: this.bestEpoch, bestValue: this.bestValue}, tensors: this.weights};
  }

  setState({values, tensors}: CallbackState): void {
    this.forget();
    const {bestEpoch, bestValue} = values as {bestEpoch: number; bestValue: number | null};
    this.bestEpoch = bestEpoch;
    this.bestValue = bestValue ?? NaN;
    this.weights = tensors;
  }

  private forget(): void {
    tf.dispose(this.weights);
    this.weights = [];
  }
}

/** The direction of a monitor, or null: only exact names are known, nothing is guessed. */
function knownMode(monitor: string): 'max' | 'min' | null {
  const name = monitor.replace(/^val_/, '');
  if (name === 'loss') return 'min';
  const goal = (METRICS as Record<string, 'max' | 'min' | 'one'>)[name];
  return goal === undefined || goal === 'one' ? null : goal;
}

/** tfjs keeps some logs as scalars of its own. */
async function valueOf(log: unknown): Promise<number | null> {
  if (typeof log === 'number') return log;
  return log instanceof tf.Tensor ? (await log.data())[0] : null;
}
