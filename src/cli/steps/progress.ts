import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {barSize, timeInWords} from '../../data/staging/progress';
import type {Output} from '../output';

interface Bar {
  start(total: number, value: number, payload: object): void;
  update(value: number, payload?: object): void;
  stop(): void;
}

/** Milliseconds between two changes of a bar. */
const INTERVAL = 100;
/** Letters that a line has besides its bar. */
const BESIDES = 62;

/**
 * Shows how far a training is: a bar on a terminal, else a line an epoch. Of trainings that run at once, one has the
 * bar.
 */
export class TrainingProgress extends tfl.Callback {
  private static shown: TrainingProgress | null = null;
  private bar: Bar | null = null;
  private step: number;
  private changed = 0;

  constructor(
    private readonly title: string,
    private readonly output: Output,
    fromStep: number,
  ) {
    super();
    this.step = fromStep;
  }

  /**
   * Begin the bar with the first step, so that it does not mix with what other callbacks print before.
   */
  override async onBatchBegin(): Promise<void> {
    if (TrainingProgress.shown !== null || this.output.quiet || !this.output.terminal) return;
    TrainingProgress.shown = this;
    const {default: progress} = await import('cli-progress');
    const {steps, epochs} = this.params as {steps: number; epochs: number};
    this.bar = new progress.SingleBar({
      format: `${this.title} {bar} {percentage}% | epoch {epoch} of ${epochs} | {eta_formatted} left{text}`,
      barsize: barSize(BESIDES),
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
      etaBuffer: 200,
      formatTime: timeInWords,
      gracefulExit: false,
    });
    this.bar.start(steps * epochs, this.step, {epoch: Math.floor(this.step / steps) + 1, text: ''});
  }

  override async onBatchEnd(): Promise<void> {
    this.step++;
    if (this.bar === null || Date.now() - this.changed < INTERVAL) return;
    this.changed = Date.now();
    this.bar.update(this.step);
  }

  override async onEpochEnd(epoch: number, logs: tfl.Logs = {}): Promise<void> {
    const {epochs} = this.params as {epochs: number};
    if (this.bar === null) {
      if (this.output.terminal) return;
      this.output.note(
        `${this.title}: epoch ${epoch + 1} of ${epochs}, ${Object.entries(logs)
          .map(([name, value]) => `${name} ${shown(value)}`)
          .join(', ')}`,
      );
    } else {
      this.bar.update(this.step, {epoch: Math.min(epochs, epoch + 2), text: barText(logs)});
    }
  }

  override async onTrainEnd(): Promise<void> {
    if (TrainingProgress.shown !== this) return;
    this.bar?.stop();
    this.bar = TrainingProgress.shown = null;
  }
}

/** Format the text beside a bar: validation AUC and the number of open gates. */
function barText(logs: tfl.Logs): string {
  const {val_auc: auc, openGates} = logs;
  return [
    ...(auc === undefined ? [] : [`AUC ${shown(auc)}`]),
    ...(openGates === undefined ? [] : [`${shown(openGates)} open`]),
  ]
    .map(text => ` | ${text}`)
    .join('');
}

function shown(value: unknown): string {
  // What fit logs by itself are scalars, whatever the types say.
  const number = value instanceof tf.Tensor ? value.dataSync()[0] : (value as number);
  return Number.isInteger(number) ? String(number) : number.toFixed(4);
}
