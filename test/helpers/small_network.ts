import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

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
