import {allInteractions} from 'tfjs-autofis';
import {colorStep, pairAt, pairCount, pairsOf} from '../../../examples/browser/view/pairs';

it('pairs stand in the order of the library', () => {
  const expected = allInteractions(7, 2);
  expect(pairsOf(7)).toEqual(expected);
  expect(pairCount(7)).toBe(expected.length);
  expected.forEach(([i, j], p) => expect(pairAt(7, i, j)).toBe(p));
});

it('an open gate always has a colour, a closed one none', () => {
  expect([0, 1e-9, 0.5, 1, 2].map(strength => colorStep(strength, 1))).toEqual([0, 1, 5, 10, 10]);
});
