import * as tfl from '@tensorflow/tfjs-layers';

/** How long the worker computes before it looks for messages, in milliseconds. */
const SLICE = 40;

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

/** Pause, resume and stop of a training, between two steps. */
export class Control {
  stopped = false;
  private paused: Promise<void> | null = null;
  private wake: () => void = () => undefined;

  /** @param onPaused Called when the training stands still, not before. */
  constructor(private readonly onPaused: () => void = () => undefined) {}

  /** Whether the training stands still, or will after the step that it is in. */
  get isPaused(): boolean {
    return this.paused !== null;
  }

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

  /** Until the training may go on; `atPause` is called where it stands still. */
  async wait(atPause: () => void): Promise<void> {
    await macrotask();
    if (this.paused !== null) {
      atPause();
      this.onPaused();
    }
    while (this.paused !== null) await this.paused;
  }
}

export interface LiveHooks {
  /** After onTrainBegin of the callbacks before it, which may be set to a saved state now. */
  begin?(): void;
  /** Now and then, with the steps done in this fit and how many of them there are a second. */
  moved(step: number, stepsPerSecond: number): void;
  /** After each pass but the last, counted from 1. */
  passed?(pass: number): Promise<void>;
}

/** Steps that the speed is a mean of, at most. */
const WINDOW = 200;

/** The last callback of a training: lets a person look in, pause and stop. */
export class Live extends tfl.Callback {
  private step = 0;
  private lookedAt = 0;
  /** When each of the last steps ended, without the pauses. */
  private times: number[] = [];
  private idle = 0;

  constructor(
    private readonly control: Control,
    private readonly hooks: LiveHooks,
  ) {
    super();
  }

  override async onTrainBegin(): Promise<void> {
    this.hooks.begin?.();
  }

  override async onBatchEnd(): Promise<void> {
    this.step++;
    const now = performance.now();
    this.times.push(now - this.idle);
    if (this.times.length > WINDOW) this.times.shift();
    if (now - this.lookedAt >= SLICE) {
      this.hooks.moved(this.step, this.speed());
      await this.control.wait(() => this.hooks.moved(this.step, this.speed()));
      this.lookedAt = performance.now();
      this.idle += this.lookedAt - now;
    }
    if (this.control.stopped) (this.model as tfl.LayersModel).stopTraining = true;
  }

  override async onEpochEnd(epoch: number): Promise<void> {
    this.hooks.moved(this.step, this.speed());
    const before = performance.now();
    const {epochs} = this.params as {epochs: number};
    // A stopped pass is no whole one, and after the last one the training is over.
    if (!this.control.stopped && epoch + 1 < epochs) await this.hooks.passed?.(epoch + 1);
    this.idle += performance.now() - before;
  }

  private speed(): number {
    const {times} = this;
    return times.length < 2 ? 0 : (1000 * (times.length - 1)) / (times[times.length - 1] - times[0]);
  }
}
