import {checkKeys} from '../checks';
import {checkFitted, type FittedSchema} from '../schema/vocabulary';
import {ShardOptions, Prepared, KEYS, makeShards, ROWS_CURE} from './make_shards';

export interface EncodeOptions extends ShardOptions {
  /** From `fitSchema`. Its schema has a label. */
  fitted: FittedSchema;
}

/**
 * Encode a source into a folder of shards by a schema that was fitted before: new days of data, or a test set in files
 * of its own. The folder appears at the end, whole, under its name: a run that was stopped leaves none.
 * @throws AutofisError as `fitSchema`; also when the folder exists or the disk is full.
 * @example
 * await encode({source: 'day_23.tsv.gz', fitted, folder: 'shards/day_23'});
 */
export async function encode(options: EncodeOptions): Promise<Prepared> {
  checkKeys('encode', options, [...KEYS, 'fitted']);
  const fitted = checkFitted(options.fitted);
  return makeShards('encode', options, fitted.schema, async () => fitted, ROWS_CURE);
}
