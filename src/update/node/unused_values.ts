import type {Shards} from '../../data/shards/shards';
import {countUnused, type DroppedValues, dropValues, type UnusedCounts} from '../../schema/drop_values';
import {fieldSpecs, type FittedSchema} from '../../schema/vocabulary';

/** Drop the values that no row of the last `updates` updates had. */
export async function withoutUnused(
  fitted: FittedSchema,
  counted: UnusedCounts,
  parts: readonly Shards[],
  updates: number,
): Promise<DroppedValues> {
  return dropValues(fitted, countUnused(fitted, counted, await seenIds(fitted, parts)), updates);
}

/** Mark the ids of each field that the rows of shards have. */
async function seenIds(fitted: FittedSchema, parts: readonly Shards[]): Promise<Uint8Array[]> {
  const specs = fieldSpecs(fitted);
  const seen = specs.map(({size}) => new Uint8Array(size));
  const columns = specs.flatMap(({width = 1}, f) => Array<Uint8Array>(width).fill(seen[f]));
  for (const shards of parts) {
    for await (const {ids} of shards.batches({batchSize: 10_000})) {
      ids.forEach((id, i) => {
        if (id >= 0) columns[i % columns.length][id] = 1;
      });
    }
  }
  return seen;
}
