import {invalidArgument} from '../src/errors';
import type {Interaction} from '../src/interactions';
import {CrossTable} from './cross_table';
import type {FieldSpec} from './field_layout';

/** The index of a dictionary: `counts` combinations per pair, two ids each. */
export function indexOf(dictionary: ArrayLike<number>, counts: readonly number[]): CrossTable {
  const table = new CrossTable();
  let k = 0;
  counts.forEach((count, p) => {
    for (const end = k + count; k < end; k++) table.add(p, dictionary[2 * k], dictionary[2 * k + 1]);
  });
  return table;
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
