import {auc} from 'tfjs-autofis';
import {amongAll, placesOf, spreadOf, WhatIfGates} from '../../../examples/browser/worker/what_if';

const held = {
  products: Float32Array.from([1, 0, -1, 2, 1, 0, -1, -2]),
  base: Float32Array.from([0, 0.1, 0.2, 0.3]),
  labels: Float32Array.from([1, 0, 1, 0]),
};

it('the spread is the standard deviation of each column', () => {
  const [first, second] = spreadOf(held);
  expect(first).toBeCloseTo(1, 6);
  expect(second).toBeCloseTo(Math.sqrt(2), 6);
});

it('puts the values of some pairs at their places among all, row by row', () => {
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
  expect(amongAll([1, 2, 3, 4, 5, 6], places, 6)).toEqual(Float32Array.of(0, 1, 2, 0, 0, 3, 0, 4, 5, 0, 0, 6));
});

it('begins with what is kept, opens a gate with alpha or 1, and says what each change does', () => {
  const gates = new WhatIfGates(held, Float32Array.from([0.5, 0]), Uint8Array.from([1, 0]));
  const logits = (a: number, b: number) =>
    Array.from(held.base, (z, i) => z + a * held.products[2 * i] + b * held.products[2 * i + 1]);
  const reached = (a: number, b: number) => auc(held.labels, logits(a, b));
  const chosen = reached(0.5, 0);
  const state = () => ({...gates.state(), open: Array.from(gates.state().open)});
  const begun = {open: [1, 0], changed: false, undoable: false, last: null, chosen, before: chosen, now: chosen};
  expect(state()).toEqual(begun);
  gates.set(0, true);
  expect(state()).toEqual(begun);
  gates.set(1, true);
  const both = {open: [1, 1], changed: true, undoable: true, last: 1, chosen, before: chosen, now: reached(0.5, 1)};
  expect(state()).toEqual(both);
  gates.set(0, false);
  expect(state()).toEqual({...both, open: [0, 1], last: 0, before: both.now, now: reached(0, 1)});
});

it('goes back change by change, a reset included', () => {
  const gates = new WhatIfGates(held, Float32Array.from([0.5, 0]), Uint8Array.from([1, 0]));
  gates.set(1, true);
  gates.set(0, false);
  gates.reset();
  expect(gates.state()).toMatchObject({changed: false, undoable: true, last: null});
  const open: number[][] = [];
  for (let i = 0; i < 4; i++) {
    gates.undo();
    open.push(Array.from(gates.state().open));
  }
  expect(open).toEqual([
    [0, 1],
    [1, 1],
    [1, 0],
    [1, 0],
  ]);
  expect(gates.state()).toMatchObject({changed: false, undoable: false, last: 1});
});
