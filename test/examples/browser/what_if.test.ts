import {auc} from 'tfjs-autofis';
import {spreadOf, WhatIfGates} from '../../../examples/browser/worker/what_if';

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

it('begins with what is kept, opens a gate with alpha or 1, and goes back', () => {
  const gates = new WhatIfGates(held, [0.5, 0], [true, false]);
  const logits = (a: number, b: number) =>
    Array.from(held.base, (z, i) => z + a * held.products[2 * i] + b * held.products[2 * i + 1]);
  const begun = auc(held.labels, logits(0.5, 0));
  expect(gates.state()).toEqual({open: [true, false], changed: false, chosen: begun, now: begun});
  gates.set(1, true);
  expect(gates.state()).toEqual({
    open: [true, true],
    changed: true,
    chosen: begun,
    now: auc(held.labels, logits(0.5, 1)),
  });
  gates.set(0, false);
  expect(gates.state().now).toBe(auc(held.labels, logits(0, 1)));
  gates.reset();
  expect(gates.state().changed).toBe(false);
});
