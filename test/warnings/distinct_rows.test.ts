import * as fc from 'fast-check';
import {firstOccurrences} from '../../src/warnings/distinct_rows';

it('finds the rows that a set of texts does not have yet', () => {
  const row = fc.tuple(fc.integer({min: -1, max: 2}), fc.integer({min: 0, max: 3}), fc.constantFrom(0, 0.5));
  fc.assert(
    fc.property(fc.array(row, {minLength: 1, maxLength: 60}), rows => {
      const texts = rows.map(String);
      const expected = [...rows.keys()].filter(i => texts.indexOf(texts[i]) === i);
      expect([...firstOccurrences({values: rows.flat(), rows: rows.length, columns: 3})]).toEqual(expected);
    }),
    {seed: 7, numRuns: 100},
  );
});
