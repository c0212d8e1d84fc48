import {parseNumber} from '../rules/numeric';
import type {CountedValue} from './date_formats';

/** Facts about the values of a column of numbers. They concern whole numbers unless they say otherwise. */
export interface NumberFacts {
  /** True if all are whole numbers, 5.0 included. */
  whole: boolean;
  /** True if most values are whole numbers beyond 2^53, which would lose digits as a quantity. */
  tooLong: boolean;
  /** True if a value has a leading zero, as codes do. */
  leadingZeros: boolean;
  /** Different numbers, however they are written: 1 and 1.0 are one. */
  distinct: number;
  /** Digits that all values have; null where they differ. */
  digits: number | null;
  least: number;
  greatest: number;
  /** Rows with a negative number; -1 alone is not counted, since it mostly stands for a missing value. */
  negative: number;
  /** Greatest common divisor of the differences of values, 0 for fractions and beyond 2^53. */
  step: number;
  /** Share of the whole numbers between least and greatest that occur. */
  density: number;
  /**
   * (greatest - median) / (median - least) of the different values: 1 where they are spread evenly, large with a long
   * tail.
   */
  tail: number;
  /** Variance of the rows of a value, relative to their mean: 1 where all differences are chance. */
  dispersion: number;
  /** Share of pairs in which a multiple of ten has more rows than another value, and its z-value. */
  roundness: {share: number; z: number};
  /** Number of multiples of five among the ten most frequent values. */
  peaks: number;
  /** Correlation of the ranks of the counts of neighbouring values, and its z-value. */
  smoothness: {correlation: number; z: number};
}

/** Compute the facts about a column's values, the most frequent first; undefined where one is not a number. */
export function numberFacts(values: readonly CountedValue[]): NumberFacts | undefined {
  const numbers: Array<{x: number; count: number}> = [];
  for (const {value, count} of values) {
    const x = parseNumber(value);
    if (x === undefined) return undefined;
    numbers.push({x, count});
  }
  if (numbers.length === 0) return undefined;
  numbers.sort((a, b) => a.x - b.x);
  const least = numbers[0].x;
  const greatest = numbers[numbers.length - 1].x;
  const median = numbers[numbers.length >> 1].x;
  const negative = numbers.filter(({x}) => x < 0);
  const {length} = values[0].value;
  const whole = numbers.every(({x}) => Number.isInteger(x));
  const ranks = ranksOf(numbers.map(({count}) => count));
  return {
    whole,
    tooLong: 2 * values.filter(({value}) => /^[+-]?\d+$/.test(value) && !isExact(Number(value))).length > values.length,
    distinct: new Set(numbers.map(({x}) => x)).size,
    least,
    greatest,
    leadingZeros: values.some(({value}) => /^0\d/.test(value)),
    digits: values.every(({value}) => value.length === length && /^\d+$/.test(value)) ? length : null,
    negative: negative.every(({x}) => x === -1) ? 0 : negative.reduce((sum, {count}) => sum + count, 0),
    step:
      whole && isExact(least) && isExact(greatest)
        ? numbers.reduce((divisor, {x}) => commonDivisor(divisor, x - least), 0)
        : 0,
    density: numbers.length / (greatest - least + 1),
    tail: (greatest - median) / Math.max(1, median - least),
    dispersion: dispersion(numbers.map(({count}) => count)),
    roundness: roundness(
      ranks,
      numbers.map(({x}) => x % 10 === 0),
    ),
    peaks: values.slice(0, 10).filter(({value}) => parseNumber(value)! % 5 === 0).length,
    smoothness: smoothness(ranks),
  };
}

/** Tell whether a whole number keeps all its digits. */
const isExact = Number.isSafeInteger;

function commonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

function dispersion(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length / mean;
}

/** Ranks from 0; equal entries share the middle of theirs. */
function ranksOf(counts: readonly number[]): Float64Array {
  const order = [...counts.keys()].sort((a, b) => counts[a] - counts[b]);
  const ranks = new Float64Array(counts.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && counts[order[to]] === counts[order[from]]) to++;
    for (let i = from; i < to; i++) ranks[order[i]] = (from + to - 1) / 2;
    from = to;
  }
  return ranks;
}

/** The statistic of Mann and Whitney for the ranks of chosen entries against all others. */
function roundness(ranks: Float64Array, isRound: readonly boolean[]): {share: number; z: number} {
  const round = isRound.filter(Boolean).length;
  const others = ranks.length - round;
  if (round === 0 || others === 0) return {share: 0.5, z: 0};
  const sum = ranks.reduce((total, rank, i) => total + (isRound[i] ? rank : 0), 0);
  const share = (sum - (round * (round - 1)) / 2) / (round * others);
  return {share, z: (share - 0.5) * Math.sqrt((12 * round * others) / (ranks.length + 1))};
}

/** Correlation of neighbouring ranks. */
function smoothness(ranks: Float64Array): {correlation: number; z: number} {
  const mean = (ranks.length - 1) / 2;
  let products = 0;
  let squares = 0;
  ranks.forEach((rank, i) => {
    squares += (rank - mean) ** 2;
    if (i > 0) products += (rank - mean) * (ranks[i - 1] - mean);
  });
  const correlation = squares === 0 ? 0 : products / squares;
  return {correlation, z: correlation * Math.sqrt(ranks.length)};
}
