import * as tf from '@tensorflow/tfjs-core';
import {allInteractions} from '../../src/interactions';
import {fitGates, type Gates, gatesInWords, selectionsOf} from '../../src/select/fit_gates';
import {ffmForm} from '../../src/select/forms';
import {heldOutParts} from '../../src/select/held_out_parts';
import type {Selection} from '../../src/stages/selection';
import {fitModel} from '../../src/training/fit_model';
import {SeededBatches} from '../../src/training/seeded_batches';
import {generator} from '../helpers/random';

const all: Selection = allInteractions(3, 2).map((interaction, p) => ({
  gate: 0,
  order: 2,
  interaction,
  fields: interaction.map(String),
  alpha: 1,
  rank: p + 1,
}));

/** Gates with sets of these alphas, of which some are not needed. */
function gatesWith(...sets: Array<{alpha: number[]; needless?: number[]}>): Gates {
  return {
    base: 'FFM',
    by: 'V2',
    path: [],
    chosen: 0,
    sets: sets.map(({alpha, needless = []}, point) => ({
      point,
      interactions: alpha.map((own, p) => ({
        ...all[p],
        alpha: own,
        stability: {kept: 20, samples: 20},
        held: {gain: 0, standardError: 0},
        kept: own > 0 && !needless.includes(p),
      })),
    })),
  };
}

describe('selectionsOf', () => {
  it('has what each set keeps, the largest alpha first, without empty sets and those that are the same', () => {
    const found = selectionsOf(
      all,
      gatesWith(
        {alpha: [0.3, 0.9, 0.5]},
        {alpha: [0.2, 0.4, 0.1], needless: [2]},
        {alpha: [0.1, 0.3, 0]},
        {alpha: [0, 0.1, 0], needless: [1]},
      ),
    );
    expect(found.map(selection => selection.map(({fields, alpha, rank}) => [fields.join(), alpha, rank]))).toEqual([
      [
        ['0,2', 0.9, 1],
        ['1,2', 0.5, 2],
        ['0,1', 0.3, 3],
      ],
      [
        ['0,2', 0.4, 1],
        ['0,1', 0.2, 2],
      ],
    ]);
  });
});

describe('gatesInWords', () => {
  it('says how many gates are open, and how many of them are needed', () => {
    expect(gatesInWords('FM', gatesWith({alpha: [1, 0, 1]}))).toBe('gates on FM leave 2 open');
    expect(gatesInWords('FM', gatesWith({alpha: [1, 0, 1], needless: [2]}))).toBe('gates on FM leave 2 open, 1 needed');
  });
});

describe('fitGates', () => {
  const fields = ['a', 'b', 'c'].map(name => ({name, size: 3}));
  const form = ffmForm({fields, embeddingDim: 4, tableL2: 1e-3});
  /** Labels that only `a` and `b` together say something of. */
  const drawn = (seed: number) => {
    const next = generator(seed);
    const ids = Array.from({length: 1200}, () => fields.map(({size}) => Math.floor(next() * size)));
    const labels = ids.map(([a, b]) => [next() < (a === b ? 0.9 : 0.2) ? 1 : 0]);
    return {xs: tf.tensor2d(ids, [ids.length, fields.length], 'int32'), ys: tf.tensor2d(labels)};
  };

  it('keeps the one pair that held-out rows need, by the steps that are public', async () => {
    const [train, validation] = [drawn(1), drawn(2)];
    const model = form.build(form.all, 1);
    await fitModel(model, new SeededBatches(train, {batchSize: 100, seed: 1}), {epochs: 20, callbacks: []});
    const parts = heldOutParts(validation, 1);
    const before = tf.memory().numTensors;
    const gates = fitGates(model, {base: form.name, all: form.all, parts});
    expect(tf.memory().numTensors).toBe(before);
    expect(gates.base).toBe('FFM');
    const [{interactions}] = gates.sets;
    expect(interactions.filter(({kept}) => kept).map(each => each.fields)).toEqual([['a', 'b']]);
    const pair = interactions.find(({kept}) => kept)!;
    expect(pair.stability).toEqual({kept: 20, samples: 20});
    expect(pair.held.gain).toBeGreaterThan(10 * pair.held.standardError);
    expect(() => fitGates(model, {base: 'FFM', all: form.all.slice(1), parts})).toThrow(
      "fitGates: `all` must list the model's 3 products. Received: 2.",
    );
    expect(() => fitGates(model, {base: 'FFM', all: form.all, parts, seed: -1})).toThrow('`seed`');
    expect(() => fitGates(model, {base: 'FFM', all: form.all, parts, sed: 2} as never)).toThrow(
      'fitGates: `sed` must not be given: the options are base, all, parts, seed. Received: 2.',
    );
    tf.dispose([train, validation, parts] as never);
    model.dispose();
  });
});
