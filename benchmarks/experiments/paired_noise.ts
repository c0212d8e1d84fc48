import {comparePredictions} from '../internals';
import {seededRandom} from '../random';

/** Rows of a test part, and how many of them are positive. */
export interface TestRows {
  rows: number;
  positives: number;
}

/**
 * Count the tables of noise on which the paired test calls one of two models better or worse, which should be 5 %. The
 * predictions of both know nothing of the labels and are independent of each other.
 */
export function differingOnNoise({rows, positives}: TestRows, tables: number, seed: number): number {
  const random = seededRandom(seed);
  const labels = Float32Array.from({length: rows}, (_, i) => Number(i < positives));
  let differing = 0;
  for (let table = 0; table < tables; table++) {
    const [one, other] = [0, 1].map(() => Array.from(labels, random));
    if (comparePredictions({labels}, one, other).verdict !== 'undecided') differing++;
  }
  return differing;
}

/** Find the shares of `tables` tables that may be 5 % by chance: three standard errors to each side. */
export function aroundFive(tables: number): [number, number] {
  const error = Math.sqrt((0.05 * 0.95) / tables);
  return [0.05 - 3 * error, 0.05 + 3 * error];
}
