import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type {Selection} from 'tfjs-autofis';
import {autoFm} from 'tfjs-autofis/models';
import {fixedScale, withAlphaPenalty, withDropout, withFixedAlpha} from '../../../benchmarks/experiments/regularisers';
import {everything, formOf} from '../../../src/judge/contestants';
import {findGates} from '../../../src/stages/gates';
import {generator} from '../../helpers/random';

const fields = [
  {name: 'a', size: 5},
  {name: 'b', size: 4},
  {name: 'c', size: 3},
];
const ROWS = 64;
let ids: tf.Tensor2D;
let labels: tf.Tensor2D;
beforeAll(() => {
  const next = generator(1);
  ids = tf.tensor2d(
    Array.from({length: ROWS}, () => fields.map(({size}) => Math.floor(next() * size))),
    [ROWS, 3],
    'int32',
  );
  labels = tf.tensor2d(Array.from({length: ROWS}, () => [Math.round(next())]));
});
afterAll(() => tf.dispose([ids, labels]));

const alphaOf = (model: tfl.LayersModel) => Array.from(findGates('test', model)[0].layer.alpha!.read().dataSync());
const predictions = (model: tfl.LayersModel) => tf.tidy(() => Array.from((model.predict(ids) as tf.Tensor).dataSync()));
const train = (model: tfl.LayersModel, epochs = 1) =>
  model.fit(ids, labels, {epochs, batchSize: ROWS, shuffle: false, verbose: 0});

let model: tfl.LayersModel;
let selection: Selection;
beforeEach(() => {
  model = autoFm({fields, seed: 1});
  selection = everything(model).map((s, p) => ({...s, alpha: [2, -1, 0.5][p]}));
});
afterEach(() => model.dispose());
const retrained = () => formOf(model, selection, 'gated', 1);

describe('withFixedAlpha', () => {
  it('trains all but alpha', async () => {
    const slim = withFixedAlpha(retrained());
    const before = predictions(slim);
    await train(slim);
    expect(alphaOf(slim)).toEqual([2, -1, 0.5]);
    expect(predictions(slim)).not.toEqual(before);
    slim.dispose();
  });
});

describe('withAlphaPenalty', () => {
  it('pulls alpha towards 0, each by its size', async () => {
    const free = retrained();
    const penalized = withAlphaPenalty(retrained(), 10);
    await train(free);
    await train(penalized);
    // A first step of Adam has the length of the rate in the direction of the gradient, which the penalty decides.
    [2, -1, 0.5].forEach((start, p) => expect(alphaOf(penalized)[p]).toBeCloseTo(start - 0.001 * Math.sign(start), 5));
    expect(alphaOf(free)).not.toEqual(alphaOf(penalized));
    [free, penalized].forEach(m => m.dispose());
  });

  it('does nothing with weight 0', async () => {
    const free = retrained();
    const penalized = withAlphaPenalty(retrained(), 0);
    await train(free, 3);
    await train(penalized, 3);
    alphaOf(penalized).forEach((alpha, p) => expect(alpha).toBeCloseTo(alphaOf(free)[p], 6));
    [free, penalized].forEach(m => m.dispose());
  });
});

describe('withDropout', () => {
  it('changes training and not predictions', async () => {
    const whole = retrained();
    const dropped = withDropout(retrained(), 0.5, 1);
    expect(predictions(dropped)).toEqual(predictions(whole));
    await train(whole, 3);
    await train(dropped, 3);
    expect(alphaOf(dropped)).not.toEqual(alphaOf(whole));
    [whole, dropped].forEach(m => m.dispose());
  });
});

describe('fixedScale', () => {
  it('weighs each product as the search did, |weight| 1 in the mean, for good', async () => {
    const gate = findGates('test', model)[0].layer;
    const values = gate.getWeights();
    // Variance of 3 products; sqrt(variance + epsilon) is 1, 2 and 4.
    values[3] = tf.tensor1d([1, 4, 16].map(v => v - gate.epsilon));
    gate.setWeights(values);
    values[3].dispose();
    const slim = fixedScale(model, selection, 1);
    // 2, -.5 and .125, times 3 / 2.625.
    [2, -0.5, 0.125].forEach((w, p) => expect(alphaOf(slim)[p]).toBeCloseTo((w * 3) / 2.625, 5));
    const before = alphaOf(slim);
    await train(slim);
    expect(alphaOf(slim)).toEqual(before);
    slim.dispose();
  });
});
