import * as tf from '@tensorflow/tfjs-core';
import {generator, uniform} from './random';
import {numbers} from './tensors';

/** Variables under the given names, disposed by `dispose`. */
export function variables(values: {[name: string]: number[]}) {
  const made = Object.entries(values).map(([name, v]) => tf.tidy(() => tf.variable(tf.tensor1d(v), true, name)));
  return {
    list: made,
    values: () => made.map(v => numbers(v)),
    assign: (rows: number[][]) => tf.tidy(() => made.forEach((v, i) => v.assign(tf.tensor1d(rows[i])))),
    dispose: () => made.forEach(v => v.dispose()),
  };
}

/** Seeded gradients: for each step one list a variable. */
export function gradientSteps(steps: number, sizes: number[], seed: number, scale = 1): number[][][] {
  const next = generator(seed);
  return Array.from({length: steps}, () => sizes.map(size => uniform(next, size, -scale, scale)));
}

/**
 * One step with given gradients, in the list form that `fit` uses. null stands for a weight that the loss does not use.
 */
export function step(optimizer: tf.Optimizer, list: tf.Variable[], gradients: Array<number[] | null>): void {
  tf.tidy(() =>
    optimizer.applyGradients(
      list.map((variable, i) => ({
        name: variable.name,
        tensor: (gradients[i] === null ? undefined : tf.tensor(gradients[i]!, variable.shape)) as tf.Tensor,
      })),
    ),
  );
}

/** The state of an optimizer as plain float32 numbers, as a file holds it. */
export async function stateOf(optimizer: tf.Optimizer) {
  const weights = await optimizer.getWeights();
  const state = weights.map(({name, tensor}) => ({
    name,
    shape: tensor.shape,
    dtype: tensor.dtype,
    values: numbers(tensor),
  }));
  return JSON.parse(JSON.stringify(state)) as typeof state;
}

/** Gives such a state to an optimizer. */
export async function restore(optimizer: tf.Optimizer, state: Awaited<ReturnType<typeof stateOf>>): Promise<void> {
  const weights = state.map(({name, shape, dtype, values}) => ({name, tensor: tf.tensor(values, shape, dtype)}));
  await optimizer.setWeights(weights);
  tf.dispose(weights.map(({tensor}) => tensor));
}
