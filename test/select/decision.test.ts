import {isUncertain} from '../../src/select/decision';

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
