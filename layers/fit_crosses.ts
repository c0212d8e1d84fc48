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
  const table = new CrossTable();
  const rows: number[] = [];
  const seen: number[] = [];
  pairs.forEach(([i, j], p) => {
    const [left, right] = [layout.columnsOf(i), layout.columnsOf(j)];
    for (let row = 0, at = 0; at < ids.length; row++, at += layout.columns) {
      for (let c = left.start; c < left.end; c++) {
        const a = ids[at + c];
        if (a < 0) continue;
        for (let e = right.start; e < right.end; e++) {
          const b = ids[at + e];
          if (b < 0) continue;
          const k = table.add(p, a, b);
          if (seen[k] === row) continue;
          seen[k] = row;
          rows[k] = (rows[k] ?? 0) + 1;
        }
      }
    }
  });
  const kept = Array.from(rows, (count, k) => ({count, key: table.keyOf(k)}))
    .filter(({count}) => count >= leastCount)
    .map(({key}) => key)
    .sort(([p, a, b], [q, c, d]) => p - q || a - c || b - d);
  const counts = pairs.map(() => 0);
  kept.forEach(([p]) => counts[p]++);
  return {interactions: pairs, counts, dictionary: Int32Array.from(kept.flatMap(([, a, b]) => [a, b]))};
}
