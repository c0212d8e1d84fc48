import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type {Output} from '../output';

interface Bar {
  start(total: number, value: number, payload: object): void;
  update(value: number, payload?: object): void;
  stop(): void;
}

/** Milliseconds between two changes of a bar. */
const INTERVAL = 100;

/** Shows how far a training is: a bar on a terminal, else a line an epoch. */
export class Progress extends tfl.Callback {
  private bar: Bar | null = null;
  private step: number;
  private shown = 0;

  constructor(private readonly title: string, private readonly output: Output, fromStep: number) {
    super();
    this.step = fromStep;
  }

  override async onTrainBegin(): Promise<void> {
    if (this.output.quiet || !this.output.terminal) return;
    const {default: progress} = await import('cli-progress');
    this.bar = new progress.SingleBar({
      format: `${this.title} {bar} {percentage}% | epoch {epoch} | {eta_formatted} left | {text}`, barsize: 24, hideCursor: true,
      clearOnComplete: true, stream: process.stderr, etaBuffer: 200,
    });
    const {steps, epochs} = this.params as {steps: number, epochs: number};
    this.bar.start(steps * epochs, this.step, {epoch: 1, text: ''});
  }

  override async onBatchEnd(): Promise<void> {
    this.step++;
    if (this.bar === null || Date.now() - this.shown < INTERVAL) return;
    this.shown = Date.now();
    this.bar.update(this.step);
  }

  override async onEpochEnd(epoch: number, logs: tfl.Logs = {}): Promise<void> {
    const {epochs} = this.params as {epochs: number};
    const parts = Object.entries(logs).map(([name, value]) => `${name} ${shown(value)}`);
    if (this.bar === null) this.output.note(`${this.title}: epoch ${epoch + 1} of ${epochs}, ${parts.join(', ')}`);
    else this.bar.update(this.step, {epoch: epoch + 2, text: parts.join(', ')});
  }

  override async onTrainEnd(): Promise<void> {
    this.bar?.stop();
    this.bar = null;
  }
}

function shown(value: unknown): string {
  // What fit logs by itself are scalars, whatever the types say.
  const number = value instanceof tf.Tensor ? value.dataSync()[0] : value as number;
  return Number.isInteger(number) ? String(number) : number.toFixed(4);
}
