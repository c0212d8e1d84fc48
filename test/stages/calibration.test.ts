import * as fc from 'fast-check';
import {calibrate, CalibrationArgs, grdaThreshold} from 'tfjs-autofis';

describe('calibrate', () => {
  it('makes the threshold end at strength * alphaInit, whatever the steps, mu and learning rate', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 50000}),
        fc.double({min: 0.1, max: 5, noNaN: true}),
        fc.double({min: 0.05, max: 0.95, noNaN: true}),
        fc.double({min: 0.01, max: 3, noNaN: true}),
        fc.double({min: 0, max: 0.9, noNaN: true}),
        fc.double({min: -1, max: 1, noNaN: true}),
        (steps, strength, mu, learningRate, warmup, alphaInit) => {
          const plan = calibrate({steps, strength, mu, learningRate, warmup, alphaInit});
          expect(plan.warmupSteps).toBe(Math.floor(warmup * steps));
          expect(grdaThreshold(steps - plan.warmupSteps, plan)).toBeCloseTo(strength * Math.abs(alphaInit), 10);
        },
      ),
      {seed: 1, numRuns: 200},
    );
  });

  it('has strength 1, mu 0.8, learning rate 1 and a third of the search as warm-up by default', () => {
    expect(calibrate({steps: 300})).toEqual({c: 0.6 / 200 ** 0.8, mu: 0.8, learningRate: 1, warmupSteps: 100});
  });

  it('leaves at least one step of alpha', () => {
    expect(calibrate({steps: 1, warmup: 0.99})).toMatchObject({warmupSteps: 0, c: 0.6});
  });

  it('takes c as it is', () => {
    expect(calibrate({steps: 300, c: 0.01, warmup: 0})).toEqual({c: 0.01, mu: 0.8, learningRate: 1, warmupSteps: 0});
  });

  it("has the paper's constants under one name", () => {
    expect(calibrate({steps: 16171, recipe: 'paper'})).toEqual({c: 5e-4, mu: 0.8, learningRate: 1, warmupSteps: 0});
    expect(calibrate({steps: 16171, recipe: 'paper', c: 5e-3, mu: 0.6})).toEqual({
      c: 5e-3,
      mu: 0.6,
      learningRate: 1,
      warmupSteps: 0,
    });
  });

  it('has those of AutoFM for a model without hidden layers', () => {
    const paper = {recipe: 'paper', hiddenLayers: false} as const;
    expect(calibrate({steps: 16171, ...paper})).toEqual({
      c: 5e-3,
      mu: 0.6,
      learningRate: 1,
      warmupSteps: 0,
      decay: {factor: 0.6, steps: 3235},
    });
    expect(calibrate({steps: 10, c: 1e-3, mu: 0.7, ...paper})).toEqual({
      c: 1e-3,
      mu: 0.7,
      learningRate: 1,
      warmupSteps: 0,
      decay: {factor: 0.6, steps: 2},
    });
    expect(() => calibrate({steps: null, ...paper})).toThrow(
      new Error(
        "With recipe 'paper' the search of a model without hidden layers must know its " +
          'number of steps, since the learning rate falls with each fifth of them. Give `batchesPerEpoch` to ' +
          'fitDataset.',
      ),
    );
    expect(calibrate({steps: 300, hiddenLayers: false})).toEqual(calibrate({steps: 300}));
  });

  it('needs no number of steps with c and without warm-up', () => {
    expect(calibrate({steps: null, c: 0.01, warmup: 0})).toEqual({c: 0.01, mu: 0.8, learningRate: 1, warmupSteps: 0});
    expect(calibrate({steps: null, recipe: 'paper'})).toEqual({c: 5e-4, mu: 0.8, learningRate: 1, warmupSteps: 0});
  });

  const needsSteps =
    'The search must know its number of steps, from which c and the warm-up follow. ' +
    'Give `batchesPerEpoch` to fitDataset, or `c` and `warmup: 0` to the search.';
  it.each<[string, CalibrationArgs & {steps: number | null}, string]>([
    ['an unknown number of steps', {steps: null}, needsSteps],
    ['an unknown number of steps with a warm-up', {steps: null, c: 0.1}, needsSteps],
    ['no steps', {steps: 0}, 'calibrate: `steps` must be an integer >= 1. Received: 0.'],
    [
      'a strength of 0',
      {steps: 9, strength: 0},
      'calibrate: `strength` must be a number in (0, Infinity). Received: 0.',
    ],
    [
      'a warm-up of the whole search',
      {steps: 9, warmup: 1},
      'calibrate: `warmup` must be a number in [0, 1). Received: 1.',
    ],
    [
      'strength and c',
      {steps: 9, strength: 2, c: 0.1},
      'calibrate: `strength` and `c` both set how many gates close. Received: strength 2, c 0.1. Give one.',
    ],
    [
      'the paper with strength',
      {steps: 9, recipe: 'paper', strength: 2},
      "calibrate: recipe 'paper' has no `strength`. Received: 2. Remove it, or leave the recipe out.",
    ],
    [
      'the paper with a warm-up',
      {steps: 9, recipe: 'paper', warmup: 0.1},
      "calibrate: recipe 'paper' has no `warmup`. Received: 0.1. Remove it, or leave the recipe out.",
    ],
    [
      'another recipe',
      {steps: 9, recipe: 'mine' as never},
      'calibrate: `recipe` must be one of "default", "paper". Received: "mine".',
    ],
    ['mu of 1', {steps: 9, mu: 1}, 'calibrate: `mu` must be a number in (0, 1). Received: 1.'],
    [
      'a misspelt option',
      {steps: 9, strenght: 2} as never,
      'calibrate: `strenght` must not be given: the options are strength, c, mu, learningRate, warmup, recipe. ' +
        'Received: 2.',
    ],
  ])('refuses %s', (_, args, message) => {
    expect(() => calibrate(args)).toThrow(new Error(message));
  });
});
