import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {checkInteger, checkKeys} from '../checks';
import {AutofisError} from '../errors';

export interface HeldOut {
  /** Inputs that are not trained on, as `fit` takes them. The caller keeps and disposes them. */
  xs: tf.Tensor | tf.Tensor[];
  /** Their labels. */
  ys: tf.Tensor | tf.Tensor[];
  /** Rows a step; by default `fit`'s batchSize, and 2,000 under `fitDataset`. */
  batchSize?: number;
}

/** Throws unless the held-out data is rows of tensors. */
export function checkHeldOut(where: string, heldOut: HeldOut): void {
  checkKeys(`${where}: heldOut`, heldOut, ['xs', 'ys', 'batchSize']);
  const tensors = [heldOut.xs, heldOut.ys].flat();
  const rows = tensors[0]?.shape?.[0];
  if (tensors.some(t => !(t instanceof tf.Tensor) || t.shape[0] !== rows) || !rows) {
    throw new AutofisError(`${where}: \`heldOut\` must be {xs, ys}, tensors with the same number of rows, at least one. ` +
      `Received shapes: ${tensors.map(t => t?.shape === undefined ? typeof t : `[${t.shape}]`).join(', ')}.`);
  }
  if (heldOut.batchSize !== undefined) checkInteger(where, 'heldOut.batchSize', heldOut.batchSize, 1);
}

/**
 * Gradients of the loss on held-out batches, taken in rows' order round and round.
 * The pass is one of training (batch statistics, dropout) but leaves every weight as it was, moving statistics included.
 */
export class HeldOutGradients {
  private position = 0;
  private readonly xs: tf.Tensor[];
  private readonly ys: tf.Tensor[];
  private readonly batchSize: number;

  constructor(private readonly model: tfl.LayersModel, heldOut: HeldOut, batchSize: number) {
    this.xs = [heldOut.xs].flat();
    this.ys = [heldOut.ys].flat();
    this.batchSize = Math.min(heldOut.batchSize ?? batchSize, this.xs[0].shape[0]);
  }

  /** Goes to the batch of a step, counted from 0, so that a search that is taken up again sees the same batches. */
  seek(step: number): void {
    this.position = step * this.batchSize % this.xs[0].shape[0];
  }

  /** Gradients for the named variables on the next held-out batch. */
  next(variables: tf.Variable[]): tf.NamedTensorMap {
    return tf.tidy(() => {
      const xs = this.xs.map(t => this.rows(t)), ys = this.ys.map(t => this.rows(t));
      this.position = (this.position + this.batchSize) % this.xs[0].shape[0];
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

  private rows(tensor: tf.Tensor): tf.Tensor {
    const total = tensor.shape[0], rest = tensor.shape.slice(1);
    const take = (start: number, count: number) => tf.slice(tensor, [start, ...rest.map(() => 0)], [count, ...rest]);
    const first = Math.min(this.batchSize, total - this.position);
    const head = take(this.position, first);
    return first === this.batchSize ? head : tf.concat([head, take(0, this.batchSize - first)], 0);
  }
}
