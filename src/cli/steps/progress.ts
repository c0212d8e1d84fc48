import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type {ProgressOption} from '../../data/staging/progress';
import type {Output} from '../output';
import {plainTrainer, Trainer} from '../../components/products/trainer';
import {FiniteLoss} from '../../stages/loss_watch';

/**
 * Show the progress of reading a table: nothing without a bar.
 *
 * @param counted Gets the number of rows, often an estimate, as soon as it is known.
 */
export function readingProgress(output: Output, counted: (rows: number) => void = () => {}): ProgressOption {
  if (!output.hasBar) return false;
  let rowsKnown = false;
  return ({stage, done, rows}) => {
    if (!rowsKnown && stage !== 'inferring' && rows !== undefined && done > 0) {
      rowsKnown = true;
      counted(rows / done);
    }
    output.begin(READING[stage]);
    // What follows the columns' facts takes time, too.
    if (stage !== 'inferring') output.reach(done);
  };
}

/** Titles of the stages of reading a table. */
export const READING = {
  inferring: 'looking at the columns',
  reading: 'reading the table',
  fitting: 'collecting values',
  encoding: 'encoding rows',
} as const;

/** Shows the progress of a training: on the bar, else a line an epoch. */
export class TrainingProgress extends tfl.Callback {
  /**
   * @param share Part of the current step that it makes up; by default it is a step of its own, and without a bar
   *   prints a line an epoch.
   */
  constructor(
    private readonly title: string,
    private readonly output: Output,
    private readonly fromStep: number,
    private readonly share?: number,
  ) {
    super();
  }

  override async onTrainBegin(): Promise<void> {
    if (this.share === undefined) this.output.begin(this.title);
    this.advance(this.fromStep);
  }

  override async onBatchEnd(): Promise<void> {
    this.advance(1);
  }

  override async onEpochEnd(epoch: number, logs: tfl.Logs = {}): Promise<void> {
    if (this.share !== undefined || this.output.hasBar) return;
    const words = Object.entries(logs).map(([name, value]) => `, ${name} ${shown(value)}`);
    this.output.note(`${this.title}: epoch ${epoch + 1} of ${this.params['epochs'] as number}${words.join('')}`);
  }

  private advance(batches: number): void {
    const {steps, epochs} = this.params as {steps: number; epochs: number};
    this.output.advance((batches * (this.share ?? 1)) / (steps * epochs));
  }
}

function shown(value: unknown): string {
  // What fit logs by itself are scalars, whatever the types say.
  const number = value instanceof tf.Tensor ? value.dataSync()[0] : (value as number);
  return Number.isInteger(number) ? String(number) : number.toFixed(4);
}

/**
 * Train by `trainer` with progress on the bar, and end with an error where the loss is not a number.
 *
 * @param share Part of the current step that a training makes up; by default it is a step of its own.
 */
export function shownTrainer(output: Output, trainer: Trainer = plainTrainer, share?: () => number): Trainer {
  return job => {
    const bar = output.hasBar ? [new TrainingProgress(job.name, output, 0, share?.())] : [];
    return trainer({...job, callbacks: [...job.callbacks, new FiniteLoss(job.name, 0), ...bar]});
  };
}
