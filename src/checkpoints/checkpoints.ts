import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkKeys, checkNumber} from '../checks';
import {AutofisError, invalidArgument} from '../errors';
import {bindHooks, CallbackState, ResumableCallback} from '../metrics/callbacks';
import {checkCompiled, checkModel} from '../stages/gates';
import {takeSavedOptimizer} from '../stages/model_state';
import {trainedModel} from '../tfjs_internals';
import {listCheckpoints, openNewest, prune, writeCheckpoint} from './checkpoint_folder';
import {checkCallbacks, checkSettings, checkSteps, Position, readStates, State, withNaN} from './checkpoint_state';
import {EpochMeans} from './epoch_means';
import {captureModel, restoreModel, sourceOf, specOf, unrepeatable} from './training_state';

export interface CheckpointsArgs {
  /** Where the checkpoints of this one training go; made if it is not there. */
  folder: string;
  /** Steps between two checkpoints; an integer >= 1. */
  everySteps?: number;
  /** Minutes between two checkpoints, > 0; default 10 without `everySteps`. */
  everyMinutes?: number;
  /** Number of newest checkpoints to keep; an integer >= 1, default 2. */
  keep?: number;
  /** Callbacks whose state goes with the training's, such as RestoreBest; the same in a training that continues. */
  callbacks?: ResumableCallback[];
  /** Other settings that must not change on resuming, such as seed, batch size and data. */
  settings?: {readonly [name: string]: string | number | boolean | null};
}

const WHERE = 'Checkpoints';

/**
 * Checkpoints of a training in Node: after kill -9 or a power failure it continues from the last checkpoint, and its
 * result equals that of a training that was never stopped.
 *
 * A callback of `fitDataset`, the first in its list, so that the others get the means of a whole epoch where it was
 * continued in the middle. A checkpoint holds the weights (tables, moving statistics and alpha included), the
 * optimizer with moments, gRDA's accumulators and threshold, the step, the state of layers that draw random numbers,
 * and what was logged. It is written to the disk in full before it gets its name, with a SHA-256 of each file; a
 * damaged one is skipped with a warning, and the previous one is used.
 *
 * The batches must follow from a seed and be able to begin at a step, as those of `openShards` do. The result is
 * the same bit for bit with LazyAdam (also as `'adam'` in a search), `tf.train.adam`, GRDA and SGD. A
 * `tf.layers.dropout` draws by Math.random, so that no two runs are alike, stopped or not; there is a warning.
 * `TwoStage` cannot continue in its middle: use SearchStage, then `retrainModel`.
 *
 * @throws AutofisError on a checkpoint of another model, optimizer or other `settings`, checkpoints of an earlier
 * training in the folder when neither `resume` nor `clear` was called, or a data set that did not begin at `step`.
 * @example
 * const checkpoints = new Checkpoints({folder: 'run/search', everySteps: 500, settings: {seed: 1, batchSize: 2000}});
 * const {step, epoch} = await checkpoints.resume(model);       // 0, 0 where there is nothing to continue
 * const dataset = train.dataset({batchSize: 2000, seed: 1, fromStep: step});
 * await model.fitDataset(dataset, {epochs: 3, initialEpoch: epoch, callbacks: [checkpoints, search]});
 * await model.save('file://run/searched');
 * await checkpoints.clear();
 */
export class Checkpoints extends tfl.Callback {
  /** Warnings of this training. */
  readonly warnings: string[] = [];
  /** Logged values at the end of each epoch, including epochs before a resume. */
  history: {[name: string]: number[]} = {};
  private readonly args: CheckpointsArgs & {keep: number};
  private readonly means = new EpochMeans();
  private step = 0;
  private epoch = 0;
  private resumed: State | null = null;
  private known = false;
  private waiting = false;
  /** When, and after which step, the last one was written. */
  private lastTime = 0;
  private lastStep = 0;
  /** Logs of the epoch that has ended; callbacks behind this one may still add to them. */
  private ended: tfl.Logs | null = null;
  /** States of the callbacks, which wait for the training to begin. */
  private states: CallbackState[] = [];

  constructor(args: CheckpointsArgs) {
    super();
    checkKeys(WHERE, args ?? {}, ['folder', 'everySteps', 'everyMinutes', 'keep', 'callbacks', 'settings']);
    const {folder, everySteps, everyMinutes = everySteps === undefined ? 10 : undefined, keep = 2} = args ?? {};
    if (typeof folder !== 'string' || folder === '')
      throw invalidArgument(WHERE, 'folder', 'be the path of a folder', folder);
    if (everySteps !== undefined) checkInteger(WHERE, 'everySteps', everySteps, 1);
    if (everyMinutes !== undefined) checkNumber(WHERE, 'everyMinutes', everyMinutes, '(0, Infinity)');
    checkInteger(WHERE, 'keep', keep, 1);
    this.args = {...args, everyMinutes, keep};
    bindHooks(this);
  }

  /**
   * Bring a compiled model, built as in the run that wrote the checkpoints, to the newest of them.
   *
   * @returns What `fitDataset` needs to continue: `fromStep` of its data and `initialEpoch`; zeros without a
   * checkpoint.
   */
  async resume(model: tfl.LayersModel): Promise<Position> {
    checkModel(WHERE, model);
    checkCompiled(WHERE, model);
    this.known = true;
    const checkpoint = await openNewest(this.args.folder, message => this.warn(message));
    if (checkpoint === null) return {step: 0, epoch: 0};
    try {
      const state = checkpoint.state as State;
      checkSettings(WHERE, this.args.folder, state.settings, this.args.settings ?? {});
      checkCallbacks(WHERE, state.callbacks.length, this.args.callbacks?.length ?? 0);
      this.waiting = await restoreModel(WHERE, trainedModel(model), state.model, checkpoint);
      this.states = await readStates(state.callbacks, checkpoint);
      this.resumed = state;
      this.step = this.lastStep = state.step;
      this.epoch = state.epoch;
      this.history = withNaN(state.history);
      return {step: state.step, epoch: state.epoch};
    } finally {
      await checkpoint.close();
    }
  }

  /** Remove all checkpoints of the folder: to start over, or after the result has been saved. */
  async clear(): Promise<void> {
    this.known = true;
    await prune(this.args.folder, 0);
  }

  override async onTrainBegin(): Promise<void> {
    const model = this.trained;
    const {folder, keep} = this.args;
    if (!this.known && (await listCheckpoints(folder)).length > 0) {
      throw new AutofisError(
        `${WHERE}: ${folder} holds checkpoints of an earlier training. Call \`await checkpoints.resume(model)\` ` +
          'before training to continue it, or `await checkpoints.clear()` to start over.',
      );
    }
    checkSteps(WHERE, this.params['steps'] as number | null, this.resumed?.stepsPerEpoch);
    const random = unrepeatable(model);
    if (random.length > 0) {
      this.warn(
        `the layers ${random.join(', ')} use Math.random, so a resumed run differs from an uninterrupted one. ` +
          'Use layers with a seed.',
      );
    }
    await prune(folder, keep);
    this.lastTime = Date.now();
  }

  override async onEpochBegin(epoch: number): Promise<void> {
    if (epoch !== this.epoch) {
      throw new AutofisError(
        `${WHERE}: training starts at epoch ${epoch}, but the checkpoint is in epoch ${this.epoch}. ` +
          'Pass the `initialEpoch` that `resume` returned.',
      );
    }
    await this.record();
    // After every onTrainBegin, in which callbacks start again.
    this.states.forEach((state, i) => this.args.callbacks![i].setState(state));
    this.states = [];
    if (this.resumed !== null) this.means.restore(this.resumed.means);
    else this.means.reset();
    this.resumed = null;
  }

  /** Between two steps all callbacks are done with the one and have not started the other. */
  override async onBatchBegin(): Promise<void> {
    if (this.waiting && takeSavedOptimizer(this.trained) !== null) {
      throw new AutofisError(
        `${WHERE}: the checkpoint belongs to a search. Add a SearchStage with the same options to \`callbacks\`.`,
      );
    }
    this.waiting = false;
    if (this.step > this.lastStep && this.isDue()) await this.write();
  }

  override async onBatchEnd(_batch: number, logs?: tfl.Logs): Promise<void> {
    this.step++;
    this.means.add(this.params['metrics'] as string[], logs ?? {});
    if (this.step <= (this.epoch + 1) * this.stepsPerEpoch) return;
    throw new AutofisError(
      `${WHERE}: epoch ${this.epoch} has more than its ${this.stepsPerEpoch} batches. ` +
        'Start the data set at `fromStep: step`, the `step` that `resume` returned.',
    );
  }

  override async onEpochEnd(epoch: number, logs?: tfl.Logs): Promise<void> {
    if (logs !== undefined) await this.means.complete(logs);
    this.ended = logs ?? null;
    this.epoch = epoch + 1;
  }

  override async onTrainEnd(): Promise<void> {
    await this.record();
    this.means.reset();
  }

  private get trained(): tfl.LayersModel {
    return this.model as tfl.LayersModel;
  }

  private get stepsPerEpoch(): number {
    return this.params['steps'] as number;
  }

  private isDue(): boolean {
    const {everySteps, everyMinutes} = this.args;
    return (
      (everySteps !== undefined && this.step % everySteps === 0) ||
      (everyMinutes !== undefined && Date.now() - this.lastTime >= everyMinutes * 60_000)
    );
  }

  private async write(): Promise<void> {
    const {folder, keep, settings = {}} = this.args;
    const {state: model, arrays, dispose} = await captureModel(this.trained);
    const {step, epoch, stepsPerEpoch, history} = this;
    try {
      const states = (this.args.callbacks ?? []).map(callback => callback.state());
      const sources = states.map(({tensors}) => tensors.map((tensor, i) => sourceOf(String(i), tensor)));
      const state: State = {
        step,
        epoch,
        stepsPerEpoch,
        settings,
        history,
        means: await this.means.state(),
        model,
        callbacks: states.map(({values}, i) => ({values, tensors: sources[i].map(specOf)})),
      };
      await writeCheckpoint(folder, step, state, [...arrays, ...sources.flat()]);
    } finally {
      dispose();
    }
    await prune(folder, keep);
    this.lastTime = Date.now();
    this.lastStep = step;
  }

  /** Note the logs of the epoch that has ended. */
  private async record(): Promise<void> {
    for (const [key, value] of Object.entries(this.ended ?? {})) {
      const number = typeof value === 'number' ? value : (await (value as tf.Tensor).data())[0];
      (this.history[key] ??= []).push(number);
    }
    this.ended = null;
  }

  private warn(message: string): void {
    this.warnings.push(message);
    console.warn(`${WHERE}: ${message}`);
  }
}
