import * as tf from '@tensorflow/tfjs-core';
import {seededDropout} from 'tfjs-autofis/layers';
import {fillMask} from '../../layers/seeded_dropout';
import {numbers} from '../helpers/tensors';

const steps = (layer: ReturnType<typeof seededDropout>, count: number) =>
  tf.tidy(() =>
    Array.from({length: count}, () => numbers(layer.apply(tf.ones([20, 50]), {training: true}) as tf.Tensor)),
  );

describe('SeededDropout', () => {
  it('drops the asked share and keeps the mean', () => {
    const mask = new Float32Array(200000);
    fillMask(mask, 0.3, 5);
    // The standard deviation of the share is 0.001.
    expect(mask.filter(v => v === 0).length / mask.length).toBeCloseTo(0.3, 2);
    expect(mask.reduce((sum, v) => sum + v, 0) / mask.length).toBeCloseTo(1, 2);
    expect(new Set(mask).size).toBe(2);
  });

  it.each([
    [1e-9, 0],
    [0.5, 0.5],
    [1 - 1e-9, 1],
  ])('takes a rate of %f', (rate, share) => {
    const mask = new Float32Array(100001);
    fillMask(mask, rate, 7);
    expect(mask.filter(v => v === 0).length / mask.length).toBeCloseTo(share, 2);
    expect(mask.every(v => v >= 0 && v <= 2 ** 16)).toBe(true);
  });

  it('gives values that do not depend on the one before or on that of the step before', () => {
    const mask = new Float32Array(200000);
    fillMask(mask, 0.5, fillMask(new Float32Array(1000), 0.5, 9));
    for (const distance of [1, 2, 100, 1000]) {
      const both = mask.filter((v, i) => v !== 0 && mask[i + distance] > 0).length / (mask.length - distance);
      expect(both).toBeCloseTo(0.25, 2);
    }
  });

  it('drops other values each step, the same ones for the same seed', () => {
    const [a, b, c] = [3, 3, 4].map(seed => steps(seededDropout({rate: 0.4, seed}), 2));
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
    expect(a[0]).not.toEqual(a[1]);
  });

  it('drops nothing outside of training or at rate 0', () => {
    tf.tidy(() => {
      const x = tf.range(0, 6);
      for (const result of [seededDropout({rate: 0.9}).apply(x), seededDropout({rate: 0}).apply(x, {training: true})]) {
        expect(numbers(result as tf.Tensor)).toEqual([0, 1, 2, 3, 4, 5]);
      }
    });
  });

  it('lets the gradient of kept values through', () => {
    tf.tidy(() => {
      const layer = seededDropout({rate: 0.5, seed: 1});
      const twin = seededDropout({rate: 0.5, seed: 1});
      const x = tf.ones([4, 5]);
      const gradient = tf.grad(v => tf.sum(layer.apply(v, {training: true}) as tf.Tensor))(x);
      expect(numbers(gradient)).toEqual(numbers(twin.apply(x, {training: true}) as tf.Tensor));
    });
  });
});
