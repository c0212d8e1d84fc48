import * as tf from '@tensorflow/tfjs-core';
import {type AdamStep, NativeOps} from '../src/native/ops';
import {backendWithKernels} from '../src/native/kernel_ops';
import type {NativeRows} from '../src/tables/native_table';
import type {KernelRows} from '../src/tables/kernel_table';
import {Table} from '../src/tables/table';
import {nativeBackend} from '../src/tfjs_internals';
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

/** A dense weight, its moments and its gradient. */
export interface DenseWeight {
  w: tf.Variable;
  m: tf.Variable;
  v: tf.Variable;
  gradient: tf.Tensor;
}

/** One step on dense weights and their moments, in a `tidy`. */
export function denseSteps(weights: readonly DenseWeight[], step: AdamStep): void {
  const backend = backendWithKernels();
  if (backend !== null && weights.length > 0) return stepTogether(new NativeOps(backend), weights, step);
  const rule = nativeBackend() === null ? stepElsewhere : stepVariables;
  for (const weight of weights) rule(weight, step);
}

/** By one op of src/native/kernels for all weights. */
function stepTogether(ops: NativeOps, weights: readonly DenseWeight[], step: AdamStep): void {
  const all = <K extends keyof DenseWeight>(part: K) => weights.map(weight => weight[part]);
  const privateRows = (part: 'm' | 'v') =>
    all(part).map(moment => (Table.ensure(moment, 'rows').open() as KernelRows).exclusive());
  const moved = ops.adam(all('w'), privateRows('m'), privateRows('v'), all('gradient'), step);
  weights.forEach(({w}, i) => {
    // A table would keep the old values, too.
    Table.of(w)?.detach();
    w.assign(moved[i]);
  });
}

/** By TensorFlow's op on variables of its own. */
function stepVariables({w, m, v, gradient}: DenseWeight, step: AdamStep): void {
  const [value, ...moments] = [w, m, v].map(variable => Table.ensure(variable, 'whole').open() as NativeRows);
  value.adam(moments[0], moments[1], gradient, step);
}

/** Values of a weight up to which one loop costs less than the ops of the rule do. */
const MOST_AT_HAND = 2 ** 14;

/** On backends that have no op for it. */
function stepElsewhere(weight: DenseWeight, step: AdamStep): void {
  const rule = hasValuesAtHand() && weight.w.size <= MOST_AT_HAND ? stepAtHand : composedStep;
  rule(weight, step);
}

/** The rule on the values themselves. New tensors, since others may share the memory of the old ones. */
function stepAtHand({w, m, v, gradient}: DenseWeight, {beta1, beta2, rate, epsilon}: AdamStep): void {
  const assign = (variable: tf.Variable, inputs: tf.Tensor[], fill: Parameters<typeof filledTensor>[2]) =>
    variable.assign(filledTensor(variable.shape, [variable, ...inputs], fill));
  assign(m, [gradient], (values, old, g) => {
    for (let i = 0; i < values.length; i++) values[i] = beta1 * old[i] + (1 - beta1) * g[i];
  });
  assign(v, [gradient], (values, old, g) => {
    for (let i = 0; i < values.length; i++) values[i] = beta2 * old[i] + (1 - beta2) * g[i] * g[i];
  });
  assign(w, [m, v], (values, old, means, squares) => {
    for (let i = 0; i < values.length; i++) values[i] = old[i] - (rate * means[i]) / (Math.sqrt(squares[i]) + epsilon);
  });
}

/** The rule by ops that every backend has. */
function composedStep({w, m, v, gradient}: DenseWeight, {beta1, beta2, rate, epsilon}: AdamStep): void {
  m.assign(tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1)));
  v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
  w.assign(tf.sub(w, tf.mul(tf.div(m, tf.add(tf.sqrt(v), epsilon)), rate)));
}
