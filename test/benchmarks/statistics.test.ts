import * as fc from 'fast-check';
import {atLeast, atMost, quotient} from '../../benchmarks/bars';
import {holm, relativeDifference, spread} from '../../benchmarks/statistics';

describe('holm', () => {
  test('multiplies the least p-value by the number of tests, the next by one less, and never falls', () => {
    // 3 x .01, max(.03, 2 x .02), max(.04, .03); what was not tested does not count.
    const corrected = holm([0.03, null, 0.01, 0.02]);
    expect(corrected[1]).toBeNull();
    [0.04, 0.03, 0.04].forEach((p, i) => expect(corrected[[0, 2, 3][i]]).toBeCloseTo(p, 12));
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([null])).toEqual([null]);
  });
});

describe('spread', () => {
  test('of an odd and of an even number of values, in any order', () => {
    expect(spread([3, 1, 2])).toEqual({median: 2, min: 1, max: 3, count: 3});
    expect(spread([4, 1, 3, 2])).toEqual({median: 2.5, min: 1, max: 4, count: 4});
    expect(spread([7])).toEqual({median: 7, min: 7, max: 7, count: 1});
  });

  test('leaves its input as it is, and half of the values lie on each side of the median', () => {
    fc.assert(
      fc.property(fc.array(fc.double({min: -1e6, max: 1e6, noNaN: true}), {minLength: 1}), values => {
        const before = [...values];
        const {median, min, max} = spread(values);
        expect(values).toEqual(before);
        expect(min <= median && median <= max).toBe(true);
        expect(values.filter(v => v < median).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter(v => v > median).length).toBeLessThanOrEqual(values.length / 2);
      }),
      {seed: 1},
    );
  });

  test('of nothing is an error', () => {
    expect(() => spread([])).toThrow('spread: `values` must hold at least one number. Received none.');
  });
});

test('the relative difference is in units of the second number', () => {
  expect(relativeDifference(1.5, 2)).toBe(0.25);
  expect(relativeDifference(2, -2)).toBe(2);
});

describe('bars', () => {
  test('hold at the bar itself and on its good side', () => {
    expect(atLeast('x', 2, 2)).toEqual({name: 'x (at least)', value: 2, bar: 2, holds: true});
    expect(atLeast('x', 1.999, 2).holds).toBe(false);
    expect(atLeast('x', Infinity, 2).holds).toBe(true);
    expect(atMost('x', 2, 2)).toEqual({name: 'x (at most)', value: 2, bar: 2, holds: true});
    expect(atMost('x', 2.001, 2).holds).toBe(false);
  });

  test('do not hold for what was not measured', () => {
    for (const bar of [atLeast, atMost]) {
      expect(bar('x', undefined, 2)).toMatchObject({value: NaN, holds: false});
      expect(bar('x', NaN, 2)).toMatchObject({value: NaN, holds: false});
    }
    expect(quotient(1, undefined)).toBeUndefined();
    expect(quotient(undefined, 1)).toBeUndefined();
    expect(quotient(1, 2)).toBe(0.5);
  });
});
