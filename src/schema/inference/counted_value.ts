import {parseNumber} from '../rules/numeric';

/** A value, and how many rows have it. */
export interface CountedValue {
  value: string;
  count: number;
}

/** Values of a column beside those of a kind, such as "free" among prices. */
export interface Others {
  /** The different ones, the most frequent first. */
  words: string[];
  /** Rows that hold one. */
  rows: number;
}

/** Most different values beside numbers or dates that may count as missing. */
export const MOST_OTHERS = 50;

/** The values that are not of a kind; undefined where none is, or more than 50 different ones are not. */
export function othersOf(values: readonly CountedValue[], isOfKind: (value: string) => boolean): Others | undefined {
  const words: string[] = [];
  let rows = 0;
  for (const {value, count} of values) {
    if (isOfKind(value)) continue;
    if (words.push(value) > MOST_OTHERS) return undefined;
    rows += count;
  }
  return words.length === values.length ? undefined : {words, rows};
}

/** Facts about the numbers of a column. */
export interface NumberFacts extends Others {
  /** Different numbers, however they are written: 1 and 1.0 are one. */
  distinct: number;
  least: number;
  greatest: number;
  /** True if all are whole numbers, 5.0 included. */
  areIntegers: boolean;
  /** True if one has a leading zero, or digits beyond 2^53, which a number would lose. */
  isCode: boolean;
  /**
   * True of more than 32 whole numbers of which each is in 3 rows or more on average, though they fill less than a
   * twentieth of their range; fewer than half end in 0 or 5, as round quantities do, and their median is not in the
   * lowest thirtieth of the range, as that of skewed quantities is.
   */
  isScattered: boolean;
  /**
   * True of more than 500 whole numbers from 0, 1 or 2 on, hardly with a gap, each in 2 rows or more on average, of
   * which low ones are about as frequent as high ones, as those of quantities are not.
   */
  isEnumerated: boolean;
}

/** Bounds of numbers that are scattered as codes are. */
const SCATTERED = {distinct: 32, rows: 3, fill: 0.05, round: 0.5, median: 0.03};
/** Bounds of numbers that count things, as ids do. */
const ENUMERATED = {distinct: 500, first: 2, rows: 2, fill: 0.9, lower: 1 / 3};

/** Look at the numbers among values; undefined where there are none, or more than 50 different others. */
export function numberFacts(values: readonly CountedValue[]): NumberFacts | undefined {
  const others = othersOf(values, value => parseNumber(value) !== undefined);
  if (others === undefined) return undefined;
  const numbers = new Set<number>();
  const facts = {least: Infinity, greatest: -Infinity, areIntegers: true, isCode: false};
  for (const {value} of values) {
    const x = parseNumber(value);
    if (x === undefined) continue;
    numbers.add(x);
    facts.least = Math.min(facts.least, x);
    facts.greatest = Math.max(facts.greatest, x);
    facts.areIntegers &&= Number.isInteger(x);
    facts.isCode ||= /^0\d/.test(value) || (/^[+-]?\d+$/.test(value) && !Number.isSafeInteger(x));
  }
  const isScattered = facts.areIntegers && areScattered(numbers, values);
  const isEnumerated = facts.areIntegers && areEnumerated(facts, numbers, values);
  return {...others, ...facts, distinct: numbers.size, isScattered, isEnumerated};
}

function areEnumerated(
  {least, greatest}: Pick<NumberFacts, 'least' | 'greatest'>,
  {size}: ReadonlySet<number>,
  values: readonly CountedValue[],
): boolean {
  if (size <= ENUMERATED.distinct || least < 0 || least > ENUMERATED.first) return false;
  if (size <= ENUMERATED.fill * (greatest - least)) return false;
  const rows = values.reduce((sum, {count}) => sum + count, 0);
  const lower = values.reduce((sum, {value, count}) => (Number(value) < greatest / 2 ? sum + count : sum), 0) / rows;
  return rows >= ENUMERATED.rows * size && lower >= ENUMERATED.lower && lower <= 1 - ENUMERATED.lower;
}

function areScattered(numbers: ReadonlySet<number>, values: readonly CountedValue[]): boolean {
  const sorted = Float64Array.from(numbers).sort();
  const range = sorted[sorted.length - 1] - sorted[0] + 1;
  const rows = values.reduce((sum, {count}) => sum + count, 0);
  return (
    sorted[0] >= 0 &&
    sorted.length > SCATTERED.distinct &&
    sorted.length < SCATTERED.fill * range &&
    rows >= SCATTERED.rows * sorted.length &&
    sorted[sorted.length >> 1] - sorted[0] >= SCATTERED.median * range &&
    sorted.filter(x => x % 5 === 0).length < SCATTERED.round * sorted.length
  );
}
