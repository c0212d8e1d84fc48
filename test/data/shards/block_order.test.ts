import fc from 'fast-check';
import {BlockOrder} from '../../../src/data/shards/block_order';

/** The rows of an epoch as numbers over all files. */
function rowsOf(fileRows: readonly number[], order: BlockOrder, epoch: number, skip = 0): number[] {
  const starts = fileRows.map((_, f) => fileRows.slice(0, f).reduce((a, b) => a + b, 0));
  return [...order.epoch(epoch, skip)].flatMap(({blocks, order: within}) => {
    const rows = blocks.flatMap(({file, first, rows: n}) =>
      Array.from({length: n}, (_, i) => starts[file] + first + i),
    );
    return Array.from(within, i => rows[i]);
  });
}

const files = fc.array(fc.integer({min: 0, max: 150}), {minLength: 1, maxLength: 5});

test('every row comes once an epoch, whatever the files and blocks', () => {
  fc.assert(
    fc.property(files, fc.integer(), fc.integer({min: 1, max: 7}), fc.nat(5), (fileRows, seed, blockRows, epoch) => {
      const order = new BlockOrder(fileRows, seed, blockRows);
      expect(rowsOf(fileRows, order, epoch).sort((a, b) => a - b)).toEqual([...Array(order.rows).keys()]);
    }),
    {seed: 1, numRuns: 200},
  );
});

test('without a seed rows come as they stand', () => {
  const fileRows = [30, 0, 25];
  expect(rowsOf(fileRows, new BlockOrder(fileRows, undefined, 2), 3)).toEqual([...Array(55).keys()]);
});

test('rows that lie side by side come far apart', () => {
  const n = 20_000;
  const rows = rowsOf([n], new BlockOrder([n], 5, 100), 0);
  const place = new Int32Array(n);
  rows.forEach((row, i) => {
    place[row] = i;
  });
  const distance = place.slice(1).reduce((sum, at, i) => sum + Math.abs(at - place[i]), 0) / (n - 1);
  // Of two places in a window of 6,400 the mean distance is a third.
  expect(distance).toBeGreaterThan(1600);
  // Rows of one window come from all over the file.
  const window = rows.slice(0, 6400);
  expect(Math.max(...window) - Math.min(...window)).toBeGreaterThan(n / 2);
});

test('data of one window is shuffled evenly: every row comes at every place equally often', () => {
  const n = 8;
  const epochs = 4000;
  const counts = Array.from({length: n}, () => new Array<number>(n).fill(0));
  const order = new BlockOrder([n], 7, 2);
  for (let epoch = 0; epoch < epochs; epoch++)
    rowsOf([n], order, epoch).forEach((row, place) => {
      counts[row][place]++;
    });
  const expected = epochs / n;
  const chiSquare = counts.flat().reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 49 degrees of freedom: above 85.4 in one of a thousand seeds.
  expect(chiSquare).toBeLessThan(85.4);
});
