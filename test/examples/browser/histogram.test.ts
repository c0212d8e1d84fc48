import {TextColumnBuilder} from 'tfjs-autofis/schema';
import {histogramOf} from '../../../examples/browser/worker/histogram';

function column(values: readonly string[]) {
  const builder = new TextColumnBuilder('x');
  values.forEach(value => builder.add(value));
  return builder.column();
}

it('text: the shares of the most frequent values, the largest first, without the missing ones', () => {
  expect(histogramOf(column(['b', 'a', 'a', '', 'c', 'a', 'b', '']))).toEqual([3 / 6, 2 / 6, 1 / 6]);
});

it('numbers: sixteen bars of equal width, outliers in the last one', () => {
  const values = Array.from({length: 1600}, (_, i) => String(i));
  const bars = histogramOf(column([...values, '1e9']));
  expect(bars).toHaveLength(16);
  expect(bars.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12);
  for (const share of bars) expect(share).toBeCloseTo(1 / 16, 1);
});

it('a column without values has no bars', () => {
  expect(histogramOf(column(['', '']))).toEqual([]);
});
