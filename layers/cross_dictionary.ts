import {checkThat, isCount} from '../src/checks';
import {invalidArgument} from '../src/errors';
import {canonicalInteractions, type Interaction, isOrder, ORDERS} from '../src/interactions';
import type {FieldSpec} from './field_layout';

/** The given interactions in canonical form: pairs, then triples and so on, as `canonicalInteractions` has them. */
export function canonicalCrosses(
  where: string,
  interactions: readonly (readonly number[])[],
  m: number,
): Interaction[] {
  if (!Array.isArray(interactions)) return canonicalInteractions(where, interactions, m, 2);
  const wrong = interactions.find(fields => !isOrder(fields?.length));
  checkThat(wrong === undefined, where, 'interactions', 'hold 2 to 4 field positions each', wrong);
  return ORDERS.flatMap(order =>
    canonicalInteractions(
      where,
      interactions.filter(({length}) => length === order),
      m,
      order,
    ),
  );
}

/** w, the ids that a row of a dictionary has: as many as the widest interaction has fields. */
export function dictionaryWidth(interactions: readonly Interaction[]): number {
  return Math.max(2, ...interactions.map(({length}) => length));
}

/**
 * The values behind that of an interaction's first field are one number of mixed radix: b of a pair, b n + c of a
 * triple whose last field has n values, and so on. These are the numbers of values of the fields behind the first one.
 */
export function restSizes(interactions: readonly Interaction[], embedded: readonly FieldSpec[]): number[][] {
  return interactions.map(fields => fields.slice(1).map(f => embedded[f].size));
}

/**
 * Where each combination of a dictionary is: the combinations of a value of an interaction's first field lie beside
 * each other, and are searched for the other values. A hash table of all would be read in two places far from each
 * other.
 */
export class CrossIndex {
  /** For each interaction where the combinations of each value of its first field begin, and where the last end. */
  private readonly starts: readonly Int32Array[];
  /** The other values of each combination. */
  private readonly rests: Int32Array | Float64Array;

  /** @param dictionary `counts` combinations for each interaction, in ascending order, w ids each. */
  constructor(
    dictionary: ArrayLike<number>,
    counts: readonly number[],
    interactions: readonly Interaction[],
    embedded: readonly FieldSpec[],
  ) {
    const width = dictionaryWidth(interactions);
    const sizes = restSizes(interactions, embedded);
    this.rests = width === 2 ? new Int32Array(sum(counts)) : new Float64Array(sum(counts));
    let k = 0;
    this.starts = counts.map((count, p) => {
      const starts = new Int32Array(embedded[interactions[p][0]].size + 1);
      const end = k + count;
      for (let a = 0; a < starts.length; a++) {
        for (; k < end && dictionary[width * k] < a; k++) this.rests[k] = restAt(dictionary, width * k, sizes[p]);
        starts[a] = k;
      }
      return starts;
    });
  }

  /** The place of a combination, or -1. */
  find(interaction: number, a: number, rest: number): number {
    const {rests} = this;
    const starts = this.starts[interaction];
    let low = starts[a];
    const end = starts[a + 1];
    for (let high = end; low < high;) {
      const middle = (low + high) >>> 1;
      if (rests[middle] < rest) low = middle + 1;
      else high = middle;
    }
    return low < end && rests[low] === rest ? low : -1;
  }
}

/** The other values of a combination as one number; what is behind them does not count. */
function restAt(dictionary: ArrayLike<number>, at: number, sizes: readonly number[]): number {
  let rest = 0;
  for (let k = 0; k < sizes.length; k++) rest = rest * sizes[k] + dictionary[at + 1 + k];
  return rest;
}

/** Check that `counts` has a number of combinations for each interaction. */
export function checkCounts(where: string, counts: readonly number[], interactions: number): void {
  const areCounts = Array.isArray(counts) && counts.length === interactions && counts.every(isCount);
  checkThat(areCounts, where, 'counts', `be ${interactions} integers >= 0, one for each interaction`, counts);
  const cure = 'Remove the layer, or fit with a smaller `leastCount`.';
  checkThat(sum(counts) > 0, where, 'counts', 'have a combination', counts, cure);
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
  const width = dictionaryWidth(interactions);
  const isSized = counts !== null && dictionary.length === width * size;
  const rule = `hold ${width} ids for each of ${size} combinations`;
  checkThat(isSized, where, 'dictionary', rule, `${dictionary.length} ids`);
  let k = 0;
  counts.forEach((count, p) => {
    const fields = interactions[p].map(f => embedded[f]);
    for (const first = k, end = k + count; k < end; k++) {
      const ids = dictionary.subarray(width * k, width * (k + 1));
      const isKnown = ids.every((id, i) => id >= 0 && id < (fields[i]?.size ?? 1));
      if (isKnown && (k === first || isAscending(dictionary, width * k, width))) continue;
      const names = fields.map(({name}) => name).join(' and ');
      const order = `hold ids of ${names} in ascending order, each combination once`;
      throw invalidArgument(where, 'dictionary', order, [...ids], 'Take it from `fitCrosses` for the same fields.');
    }
  });
}

/** Tell whether the ids of a combination are above those of the previous one. */
function isAscending(dictionary: Int32Array, at: number, width: number): boolean {
  let i = at;
  while (i < at + width && dictionary[i] === dictionary[i - width]) i++;
  return i < at + width && dictionary[i] > dictionary[i - width];
}

/** The sum of counts. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The columns of a field. */
export interface Columns {
  start: number;
  end: number;
}

/**
 * Visit each combination that a row's values of some fields form; padding forms none.
 *
 * @param at Where the row begins.
 * @param sizes Numbers of values of the fields behind the first one.
 * @param visit Gets the first value, and the others as one number of mixed radix: b, (b n_c + c), and so on.
 * @param k The field whose values come next, behind the values `a` and `rest`.
 */
export function forCombinations(
  ids: ArrayLike<number>,
  at: number,
  sides: readonly Columns[],
  sizes: readonly number[],
  visit: (a: number, rest: number) => void,
  k = 0,
  a = 0,
  rest = 0,
): void {
  const {start, end} = sides[k];
  for (let i = at + start; i < at + end; i++) {
    const id = ids[i];
    if (id < 0) continue;
    const next = k === 0 ? 0 : rest * sizes[k - 1] + id;
    if (k === sides.length - 1) visit(a, next);
    else forCombinations(ids, at, sides, sizes, visit, k + 1, k === 0 ? id : a, next);
  }
}
