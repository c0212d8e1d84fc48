import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {AutofisError} from '../errors';
import {logged} from '../tfjs_internals';

/** Steps whose losses are read together: reading one from a GPU waits for all work before it. */
export const WINDOW = 32;

/** Stops a training whose loss is not a number, and says at which step that began. */
export class LossWatch {
  private pending: Array<tf.Tensor | number> = [];

  /**
   * @param what Which loss, for the message.
   * @param step Steps before the first that is watched.
   */
  constructor(
    private readonly what: string,
    private step = 0,
  ) {}

  /** True if no loss waits for its check: at the start, and after each window. */
  get isChecked(): boolean {
    return this.pending.length === 0;
  }

  /** Note the loss of the next step, which stays the caller's. */
  note(loss: tf.Tensor | number): void {
    this.pending.push(typeof loss === 'number' ? loss : tf.tidy(() => tf.keep(tf.add(loss, 0))));
  }

  /** Note the loss that `onBatchEnd` is given, and check it with others. */
  async add(logs: tfl.Logs | undefined): Promise<void> {
    const loss = logs && logged(logs, 'loss');
    if (loss !== undefined) this.note(loss);
    await this.check(WINDOW);
  }

  /** Check that the losses since the last check are numbers; does nothing where they are fewer than `least`. */
  async check(least = 1): Promise<void> {
    if (this.pending.length < least) return;
    const values = await this.read();
    this.dispose();
    const first = values.findIndex(value => !Number.isFinite(value));
    if (first >= 0) {
      throw new AutofisError(
        `${this.what} of step ${this.step + first + 1} is ${values[first]}. ` +
          'A label, a weight or an input of that step ' +
          'is not a number, or the training has diverged: correct the data, or use a smaller learning rate.',
      );
    }
    this.step += values.length;
  }

  private async read(): Promise<number[]> {
    const {pending} = this;
    if (pending.every(loss => typeof loss === 'number')) return pending;
    const all = tf.tidy(() => tf.stack(pending as tf.Tensor[]));
    const values = await all.data();
    all.dispose();
    return Array.from(values);
  }

  /** Forget losses that were not checked. */
  dispose(): void {
    tf.dispose(this.pending as tf.Tensor[]);
    this.pending = [];
  }
}

/** {@link LossWatch} as a callback, for trainings without a stage of their own. */
export class FiniteLoss extends tfl.Callback {
  private readonly watch: LossWatch;

  /** @param step Steps before the first of this `fit`, in a training that continues. */
  constructor(where: string, step = 0) {
    super();
    this.watch = new LossWatch(`${where}: the loss`, step);
  }

  override async onBatchEnd(_batch: number, logs?: tfl.Logs): Promise<void> {
    await this.watch.add(logs);
  }

  override async onEpochEnd(): Promise<void> {
    await this.watch.check();
  }
}
