import fc from 'fast-check';
import {fitField} from '../../../src/schema/columns/fit_columns';
import {binsOf} from '../../../src/schema/columns/spike_edges';
import {bucketOf} from '../../../src/schema/rules/numeric';

/** Edges of a number, from its values and how many rows have each. */
function edgesOf(counted: ReadonlyArray<readonly [number, number]>, buckets?: number): number[] {
  const counts = Float64Array.from([...counted.map(([, rows]) => rows), 0]);
  return fitField({type: 'numeric', name: 'x', column: 'x', buckets}, {values: counted.map(([x]) => String(x))}, counts)
    .edges!;
}

test('a spike at zero has a bin of its own, all others share the rest equally', () => {
  // Of 1,000 rows 900 are 0: of 10 bins nine are left for 100 rows, 90 of which have a value of their own.
  const tail = Array.from({length: 90}, (_, i) => [i + 1, 1] as const);
  const edges = edgesOf([[0, 900], ...tail, [200, 10]], 10);
  expect(edges[0]).toBe(0.5);
  const rows = Array<number>(edges.length + 1).fill(0);
  for (const [x, count] of tail) rows[bucketOf(x, edges)] += count;
  rows[bucketOf(200, edges)] += 10;
  expect(rows).toEqual([0, 11, 11, 11, 11, 12, 11, 11, 11, 11]);
});

test('edges are midpoints, in whatever order the values come; neighbouring doubles part at the upper one', () => {
  expect(
    edgesOf(
      [
        [4, 5],
        [1, 5],
        [2, 5],
      ],
      3,
    ),
  ).toEqual([1.5, 3]);
  expect(
    edgesOf(
      [
        [1, 5],
        [1 + Number.EPSILON, 5],
      ],
      2,
    ),
  ).toEqual([1 + Number.EPSILON]);
  expect(
    edgesOf(
      [
        [-1.5e308, 5],
        [1.5e308, 5],
      ],
      2,
    ),
  ).toEqual([0]);
  expect(edgesOf([[7, 5]], 4)).toEqual([]);
  expect(edgesOf([], 4)).toEqual([]);
});

test('a spike is alone, and no other bin holds more than its share and the value that crosses its end', () => {
  const counted = fc.uniqueArray(fc.tuple(fc.integer({min: -50, max: 50}), fc.integer({min: 1, max: 40})), {
    selector: ([x]) => x,
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(
    fc.property(counted, fc.integer({min: 2, max: 30}), (values, buckets) => {
      const edges = edgesOf(values, buckets);
      const count = values.reduce((sum, [, rows]) => sum + rows, 0);
      const bins = Array.from({length: edges.length + 1}, (_, bin) =>
        values.filter(([x]) => bucketOf(x, edges) === bin),
      );
      const spikes = values.filter(([, rows]) => rows * buckets >= count);
      const left = count - spikes.reduce((sum, [, rows]) => sum + rows, 0);
      expect(bins.length).toBeLessThanOrEqual(buckets + spikes.length);
      for (const bin of bins) {
        expect(bin.length).toBeGreaterThan(0);
        if (bin.some(value => spikes.includes(value))) expect(bin).toHaveLength(1);
        else
          expect(bin.reduce((sum, [, rows]) => sum + rows, 0)).toBeLessThan(
            left / (buckets - spikes.length) + Math.max(...bin.map(([, rows]) => rows)),
          );
      }
    }),
    {seed: 1},
  );
});

test.each([
  [1_000_000, 128],
  [2048, 128],
  [2047, 127],
  [500, 31],
  [128, 8],
  [20, 8],
])('%d rows have %d bins', (rows, bins) => {
  expect(binsOf(rows)).toBe(bins);
});
