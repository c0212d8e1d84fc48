import * as tf from '@tensorflow/tfjs-core';
import {auc} from 'tfjs-autofis';
import {ffm} from 'tfjs-autofis/models';
import {amongAll, heldParts, placesOf, spreadOf, WhatIfGates} from '../../../examples/browser/worker/what_if';
import {modelParts} from '../../../src/components/model_parts';

/** A model of pairs 1 and 0 of three, in that order. */
const held = {
  places: [1, 0],
  parts: Float32Array.from([1, 0, -1, 2, 1, 0, -1, -2]),
  base: Float32Array.from([0, 0.1, 0.2, 0.3]),
  labels: Float32Array.from([1, 0, 1, 0]),
};

it('the spread is the standard deviation of each column', () => {
  const [first, second] = spreadOf({products: held.parts, base: held.base});
  expect(first).toBeCloseTo(1, 6);
  expect(second).toBeCloseTo(Math.sqrt(2), 6);
});

it('puts the values of some pairs at their places among all', () => {
  // Of fields 0 to 3 only 0, 2 and 3 have gates.
  const places = placesOf(
    [
      [0, 2],
      [0, 3],
      [2, 3],
    ],
    4,
  );
  expect(places).toEqual([1, 2, 5]);
  expect(amongAll([7, 8, 9], places, 6)).toEqual(Float32Array.of(0, 7, 8, 0, 0, 9));
});

it('takes the logits of test rows apart into the pairs of a model and the rest', () => {
  const fields = ['a', 'b', 'c'].map(name => ({name, size: 3}));
  const model = ffm({
    fields,
    seed: 1,
    interactions: [
      [0, 2],
      [1, 2],
    ],
  });
  const ids = Array.from({length: 27}, (_, i) => [i % 3, Math.floor(i / 3) % 3, Math.floor(i / 9)]);
  const rows = {xs: tf.tensor2d(ids, [27, 3], 'int32'), ys: tf.tensor2d(Array.from(ids, ([a]) => [a % 2]))};
  const before = tf.memory().numTensors;
  const {places, parts, base, labels} = heldParts(model, rows, {fields: 3, interactions: 2});
  expect(tf.memory().numTensors).toBe(before);
  expect(places).toEqual([1, 2]);
  expect(labels).toHaveLength(27);
  // Rows are sorted by their labels.
  const whole = modelParts(model, rows.xs);
  const sorted = (values: ArrayLike<number>) => Array.from(values).sort((a, b) => a - b);
  expect(sorted(parts)).toEqual(sorted(whole.parts));
  expect(sorted(base)).toEqual(sorted(whole.base));
  model.dispose();
});

it('begins with the gates of the model, and says what closing and opening one does', () => {
  const gates = new WhatIfGates(held, 3);
  const logits = (first: number, second: number) =>
    Array.from(held.base, (z, i) => z + second * held.parts[2 * i] + first * held.parts[2 * i + 1]);
  const reached = (first: number, second: number) => auc(held.labels, logits(first, second));
  const chosen = reached(1, 1);
  const state = () => ({...gates.state(), open: Array.from(gates.state().open)});
  const begun = {open: [1, 1, 0], changed: false, undoable: false, last: null, chosen, before: chosen, now: chosen};
  expect(state()).toEqual(begun);
  gates.set(0, true);
  // A gate that the model does not have.
  gates.set(2, true);
  expect(state()).toEqual(begun);
  gates.set(1, false);
  const one = {open: [1, 0, 0], changed: true, undoable: true, last: 1, chosen, before: chosen, now: reached(1, 0)};
  expect(state()).toEqual(one);
  gates.set(0, false);
  expect(state()).toEqual({...one, open: [0, 0, 0], last: 0, before: one.now, now: reached(0, 0)});
});

it('goes back change by change, a reset included', () => {
  const gates = new WhatIfGates(held, 3);
  gates.set(1, false);
  gates.set(0, false);
  gates.reset();
  expect(gates.state()).toMatchObject({changed: false, undoable: true, last: null});
  const open: number[][] = [];
  for (let i = 0; i < 4; i++) {
    gates.undo();
    open.push(Array.from(gates.state().open));
  }
  expect(open).toEqual([
    [0, 0, 0],
    [1, 0, 0],
    [1, 1, 0],
    [1, 1, 0],
  ]);
  expect(gates.state()).toMatchObject({changed: false, undoable: false, last: 1});
});
