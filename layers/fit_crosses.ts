import {checkInteger, checkKeys, checkThat} from '../src/checks';
import type {Interaction} from '../src/interactions';
import {digitsOf} from '../src/mixed_radix';
import {canonicalCrosses, dictionaryWidth, forCombinations, restSizes} from './cross_dictionary';
import {CrossTable} from './cross_table';
import {FieldLayout, FieldSpec} from './field_layout';

/** The combinations of values that a CrossLinear remembers; its arguments, but for the fields. */
export interface Crosses {
  /** Pairs of fields, then triples and sets of four, each in canonical order. */
  interactions: readonly Interaction[];
  /** Number of combinations of each interaction. */
  counts: readonly number[];
  /**
   * The ids of each combination, [sum of counts, w], sorted within an interaction. w is the number of fields of the
   * widest interaction; zeros are behind the ids of others.
   */
  dictionary: Int32Array;
}

export interface FitCrossesArgs {
  /** Ids of training rows, row-major [rows, W], as FieldEmbedding reads them. */
  ids: ArrayLike<number>;
  fields: readonly FieldSpec[];
  /** The sets of two to four fields to cross, as positions among the fields that are not ignored. */
  interactions: readonly Interaction[];
  /** Rows that must have a combination; an integer >= 1, default 3. */
  leastCount?: number;
}

/**
 * Collect the combinations of values that enough training rows have, for a CrossLinear.
 *
 * A row of a multi-hot field has every combination that its values form, each once. An interaction without any
 * combination stays, with a count of 0.
 *
 * @throws AutofisError on ids that are not rows of W columns, an id that is out of range, or unknown or duplicate
 * interactions.
 * @example
 * const crosses = fitCrosses({ids, fields, interactions: selection.map(({interaction}) => interaction)});
 * const layer = crossLinear({fields, ...crosses});
 */
export function fitCrosses({ids, fields, interactions, leastCount = 3, ...rest}: FitCrossesArgs): Crosses {
  const where = 'fitCrosses';
  checkKeys(where, rest, ['ids', 'fields', 'interactions', 'leastCount']);
  checkInteger(where, 'leastCount', leastCount, 1);
  const layout = new FieldLayout(where, fields);
  const areRows = ids?.length % layout.columns === 0;
  checkThat(areRows, where, 'ids', `be rows of ${layout.columns} columns`, `${ids?.length} ids`);
  layout.checkValues(ids);
  const crossed = canonicalCrosses(where, interactions, layout.embedded.length);
  const sizes = restSizes(crossed, layout.embedded);
  const width = dictionaryWidth(crossed);
  const combinations = crossed.map((interaction, p) => {
    const sides = interaction.map(f => layout.columnsOf(f));
    const [first, ...others] = interaction.map(f => layout.embedded[f].size);
    const counter = combinationCounter(
      first,
      others.reduce((product, size) => product * size, 1),
    );
    const {rows} = counter;
    // In a row of one-hot fields a combination comes once.
    const seen: number[] | null = sides.some(({start, end}) => end - start > 1) ? [] : null;
    let row = 0;
    const count = (a: number, rest: number): void => {
      const k = counter.of(a, rest);
      if (seen !== null) {
        if (seen[k] === row) return;
        seen[k] = row;
      }
      rows[k] = (rows[k] ?? 0) + 1;
    };
    for (let at = 0; at < ids.length; row++, at += layout.columns) forCombinations(ids, at, sides, sizes[p], count);
    const behind = new Array<number>(width - interaction.length).fill(0);
    return counter.withRows(leastCount).map(([a, rest]) => [a, ...digitsOf(rest, sizes[p]), ...behind]);
  });
  return {
    interactions: crossed,
    counts: combinations.map(({length}) => length),
    dictionary: Int32Array.from(combinations.flat(2)),
  };
}

/** Numbers for the combinations of an interaction, and the rows that have each. */
interface CombinationCounter {
  of(a: number, rest: number): number;
  rows: Int32Array | number[];
  /** The combinations that at least `least` rows have, in ascending order. */
  withRows(least: number): Array<[a: number, rest: number]>;
}

/** Combinations of an interaction that are counted in an array of all, and not in a hash table of those that occur. */
const MOST_IN_ARRAY = 1 << 24;
/** The hash table takes numbers of 32 bits. */
const HALF = 2 ** 31;

/** @param others How many combinations the fields behind the first one have. */
function combinationCounter(first: number, others: number): CombinationCounter {
  if (first * others <= MOST_IN_ARRAY) {
    const rows = new Int32Array(first * others);
    return {
      of: (a, rest) => a * others + rest,
      rows,
      withRows(least) {
        const combinations: Array<[number, number]> = [];
        rows.forEach((count, k) => {
          if (count >= least) combinations.push([Math.floor(k / others), k % others]);
        });
        return combinations;
      },
    };
  }
  const table = new CrossTable();
  const rows: number[] = [];
  return {
    of: (a, rest) => table.add(Math.floor(rest / HALF), a, rest % HALF),
    rows,
    withRows: least =>
      Array.from(rows, (count, k) => ({count, key: table.keyOf(k)}))
        .filter(({count}) => count >= least)
        .map(({key: [high, a, low]}): [number, number] => [a, high * HALF + low])
        .sort(([a, b], [c, d]) => a - c || b - d),
  };
}
