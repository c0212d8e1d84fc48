import {invalidArgument} from '../src/errors';
import type {Interaction} from '../src/interactions';
import type {FieldSpec} from './field_layout';

/**
 * Where each combination of a dictionary is: the combinations of a value of a pair's first field lie beside each other,
 * and are searched for the second. A hash table of all would be read in two places far from each other.
 */
export class CrossIndex {
  /** For each pair the places at which the combinations of each value of its first field begin, and their end. */
  private readonly starts: readonly Int32Array[];
  /** The second id of each combination. */
  private readonly seconds: Int32Array;

  /**
   * @param dictionary `counts` combinations per pair, two ids each, in ascending order.
   * @param sizes Of each pair's first field.
   */
  constructor(dictionary: ArrayLike<number>, counts: readonly number[], sizes: readonly number[]) {
    this.seconds = Int32Array.from({length: sum(counts)}, (_, k) => dictionary[2 * k + 1]);
    let k = 0;
    this.starts = counts.map((count, p) => {
      const starts = new Int32Array(sizes[p] + 1);
      const end = k + count;
      for (let a = 0; a <= sizes[p]; a++) {
        while (k < end && dictionary[2 * k] < a) k++;
        starts[a] = k;
      }
      return starts;
    });
  }

  /** The place of a combination, or -1. */
  find(pair: number, a: number, b: number): number {
    const {seconds} = this;
    const starts = this.starts[pair];
    let low = starts[a];
    const end = starts[a + 1];
    for (let high = end; low < high;) {
      const middle = (low + high) >>> 1;
      if (seconds[middle] < b) low = middle + 1;
      else high = middle;
    }
    return low < end && seconds[low] === b ? low : -1;
  }
}

/** Check that `counts` has a number of combinations for each pair. */
export function checkCounts(where: string, counts: readonly number[], pairs: number): void {
  if (
    !Array.isArray(counts) ||
    counts.length !== pairs ||
    !counts.every(count => Number.isInteger(count) && count >= 0)
  ) {
    throw invalidArgument(where, 'counts', `be ${pairs} integers >= 0, one for each pair`, counts);
  }
  if (sum(counts) === 0) {
    throw invalidArgument(
      where,
      'counts',
      'have a combination',
      counts,
      'Remove the layer, or fit with a smaller `leastCount`.',
    );
  }
}

/** Check that a dictionary has the ids of its fields in the order in which it is searched. */
export function checkDictionary(
  where: string,
  dictionary: Int32Array,
  counts: readonly number[] | null,
  interactions: readonly Interaction[],
  embedded: readonly FieldSpec[],
): void {
  const size = counts === null ? 0 : sum(counts);
  if (counts === null || dictionary.length !== 2 * size) {
    throw invalidArgument(
      where,
      'dictionary',
      `hold two ids for each of ${size} combinations`,
      `${dictionary.length} ids`,
    );
  }
  let k = 0;
  counts.forEach((count, p) => {
    const [i, j] = interactions[p];
    for (const first = k, end = k + count; k < end; k++) {
      const [a, b, before, last] = [
        dictionary[2 * k],
        dictionary[2 * k + 1],
        dictionary[2 * k - 2],
        dictionary[2 * k - 1],
      ];
      const valid = a >= 0 && a < embedded[i].size && b >= 0 && b < embedded[j].size;
      if (!valid || (k > first && (before > a || (before === a && last >= b)))) {
        throw invalidArgument(
          where,
          'dictionary',
          `hold ids of ${embedded[i].name} and ${embedded[j].name} in ascending order, each combination once`,
          [a, b],
          'Take it from `fitCrosses` for the same fields.',
        );
      }
    }
  });
}

/** The sum of counts. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
