import {decisionInWords, isUncertain} from '../../src/select/decision';

it.each([
  [false, 0.002, 3],
  [true, 0.002, 2],
  [true, 0.00196, 4],
  [true, -0.01, 4],
])(
  'isUncertain is %s for a gain of %d with the standard error .001, helping in %i of 4 folds',
  (expected, gain, kept) => {
    expect(isUncertain({gain, standardError: 0.001, stability: {kept, samples: 4}})).toBe(expected);
  },
);

it('a decision counts pairs, triples and larger sets', () => {
  const interactions = [2, 2, 3, 4, 4].map((order, i) => ({order, open: i > 0}) as never);
  expect(decisionInWords({interactions: interactions.slice(0, 3)})).toBe('1 of 2 pairs and 1 triple');
  expect(decisionInWords({interactions})).toBe('1 of 2 pairs and 3 larger sets');
});
