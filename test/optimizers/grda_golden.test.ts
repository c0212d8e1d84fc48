import {readFileSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {grda} from 'tfjs-autofis';
import {expectClose, numbers} from '../helpers/tensors';

interface Trace {
  name: string;
  c: number;
  mu: number;
  warmupSteps: number;
  /** The learning rate of each step. */
  rates: number[];
  start: number[];
  gradients: number[][];
  /** The weights after each step. */
  weights: number[][];
}

/** Made by grda_golden.py in float64. */
const traces = JSON.parse(readFileSync(path.join(__dirname, 'grda_golden.json'), 'utf8')) as Trace[];

it.each(traces)('GRDA follows the golden trace of $name', ({c, mu, warmupSteps, rates, start, gradients, weights}) => {
  const optimizer = grda({c, mu, warmupSteps});
  const variable = tf.variable(tf.tensor1d(start));
  const seen = gradients.map((gradient, t) => {
    optimizer.setLearningRate(rates[t]);
    tf.tidy(() => optimizer.applyGradients([{name: variable.name, tensor: tf.tensor1d(gradient)}]));
    return numbers(variable);
  });
  expectClose(seen.flat(), weights.flat(), 1e-6);
  expect(seen.flat().filter(w => w === 0)).toHaveLength(weights.flat().filter(w => w === 0).length);
  variable.dispose();
  optimizer.dispose();
});
