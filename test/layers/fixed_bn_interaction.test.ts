import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {FixedBNInteraction, fixedBNInteraction, FixedBNInteractionArgs} from 'tfjs-autofis/layers';
import {allInteractions} from '../../src/interactions';
import {plainGate, plainProducts, plainStatistics} from '../helpers/plain_gate';
import {generator, uniform} from '../helpers/random';
import {disposeWeights, expectClose, numbers, weightValues} from '../helpers/tensors';

const shape = [8, 4, 3] as const;
const next = generator(31);
const batches = Array.from({length: 5}, () => uniform(next, 8 * 4 * 3, -2, 2));
const input = (values: number[]) => tf.tensor3d(values, [...shape]);

function built(args: FixedBNInteractionArgs = {}): FixedBNInteraction {
  const layer = fixedBNInteraction({name: 'products', ...args});
  layer.apply(tfl.input({shape: [4, 3]}));
  return layer;
}

function train(layer: FixedBNInteraction, values: number[]): number[] {
  return tf.tidy(() => numbers(layer.apply(input(values), {training: true}) as tf.Tensor));
}

describe.each([2, 3] as const)('FixedBNInteraction of order %i', order => {
  const interactions = allInteractions(4, order);
  const P = interactions.length;

  it('has outputs of mean 0 and variance var / (var + epsilon) over a training batch', () => {
    const layer = built({order, epsilon: 0.1});
    const out = train(layer, batches[0]);
    const rows = Array.from({length: 8}, (_, b) => out.slice(b * P, (b + 1) * P));
    const {mean, variance} = plainStatistics(rows);
    const raw = plainStatistics(plainProducts(batches[0], shape, interactions)).variance;
    expectClose(
      mean,
      interactions.map(() => 0),
      1e-6,
    );
    expectClose(
      variance,
      raw.map(v => v / (v + 0.1)),
      1e-5,
    );
    disposeWeights(layer);
  });

  it.each([0.99, 0.6, 0])('moves its statistics by max(1 - momentum, 1 / t), momentum %p', momentum => {
    const layer = built({order, momentum});
    let mean = interactions.map(() => 0);
    let variance = interactions.map(() => 1);
    batches.forEach((values, i) => {
      train(layer, values);
      const seen = plainStatistics(plainProducts(values, shape, interactions));
      const rate = Math.max(1 - momentum, 1 / (i + 1));
      mean = mean.map((v, p) => v + rate * (seen.mean[p] - v));
      variance = variance.map((v, p) => v + rate * (seen.variance[p] - v));
      const [movingMean, movingVariance, steps] = weightValues(layer.weights);
      expectClose(movingMean, mean, 1e-5);
      expectClose(movingVariance, variance, 1e-5);
      expect(steps).toEqual([i + 1]);
    });
    disposeWeights(layer);
  });

  it('uses the moving statistics at inference, and does not move them', () => {
    const layer = built({order});
    batches.slice(0, 3).forEach(values => train(layer, values));
    const before = weightValues(layer.weights);
    const out = tf.tidy(() => numbers(layer.apply(input(batches[4])) as tf.Tensor));
    const [mean, variance] = before;
    expectClose(
      out,
      plainGate(batches[4], shape, {
        interactions,
        output: 'each',
        alpha: null,
        normalization: {mean, variance},
        epsilon: 1e-3,
      }).flat(),
      1e-5,
    );
    expect(weightValues(layer.weights)).toEqual(before);
    disposeWeights(layer);
  });

  it('gives only the chosen interactions, in sorted order', () => {
    const some = built({order, interactions: [interactions[2], [...interactions[0]].reverse()]});
    const all = built({order});
    const rows = (layer: FixedBNInteraction, count: number) => {
      const out = train(layer, batches[0]);
      return Array.from({length: 8}, (_, b) => out.slice(b * count, (b + 1) * count));
    };
    const full = rows(all, P);
    expectClose(
      rows(some, 2).flat(),
      full.flatMap(row => [row[0], row[2]]),
      1e-6,
    );
    expect(some.computeOutputShape([null, 4, 3])).toEqual([null, 2]);
    disposeWeights(some);
    disposeWeights(all);
  });
});

describe('FixedBNInteraction', () => {
  it('has no trainable weights', () => {
    const layer = built();
    expect(layer.trainableWeights).toEqual([]);
    expect(layer.weights.map(w => w.originalName)).toEqual([
      'products/moving_mean',
      'products/moving_variance',
      'products/moving_steps',
    ]);
    disposeWeights(layer);
  });

  it('moves its statistics once a step when gradients are taken', () => {
    const layer = built();
    tf.tidy(() => {
      tf.grad(e => tf.sum(layer.apply(e, {training: true}) as tf.Tensor))(input(batches[1]));
    });
    expect(weightValues(layer.weights)[2]).toEqual([1]);
    disposeWeights(layer);
  });
});
