import {countValues, type TextColumn} from '../../../src/schema/columns/text_column';
import {parseNumber} from '../../../src/schema/rules/numeric';

/** Bars of a histogram at most. */
const BARS = 16;
/** Share of the rows at each end of the numbers that goes into the outermost bars. */
const TAIL = 0.01;

/**
 * Shares of the rows with a value: of a column of numbers in bars of equal width from its 1 % to its 99 % quantile, of
 * any other one for its most frequent values.
 */
export function histogramOf(column: TextColumn): number[] {
  const {values} = column;
  const counts = countValues(column).subarray(0, values.length);
  const rows = counts.reduce((sum, n) => sum + n, 0);
  if (rows === 0) return [];
  const numbers = values.map(value => parseNumber(value) ?? NaN);
  if (values.length <= BARS || numbers.some(Number.isNaN))
    return Array.from(counts.slice().sort().reverse().subarray(0, BARS), n => n / rows);
  const order = [...values.keys()].sort((a, b) => numbers[a] - numbers[b]);
  const quantile = (share: number) => {
    let seen = 0;
    return numbers[order.find(i => (seen += counts[i]) >= share * rows)!];
  };
  const [least, greatest] = [quantile(TAIL), quantile(1 - TAIL)];
  const bars = new Array<number>(BARS).fill(0);
  numbers.forEach((x, i) => {
    const at = greatest === least ? 0 : Math.floor((BARS * (x - least)) / (greatest - least));
    bars[Math.max(0, Math.min(BARS - 1, at))] += counts[i] / rows;
  });
  return bars;
}
