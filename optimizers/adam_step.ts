import * as tf from '@tensorflow/tfjs-core';
import type {AdamStep} from '../src/tables/row_store';
import {filledTensor, hasValuesAtHand} from '../src/wasm/heap';

/** The constants of Adam's rule. */
export interface AdamConstants {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** The constants of step t, counted from 1. */
export function adamStep(t: number, {learningRate, beta1, beta2, epsilon}: AdamConstants): AdamStep {
  const root = Math.sqrt(1 - Math.pow(beta2, t));
  return {beta1, beta2, rate: (learningRate * root) / (1 - Math.pow(beta1, t)), epsilon: epsilon * root};
}

/** Values of a weight up to which one loop costs less than the ops of the rule do. */
const MOST_AT_HAND = 2 ** 14;

/** One step on a dense weight and its moments. */
export function denseStep(w: tf.Variable, m: tf.Variable, v: tf.Variable, g: tf.Tensor, step: AdamStep): void {
  const rule = hasValuesAtHand() && w.size <= MOST_AT_HAND ? stepAtHand : composedStep;
  rule(w, m, v, g, step);
}

/** The rule on the values themselves. New tensors, since others may share the memory of the old ones. */
function stepAtHand(
  w: tf.Variable,
  m: tf.Variable,
  v: tf.Variable,
  g: tf.Tensor,
  {beta1, beta2, rate, epsilon}: AdamStep,
): void {
  const assign = (variable: tf.Variable, inputs: tf.Tensor[], fill: Parameters<typeof filledTensor>[2]) =>
    variable.assign(filledTensor(variable.shape, [variable, ...inputs], fill));
  assign(m, [g], (values, old, gradient) => {
    for (let i = 0; i < values.length; i++) values[i] = beta1 * old[i] + (1 - beta1) * gradient[i];
  });
  assign(v, [g], (values, old, gradient) => {
    for (let i = 0; i < values.length; i++) values[i] = beta2 * old[i] + (1 - beta2) * gradient[i] * gradient[i];
  });
  assign(w, [m, v], (values, old, means, squares) => {
    for (let i = 0; i < values.length; i++) values[i] = old[i] - (rate * means[i]) / (Math.sqrt(squares[i]) + epsilon);
  });
}

/** The rule by ops that every backend has. */
function composedStep(
  w: tf.Variable,
  m: tf.Variable,
  v: tf.Variable,
  g: tf.Tensor,
  {beta1, beta2, rate, epsilon}: AdamStep,
): void {
  m.assign(tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1)));
  v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2)));
  w.assign(tf.sub(w, tf.mul(tf.div(m, tf.add(tf.sqrt(v), epsilon)), rate)));
}
