import {FIRST} from './rules/rule';
import {type FittedSchema, hasVocabulary} from './vocabulary';

/** For each field with a vocabulary, by its name: for how many updates in a row no row has had each of its values. */
export type UnusedCounts = {[field: string]: number[]};

/** A smaller vocabulary. */
export interface DroppedValues {
  fitted: FittedSchema;
  /** For each field the ids that it had before, in the order of those that it has now. */
  sources: Int32Array[];
  /** The fields that have lost values, and how many. */
  dropped: Array<{name: string; dropped: number}>;
  /** The counts of the values that are left. */
  unused: UnusedCounts;
}

/**
 * Count another update for the values that it has no row of.
 *
 * @param before The counts so far; values without one were present last time.
 * @param seen For each field which ids the rows of the update have.
 */
export function countUnused({schema, fields}: FittedSchema, before: UnusedCounts, seen: Uint8Array[]): UnusedCounts {
  return Object.fromEntries(
    fields.flatMap(({name, values = []}, f) => {
      if (!hasVocabulary(schema.fields[f])) return [];
      const counts = before[name] ?? [];
      return [[name, values.map((_, v) => (seen[f][FIRST + v] > 0 ? 0 : (counts[v] ?? 0) + 1))]];
    }),
  );
}

/** Take values away that have been unused for `updates` updates. The ids after them move down. */
export function dropValues(fitted: FittedSchema, unused: UnusedCounts, updates: number): DroppedValues {
  const isUsed = (name: string, v: number) => (unused[name]?.[v] ?? 0) < updates;
  const sources = fitted.fields.map(({name, size, values}) => {
    const ids = Array.from({length: size}, (_, id) => id);
    return Int32Array.from(values === undefined ? ids : ids.filter(id => id < FIRST || isUsed(name, id - FIRST)));
  });
  const fields = fitted.fields.map((field, f) =>
    field.values === undefined
      ? field
      : {...field, size: sources[f].length, values: field.values.filter((_, v) => isUsed(field.name, v))},
  );
  return {
    fitted: {...fitted, fields},
    sources,
    dropped: fitted.fields
      .map(({name, size}, f) => ({name, dropped: size - sources[f].length}))
      .filter(({dropped}) => dropped > 0),
    unused: Object.fromEntries(
      Object.entries(unused).map(([name, counts]) => [name, counts.filter((_, v) => isUsed(name, v))]),
    ),
  };
}
