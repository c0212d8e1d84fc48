import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {ofMeanOne} from '../metrics/row_weights';
import {ClassWeights} from './class_weights';
import type {HeldOutBatches} from './held_out';
import {LossWatch} from './loss_watch';
import {PassOrder} from './pass_order';

/**
 * Gradients of the loss on held-out batches, in a new order each pass: rows of a file are often sorted, by label or by
 * time. With weights the loss is their weighted mean, and rows of weight 0 are left out. The step is one of training
 * (batch statistics, dropout) but leaves every weight as it was, moving statistics included.
 */
export class HeldOutGradients {
  /** Watch on the losses of the batches. */
  readonly losses: LossWatch;
  private readonly xs: tf.Tensor[];
  private readonly ys: tf.Tensor[];
  private readonly weights: Float32Array | undefined;
  /** The rows with weights above 0. */
  private readonly rows: Int32Array;
  private readonly batchSize: number;
  private readonly order: PassOrder;
  /** Those of the training. */
  private readonly classWeights: ClassWeights;

  /** @param step Steps made, so that a search that is taken up again sees the same batches. */
  constructor(
    private readonly model: tfl.LayersModel,
    heldOut: HeldOutBatches,
    batchSize: number,
    private step = 0,
  ) {
    this.losses = new LossWatch('SearchStage: the loss on `heldOut`', step);
    this.classWeights = new ClassWeights(model);
    this.xs = [heldOut.xs].flat();
    this.ys = [heldOut.ys].flat();
    this.weights = heldOut.weights?.dataSync() as Float32Array | undefined;
    this.rows = new Int32Array(this.xs[0].shape[0]).map((_, i) => i).filter(i => this.weights?.[i] !== 0);
    this.batchSize = Math.min(heldOut.batchSize ?? batchSize, this.rows.length);
    this.order = new PassOrder(this.rows.length, heldOut.seed ?? 1);
  }

  /** Leave the model as it was. */
  end(): void {
    this.classWeights.end();
    this.losses.dispose();
  }

  /** Gradients for the named variables on the next held-out batch. */
  next(variables: tf.Variable[]): tf.NamedTensorMap {
    return tf.tidy(() => {
      const start = this.step++ * this.batchSize;
      const rows = new Int32Array(this.batchSize).map((_, i) => this.rows[this.order.at(start + i)]);
      const chosen = tf.tensor1d(rows, 'int32');
      const weights = this.rowWeights(rows);
      const xs = this.xs.map(t => tf.gather(t, chosen));
      const ys = this.ys.map(t => tf.gather(t, chosen));
      const untouched = this.model.nonTrainableWeights.map(weight => ({weight, value: tf.clone(weight.read())}));
      const {value, grads} = tf.variableGrads(() => {
        const outputs = [
          this.model.apply(xs.length === 1 ? xs[0] : xs, {training: true}) as tf.Tensor | tf.Tensor[],
        ].flat();
        const losses = this.classWeights.losses.map((loss, i) => {
          const factors = [weights, this.classWeights.of(ys[i])].filter(factor => factor !== null);
          return tf.mean(factors.reduce((rows, factor) => tf.mul(rows, factor), loss(ys[i], outputs[i])));
        });
        return tf.addN(losses) as tf.Scalar;
      }, variables);
      untouched.forEach(({weight, value}) => weight.write(value));
      this.losses.note(value);
      return grads;
    });
  }

  /** Weights of mean 1, or null without weights. */
  private rowWeights(rows: Int32Array): tf.Tensor | null {
    const {weights} = this;
    return weights === undefined ? null : tf.tensor1d(ofMeanOne(Float32Array.from(rows, row => weights[row])));
  }
}
