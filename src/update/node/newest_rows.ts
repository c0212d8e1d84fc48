import {openShards} from '../../data/shards/open_shards';
import type {Shards} from '../../data/shards/shards';
import type {Source} from '../../data/sources/source';
import {timeSplitFor, type TimeWords} from '../../data/time_split';
import {AutofisError} from '../../errors';
import type {DateTimeRule} from '../../schema/schema';
import {ISO_DATES, type Split} from '../../schema/split';
import {type FittedSchema, fieldSpecs} from '../../schema/vocabulary';

const TIME_WORDS: TimeWords = {
  where: 'updateBundle',
  column: '`timeColumn`',
  rows: 'the rows to be held out',
  cure: 'Give a smaller `heldOut`',
};

/** A split that holds out the newest rows as `test`: by a column of times, or by their order. */
export async function newestSplit(
  {schema}: FittedSchema,
  {source, timeColumn: column, heldOut: test}: {source: Source; timeColumn?: string; heldOut: number},
): Promise<Split> {
  if (column === undefined) return {by: 'order', test};
  // Dates are read as the schema reads them, and other times as numbers or text.
  const rule = schema.fields.find(rule => rule.column === column && rule.type === 'dateTime');
  const dates = rule === undefined ? {} : {format: (rule as DateTimeRule).format ?? ISO_DATES};
  return timeSplitFor(TIME_WORDS, {source, column, ...dates, test});
}

/**
 * Open the rows that are held out.
 * @throws AutofisError if they lack a label, without which AUC is undefined.
 */
export async function newestOf(where: string, shards: string): Promise<Shards> {
  const cure = 'Give more rows, or a greater `heldOut`.';
  const newest = await openShards(shards, {part: 'test'}).catch(() => {
    throw new AutofisError(`${where}: no rows are left to be held out. ${cure}`);
  });
  const {rows, positives} = newest;
  if (Math.min(positives, rows - positives) > 0) return newest;
  throw new AutofisError(
    `${where}: of the ${rows} rows that are held out, ${positives} have the label 1, and ${rows - positives} the ` +
      `label 0. AUC needs one or more of each. ${cure}`,
  );
}

/** Mark the ids of each field that the rows of shards have. */
export async function seenIds(fitted: FittedSchema, parts: readonly Shards[]): Promise<Uint8Array[]> {
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
