import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

type Values = ArrayLike<number> | tf.Tensor;

export function numbers(values: Values): number[] {
  return Array.from(values instanceof tf.Tensor ? values.dataSync() : values);
}

/** Every value within `tolerance` (1 + |expected|) of the expected one. */
export function expectClose(actual: Values, expected: Values, tolerance = 1e-4): void {
  const a = numbers(actual);
  const e = numbers(expected);
  expect(a).toHaveLength(e.length);
  const worst = e.reduce((at, value, i) => (error(a[i], value) > error(a[at], e[at]) ? i : at), 0);
  const far = e.length > 0 && !(error(a[worst], e[worst]) <= tolerance);
  expect(far ? `value ${worst} is ${a[worst]}` : 'close').toBe(far ? `value ${worst} is ${e[worst]}` : 'close');
}

function error(actual: number, expected: number): number {
  const off = Math.abs(actual - expected) / (1 + Math.abs(expected));
  return Number.isNaN(off) ? Infinity : off;
}

/** The values of a list of weights, one array a weight. */
export function weightValues(weights: readonly {read(): tf.Tensor}[]): number[][] {
  return weights.map(weight => numbers(weight.read()));
}

/** Runs `body` and expects as many tensors after it as before. */
export async function expectNoLeak(body: () => void | Promise<void>): Promise<void> {
  const before = tf.memory().numTensors;
  await body();
  expect(tf.memory().numTensors - before).toBe(0);
}

/** The message of the error that `body` throws. */
export async function messageOf(body: () => unknown): Promise<string> {
  try {
    await body();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

/** Disposes the weights of a layer that is in no model; tfjs refuses `dispose` on it. */
export function disposeWeights(layer: {weights: Array<{dispose(): void}>}): void {
  layer.weights.forEach(weight => weight.dispose());
}

/** Inputs of the sigmoid that a model ends with: [n]. */
export function logitsOf(model: tfl.LayersModel, xs: tf.Tensor): Float32Array {
  const probe = tfl.model({inputs: model.inputs, outputs: model.outputs[0].inputs[0]});
  return tf.tidy(() => (probe.predict(xs) as tf.Tensor).dataSync<'float32'>());
}
