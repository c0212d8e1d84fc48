import * as tfl from '@tensorflow/tfjs-layers';
import type {LazyAdam} from '../../optimizers/lazy_adam';
import {checkInteger} from '../checks';
import {bindHooks, CallbackState, callbackModel, ResumableCallback} from '../metrics/callbacks';

/** Batch size, epochs and learning rate of a training of known length. */
export interface Schedule {
  /** Rows per step; an integer >= 1. */
  batchSize: number;
  /** Passes over the rows, without early stopping; an integer >= 1. */
  epochs: number;
  /** The highest learning rate; > 0. */
  learningRate: number;
}

/** Steps of an epoch where rows are few. */
const STEPS_AN_EPOCH = 100;
const SMALLEST_BATCH = 32;
const LARGEST_BATCH = 2000;
/** Passes over 100,000 rows or fewer; more rows need fewer passes. */
const MOST_EPOCHS = 10;
/** The rate of a training of 1,000 steps or fewer; longer ones go slower, by the root of their steps. */
const RATE = 0.02;

/**
 * The schedule of shallow models on a number of rows: batches that make about 100 steps per epoch, 32 to 2,000 rows
 * each; 10 epochs up to 100,000 rows, from there on fewer by the fourth root of the rows (6 at one million, 2 at 50
 * million).
 *
 * @throws AutofisError if `rows` is not an integer >= 1.
 */
export function scheduleFor(rows: number): Schedule {
  checkInteger('scheduleFor', 'rows', rows, 1);
  const batchSize = Math.min(LARGEST_BATCH, Math.max(SMALLEST_BATCH, Math.round(rows / STEPS_AN_EPOCH)));
  const epochs = Math.max(1, Math.min(MOST_EPOCHS, Math.round(MOST_EPOCHS * (100_000 / rows) ** 0.25)));
  const steps = epochs * Math.ceil(rows / batchSize);
  return {batchSize, epochs, learningRate: RATE * Math.min(1, Math.sqrt(1000 / steps))};
}

/** Share of the steps in which the rate rises. */
const WARMUP = 0.05;

/**
 * The learning rate of step t of T, counted from 0: it rises linearly for the first twentieth, then falls linearly to
 * 0.
 */
export function scheduledRate(highest: number, step: number, steps: number): number {
  const rising = Math.min(1, (step + 1) / (WARMUP * steps));
  return highest * rising * Math.max(1 - step / steps, 1 / steps);
}

/**
 * Sets the learning rate of a model's LazyAdam before each step, by {@link scheduledRate}. A training that ends at
 * rate 0 needs no early stopping, takes a time that is known beforehand, and can be repeated on more rows as it is.
 */
export class ScheduledRate extends tfl.Callback implements ResumableCallback {
  private step = 0;

  constructor(private readonly highest: number) {
    super();
    bindHooks(this);
  }

  override async onBatchBegin(): Promise<void> {
    const {epochs, steps} = this.params as {epochs: number; steps: number};
    const optimizer = callbackModel('ScheduledRate', this.model).optimizer as unknown as LazyAdam;
    optimizer.setLearningRate(scheduledRate(this.highest, this.step++, epochs * steps));
  }

  state(): CallbackState {
    return {values: {step: this.step}, tensors: []};
  }

  setState({values}: CallbackState): void {
    this.step = (values as {step: number}).step;
  }
}
