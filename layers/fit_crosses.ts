import {checkInteger, checkKeys} from '../src/checks';
import {invalidArgument} from '../src/errors';
import {canonicalInteractions, Interaction} from '../src/interactions';
import {CrossTable} from './cross_table';
import {FieldLayout, FieldSpec} from './field_layout';

/** The combinations of values that a CrossLinear remembers; its arguments, but for the fields. */
export interface Crosses {
  /** Pairs of fields, in canonical order. */
  interactions: Interaction[];
  /** How many combinations each pair has. */
  counts: number[];
  /** The ids of each combination, [sum of counts, 2], sorted within a pair. */
  dictionary: Int32Array;
}

export interface FitCrossesArgs {
  /** Ids of training rows, row-major [rows, W], as FieldEmbedding reads them. */
  ids: ArrayLike<number>;
  fields: FieldSpec[];
  /** The pairs to cross, as positions among the fields that are not ignored. */
  interactions: Interaction[];
  /** Rows that must have a combination; an integer >= 1, default 3. */
  leastCount?: number;
}

/**
 * Collect the combinations of values that enough training rows have, for a CrossLinear.
 *
 * A row of a multi-hot field has every combination that its values form, each once. A pair without any combination
 * stays, with a count of 0.
 *
 * @throws AutofisError on ids that are not rows of W columns, an id that is out of range, or unknown or duplicate
 * pairs.
 * @example
 * const crosses = fitCrosses({ids, fields, interactions: selection.map(({interaction}) => interaction)});
 * const layer = new CrossLinear({fields, ...crosses});
 */
export function fitCrosses({ids, fields, interactions, leastCount = 3, ...rest}: FitCrossesArgs): Crosses {
  const where = 'fitCrosses';
  checkKeys(where, rest, ['ids', 'fields', 'interactions', 'leastCount']);
  checkInteger(where, 'leastCount', leastCount, 1);
  const layout = new FieldLayout(where, fields);
  if (!(ids?.length >= 0) || ids.length % layout.columns !== 0) {
    throw invalidArgument(where, 'ids', `be rows of ${layout.columns} columns`, `${ids?.length} ids`);
  }
  layout.checkValues(ids);
  const pairs = canonicalInteractions(where, interactions, layout.embedded.length, 2);
  const found = pairs.map(([i, j]) => {
    const [left, right] = [layout.columnsOf(i), layout.columnsOf(j)];
    const places = placesOf(layout.embedded[i].size, layout.embedded[j].size);
    const {rows} = places;
    // In a row of one-hot fields a combination comes once.
    const seen: number[] | null = left.end - left.start + right.end - right.start > 2 ? [] : null;
    for (let row = 0, at = 0; at < ids.length; row++, at += layout.columns) {
      for (let c = left.start; c < left.end; c++) {
        const a = ids[at + c];
        if (a < 0) continue;
        for (let e = right.start; e < right.end; e++) {
          const b = ids[at + e];
          if (b < 0) continue;
          const k = places.of(a, b);
          if (seen !== null) {
            if (seen[k] === row) continue;
            seen[k] = row;
          }
          rows[k] = (rows[k] ?? 0) + 1;
        }
      }
    }
    return places.withRows(leastCount);
  });
  return {
    interactions: pairs,
    counts: found.map(({length}) => length),
    dictionary: Int32Array.from(found.flat(2)),
  };
}

/** Numbers for the combinations of a pair, and the rows that have each. */
interface Places {
  of(a: number, b: number): number;
  rows: Int32Array | number[];
  /** The combinations that at least `least` rows have, in ascending order. */
  withRows(least: number): Array<[a: number, b: number]>;
}

/** Combinations of a pair that are counted in an array of all, and not in a hash table of those that occur. */
const MOST_IN_ARRAY = 1 << 24;

function placesOf(left: number, right: number): Places {
  if (left * right <= MOST_IN_ARRAY) {
    const rows = new Int32Array(left * right);
    return {
      of: (a, b) => a * right + b,
      rows,
      withRows(least) {
        const found: Array<[number, number]> = [];
        rows.forEach((count, k) => {
          if (count >= least) found.push([Math.floor(k / right), k % right]);
        });
        return found;
      },
    };
  }
  const table = new CrossTable();
  const rows: number[] = [];
  return {
    of: (a, b) => table.add(0, a, b),
    rows,
    withRows: least =>
      Array.from(rows, (count, k) => ({count, key: table.keyOf(k)}))
        .filter(({count}) => count >= least)
        .map(({key: [, a, b]}): [number, number] => [a, b])
        .sort(([a, b], [c, d]) => a - c || b - d),
  };
}
