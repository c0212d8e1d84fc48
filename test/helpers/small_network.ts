import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {seededRandom} from '../../src/random';
import type {NativeBackend} from '../../src/tfjs_internals';

/** Columns of the rows. */
const WIDTH = 100;

/**
 * Train a network with two hidden layers for 20 steps on 512 rows, always from the same start.
 *
 * @returns The loss of each step, and the predictions of these rows and of two rows that are NaN.
 */
export async function trainSmallNetwork(hidden: [number, number]) {
  const dense = (units: number, activation: 'relu' | 'sigmoid', seed: number) =>
    tfl.layers.dense({units, activation, kernelInitializer: tfl.initializers.glorotUniform({seed})});
  const input = tfl.input({shape: [WIDTH]});
  const layers = [dense(hidden[0], 'relu', 1), dense(hidden[1], 'relu', 2), dense(1, 'sigmoid', 3)];
  const output = layers.reduce((x, layer) => layer.apply(x) as tfl.SymbolicTensor, input);
  const model = tfl.model({inputs: input, outputs: output});
  model.compile({optimizer: 'adam', loss: 'binaryCrossentropy'});
  const xs = tf.randomUniform([512, WIDTH], -1, 1, 'float32', 7);
  const ys = tf.tidy(() => tf.cast(tf.greater(tf.sum(tf.slice(xs, [0, 0], [-1, 5]), 1, true), 0), 'float32'));
  const losses: number[] = [];
  for (let step = 0; step < 20; step++) losses.push((await model.trainOnBatch(xs, ys)) as number);
  const unknown = tf.fill([2, WIDTH], NaN);
  const [predictions, lost] = [xs, unknown].map(rows =>
    tf.tidy(() => [...(model.predict(rows) as tf.Tensor).dataSync()]),
  );
  tf.dispose([xs, ys, unknown]);
  model.dispose();
  return {losses, predictions, lost};
}

/** A function that makes matrices of numbers from [-0.5, 0.5). */
export function matrices(seed: number): (rows: number, columns: number) => tf.Tensor2D {
  const random = seededRandom(seed);
  return (rows, columns) =>
    tf.tensor2d(
      Float32Array.from({length: rows * columns}, () => random() - 0.5),
      [rows, columns],
    );
}

/** How many tensors TensorFlow has. */
export const tensorsOf = (backend: NativeBackend): number =>
  (backend as unknown as {getNumOfTFTensors(): number}).getNumOfTFTensors();

/** The weighted sum of two layers with relu, and its gradients: inputs are [x, w, bias, w, bias]. */
export function lossAndGradients(inputs: tf.Tensor[], weights: tf.Tensor): tf.TypedArray[] {
  const layer = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) =>
    tf.fused.matMul({a: x as tf.Tensor2D, b: w as tf.Tensor2D, bias: b, activation: 'relu'});
  const loss = (...[x, w, b, v, c]: tf.Tensor[]) => tf.sum(tf.mul(layer(layer(x, w, b), v, c), weights)) as tf.Scalar;
  const {value, grads} = tf.valueAndGrads(loss)(inputs);
  const found = [value, ...grads].map(each => each.dataSync());
  tf.dispose([value, grads]);
  return found;
}
