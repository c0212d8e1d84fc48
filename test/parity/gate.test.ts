import * as tf from '@tensorflow/tfjs-core';
import {GatedInteraction} from 'tfjs-autofis';
import {allInteractions, Interaction, Order} from '../../src/interactions';
import {numericGradient, plainGate, PlainGate, weighted} from '../helpers/plain_gate';
import {generator, uniform} from '../helpers/random';
import {disposeWeights, expectClose} from '../helpers/tensors';

// Larger than the unit tests' shapes, so that vectorised kernels meet full and rest parts.
const shape = [19, 7, 5] as const;
const [batch, m, d] = shape;
const next = generator(71);
const values = uniform(next, batch * m * d);

const cases: Array<[string, Order, Interaction[] | undefined, 'sum' | 'each']> = [
  ['all pairs, sum', 2, undefined, 'sum'],
  ['all pairs, each', 2, undefined, 'each'],
  [
    'scattered pairs, sum',
    2,
    [
      [0, 6],
      [2, 4],
      [4, 6],
    ],
    'sum',
  ],
  ['all triples, sum', 3, undefined, 'sum'],
  [
    'scattered triples, each',
    3,
    [
      [0, 2, 6],
      [0, 4, 5],
      [1, 2, 3],
    ],
    'each',
  ],
];

describe.each(cases)('GatedInteraction of %s', (_, order, interactions, output) => {
  it.each([true, false])('equals plain loops, value and gradients, training %p', training => {
    const layer = new GatedInteraction({order, interactions, output});
    layer.build([null, m, d]);
    const count = layer.interactions.length;
    const alpha = uniform(next, count);
    const coefficients = uniform(next, batch * (output === 'each' ? count : 1));
    const gate: PlainGate = {
      interactions: interactions ?? allInteractions(m, order),
      output,
      alpha,
      epsilon: 1e-3,
      normalization: training ? 'batch' : {mean: alpha.map(() => 0), variance: alpha.map(() => 1)},
    };
    tf.tidy(() => {
      layer.alpha!.write(tf.tensor1d(alpha));
      const input = tf.tensor3d(values, [...shape]);
      const apply = (e: tf.Tensor) => layer.apply(e, {training}) as tf.Tensor;
      const result = apply(input);
      expectClose(result, plainGate(values, shape, gate).flat());
      const loss = (e: tf.Tensor) => tf.sum(tf.mul(apply(e), tf.tensor(coefficients, result.shape))) as tf.Scalar;
      expectClose(
        tf.grad(loss)(input),
        numericGradient(e => weighted(plainGate(e, shape, gate), coefficients), values),
      );
      const {grads} = tf.variableGrads(() => loss(input), [layer.alpha!.read() as tf.Variable]);
      expectClose(
        Object.values(grads)[0],
        numericGradient(a => weighted(plainGate(values, shape, {...gate, alpha: a}), coefficients), alpha),
      );
    });
    disposeWeights(layer);
  });
});
