import {checkInteger, checkThat} from '../checks';
import {AutofisError} from '../errors';
import {textTable} from '../text_table';
import type {FieldCounts} from './row_encoder';
import type {FittedSchema} from './vocabulary';

/** Shares of rows, 0 to 1. */
export interface FieldShares {
  /** Rows without a value. */
  missing: number;
  /** Rows with a value that has no id of its own. */
  unseen: number;
}

/** Shares of missing and unseen values of one field, at training and now. */
export interface FieldDrift {
  name: string;
  training: FieldShares;
  now: FieldShares;
  /** The greater of both differences, |now - training|. */
  change: number;
}

/** Differences between rows and those that the schema was fitted on. */
export interface DriftReport {
  /** Rows that were looked at. */
  rows: number;
  /** The fields, those that changed most first. */
  fields: FieldDrift[];
  /** A table for people. */
  text: string;
}

/**
 * Compare rows with those that a schema was fitted on: for each field the share of missing values and of unseen ones,
 * those that the vocabulary does not hold. A share that has grown says that the data has moved away from the model: new
 * sites, a source that fails, a column that is named otherwise now.
 *
 * @param rows How many rows were counted, >= 1.
 * @param counts What `RowEncoder.encode` counted, or `counts` of opened shards.
 * @throws AutofisError if the counts are those of another schema.
 *
 * @example
 * const test = await openShards('criteo', {part: 'test'});
 * console.log(driftReport(fitted, test.rows, test.counts).text);
 */
export function driftReport(
  fitted: FittedSchema,
  rows: number,
  counts: readonly FieldCounts[] | undefined,
): DriftReport {
  const where = 'driftReport';
  checkInteger(where, 'rows', rows, 1);
  const cure = 'Shards that another engine wrote may have none; encode rows with RowEncoder instead.';
  checkThat(Array.isArray(counts), where, 'counts', 'be a list of counts, one for each field', counts, cure);
  const names = fitted.fields.map(({name}) => name);
  if (counts.length !== names.length || counts.some(({name}, i) => name !== names[i])) {
    throw new AutofisError(
      `${where}: \`counts\` must be those of the fields ${names.join(', ')}. ` +
        `Received: ${counts.map(({name}) => name).join(', ')}. Use the schema that encoded the rows.`,
    );
  }
  const fields = fitted.fields
    .map(({name, training: {missing, unseen}}, i) => {
      const now = {missing: counts[i].missing / rows, unseen: counts[i].unseen / rows};
      const change = Math.max(Math.abs(now.missing - missing), Math.abs(now.unseen - unseen));
      return {name, training: {missing, unseen}, now, change};
    })
    .sort((a, b) => b.change - a.change);
  return {rows, fields, text: text(fields)};
}

function text(fields: readonly FieldDrift[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const head = ['field', 'missing', 'in training', 'unseen', 'in training', 'change'];
  return textTable(
    head,
    fields.map(({name, training, now, change}) => [
      name,
      percent(now.missing),
      percent(training.missing),
      percent(now.unseen),
      percent(training.unseen),
      percent(change),
    ]),
    [0],
  );
}
