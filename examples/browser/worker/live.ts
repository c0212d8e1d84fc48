import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** How long the worker computes before it looks for messages, in milliseconds. */
const SLICE = 40;

/** A run that a person has stopped. */
export class Stopped extends Error {}

/** Gives way to the messages that wait. */
function macrotask(): Promise<void> {
  return new Promise(resolve => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Pause, resume and stop of a run. */
export class Control {
  private stopped = false;
  private paused: Promise<void> | null = null;
  private wake: () => void = () => undefined;

  /** @param onPaused Called when the run stands still, not before. */
  constructor(private readonly onPaused: () => void = () => undefined) {}

  pause(): void {
    this.paused ??= new Promise(resolve => {
      this.wake = resolve;
    });
  }

  resume(): void {
    this.wake();
    this.paused = null;
  }

  stop(): void {
    this.stopped = true;
    this.resume();
  }

  /** Waits until the run may continue. Throws {@link Stopped} where it is to end. */
  async wait(atPause: () => void = () => undefined): Promise<void> {
    await macrotask();
    if (this.paused !== null) {
      atPause();
      this.onPaused();
    }
    while (this.paused !== null) await this.paused;
    if (this.stopped) throw new Stopped();
  }
}

export interface LiveHooks {
  /** Now and then, with the steps done in this training and the mean loss of the last of them. */
  moved(step: number, loss: number): void;
  /** After each pass. */
  passed(): void;
}

/** Share of a step in the mean loss. */
const SMOOTHING = 0.05;

/** The last callback of a training: lets a person look in, pause and stop. */
export class Live extends tfl.Callback {
  private step = 0;
  private loss: number | null = null;
  private lookedAt = performance.now();

  constructor(
    private readonly control: Control,
    private readonly hooks: LiveHooks,
  ) {
    super();
  }

  override async onBatchEnd(_: number, logs: tfl.Logs): Promise<void> {
    this.step++;
    const logged = logs['loss'] as number | tf.Scalar;
    const loss = typeof logged === 'number' ? logged : logged.dataSync()[0];
    this.loss = this.loss === null ? loss : this.loss + SMOOTHING * (loss - this.loss);
    if (performance.now() - this.lookedAt < SLICE) return;
    this.hooks.moved(this.step, this.loss);
    await this.control.wait(() => this.hooks.moved(this.step, this.loss!));
    this.lookedAt = performance.now();
  }

  override async onEpochEnd(): Promise<void> {
    this.hooks.passed();
  }
}
