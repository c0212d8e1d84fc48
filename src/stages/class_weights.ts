import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';

type LossFunctions = tfl.LayersModel['lossFunctions'];

/** Seen by every copy of this library. */
const ROW_WEIGHTS = Symbol.for('tfjs-autofis.rowWeights');

/** Note on the labels of a batch by what the loss of each row is multiplied besides its class weight. */
export function noteRowWeights(ys: tf.Tensor, weights: Float32Array): void {
  (ys as {[ROW_WEIGHTS]?: Float32Array})[ROW_WEIGHTS] = weights;
}

/** Return the weights that {@link noteRowWeights} noted on the labels. */
export function rowWeightsOf(ys: tf.Tensor): Float32Array | undefined {
  return (ys as {[ROW_WEIGHTS]?: Float32Array})[ROW_WEIGHTS];
}

/**
 * The class weights of a training, which no callback is given: `fit` multiplies the loss of row i by that of its label,
 * so the mean loss of B rows has the gradient weight_i / B by it. It is read in the first steps, until both labels, 0
 * and 1, have occurred.
 */
export class ClassWeights {
  /** The losses of the model as they are without being watched. */
  readonly losses: LossFunctions;
  private readonly known: [number | undefined, number | undefined] = [undefined, undefined];

  constructor(private readonly model: tfl.LayersModel) {
    this.losses = model.lossFunctions;
    model.lossFunctions = this.losses.map(
      loss => (labels, predictions) => this.watched(labels, loss(labels, predictions)),
    );
  }

  /** The weight of each row by its label, [B]; null where all are 1. */
  of(labels: tf.Tensor): tf.Tensor | null {
    const [zero = 1, one = 1] = this.known;
    return zero === 1 && one === 1 ? null : tf.add(tf.mul(tf.reshape(labels, [-1]), one - zero), zero);
  }

  /** Let the model have its own losses again. */
  end(): void {
    this.model.lossFunctions = this.losses;
  }

  private watched(labels: tf.Tensor, rows: tf.Tensor): tf.Tensor {
    return tf.customGrad(x => ({
      value: tf.clone(x as tf.Tensor),
      gradFunc: gradient => {
        this.read(labels, gradient);
        return gradient;
      },
    }))(rows);
  }

  private read(labels: tf.Tensor, gradient: tf.Tensor): void {
    const batchWeights = rowWeightsOf(labels);
    const values = labels.dataSync();
    const gradients = gradient.dataSync();
    // Labels other than one per row are unknown.
    if (values.length === gradients.length) {
      values.forEach((label, i) => {
        const row = batchWeights?.[i] ?? 1;
        if ((label === 0 || label === 1) && row > 0)
          // Rounded, so that weights of 1 are seen as none in spite of float32.
          this.known[label] ??= Number(((gradients[i] * values.length) / row).toPrecision(6));
      });
    }
    if (this.known.every(weight => weight !== undefined)) this.end();
  }
}
