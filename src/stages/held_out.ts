import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkKeys} from '../checks';
import {AutofisError} from '../errors';
import {seededRandom, shuffle} from '../random';

export interface HeldOut {
  /** Inputs that are not trained on, as `fit` takes them. The caller keeps and disposes them. */
  xs: tf.Tensor | tf.Tensor[];
  /** Their labels. */
  ys: tf.Tensor | tf.Tensor[];
  /** Rows a step; by default `fit`'s batchSize, and 2,000 under `fitDataset`. */
  batchSize?: number;
  /** Decides on the order of the rows, a new one each pass; an integer >= 0, default 1. */
  seed?: number;
}

/** Throws unless the held-out data is rows of tensors. */
export function checkHeldOut(where: string, heldOut: HeldOut): void {
  checkKeys(`${where}: heldOut`, heldOut, ['xs', 'ys', 'batchSize', 'seed']);
  const tensors = [heldOut.xs, heldOut.ys].flat();
  const rows = tensors[0]?.shape?.[0];
  if (tensors.some(t => !(t instanceof tf.Tensor) || t.shape[0] !== rows) || !rows) {
    throw new AutofisError(`${where}: \`heldOut\` must be {xs, ys}, tensors with the same number of rows, at least one. ` +
      `Received shapes: ${tensors.map(t => t?.shape === undefined ? typeof t : `[${t.shape}]`).join(', ')}.`);
  }
  if (heldOut.batchSize !== undefined) checkInteger(where, 'heldOut.batchSize', heldOut.batchSize, 1);
  if (heldOut.seed !== undefined) checkInteger(where, 'heldOut.seed', heldOut.seed, 0);
}

/** Seeds of two passes are so far apart. */
const STRIDE = 0x9E3779B1;

/** An endless sequence of rows, pass after pass, each in an order of its own that follows from the seed. */
export class PassOrder {
  private pass = -1;
  private order = new Int32Array(0);

  constructor(private readonly rows: number, private readonly seed: number) {}

  /** The row at a position, counted from 0. */
  at(position: number): number {
    const pass = Math.floor(position / this.rows);
    if (pass !== this.pass) {
      this.pass = pass;
      this.order = shuffle(new Int32Array(this.rows).map((_, i) => i), seededRandom(this.seed + STRIDE * pass));
    }
    return this.order[position % this.rows];
  }
}

/**
 * Gradients of the loss on held-out batches, in a new order each pass: rows of a file are often sorted, by label or by time.
 * The step is one of training (batch statistics, dropout) but leaves every weight as it was, moving statistics included.
 */
export class HeldOutGradients {
  private step = 0;
  private readonly xs: tf.Tensor[];
  private readonly ys: tf.Tensor[];
  private readonly batchSize: number;
  private readonly order: PassOrder;

  constructor(private readonly model: tfl.LayersModel, heldOut: HeldOut, batchSize: number) {
    this.xs = [heldOut.xs].flat();
    this.ys = [heldOut.ys].flat();
    const rows = this.xs[0].shape[0];
    this.batchSize = Math.min(heldOut.batchSize ?? batchSize, rows);
    this.order = new PassOrder(rows, heldOut.seed ?? 1);
  }

  /** Goes to the batch of a step, counted from 0, so that a search that is taken up again sees the same batches. */
  seek(step: number): void {
    this.step = step;
  }

  /** Gradients for the named variables on the next held-out batch. */
  next(variables: tf.Variable[]): tf.NamedTensorMap {
    return tf.tidy(() => {
      const start = this.step++ * this.batchSize;
      const chosen = tf.tensor1d(new Int32Array(this.batchSize).map((_, i) => this.order.at(start + i)), 'int32');
      const xs = this.xs.map(t => tf.gather(t, chosen)), ys = this.ys.map(t => tf.gather(t, chosen));
      const untouched = this.model.nonTrainableWeights.map(weight => ({weight, value: tf.clone(weight.read())}));
      const {grads} = tf.variableGrads(() => {
        const outputs = [this.model.apply(xs.length === 1 ? xs[0] : xs, {training: true}) as tf.Tensor | tf.Tensor[]].flat();
        const losses = this.model.lossFunctions.map((loss, i) => tf.mean(loss(ys[i], outputs[i])));
        return tf.addN(losses) as tf.Scalar;
      }, variables);
      untouched.forEach(({weight, value}) => weight.write(value));
      return grads;
    });
  }
}
