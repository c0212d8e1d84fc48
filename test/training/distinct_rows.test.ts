import * as fc from 'fast-check';
import {firstOccurrences} from '../../src/training/distinct_rows';

it('finds the first row of each pair of ids and label', () => {
  const ids = [1, 2, 3, 4, 1, 2, 1, 2, 3, 4];
  expect([...firstOccurrences({ids, labels: [0, 1, 0, 1, 1]})]).toEqual([0, 1, 3]);
});

it('finds the same as a set of texts', () => {
  const row = fc.tuple(fc.integer({min: -1, max: 2}), fc.integer({min: 0, max: 3}), fc.constantFrom(0, 1));
  fc.assert(
    fc.property(fc.array(row, {minLength: 1, maxLength: 60}), rows => {
      const texts = rows.map(String);
      const expected = [...rows.keys()].filter(i => texts.indexOf(texts[i]) === i);
      const ids = rows.flatMap(([a, b]) => [a, b]);
      expect([...firstOccurrences({ids, labels: rows.map(([, , label]) => label)})]).toEqual(expected);
    }),
    {seed: 7, numRuns: 100},
  );
});
