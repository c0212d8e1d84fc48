import {checkKeys} from '../checks';
import {checkSchema} from '../schema/check_schema';
import {type FitOptions, fitStaged} from './fit_schema';
import {KEYS, makeShards, type Prepared, type ShardOptions} from './make_shards';

export interface PrepareOptions extends ShardOptions {
  /** Schema to fit on the training rows. It must have a label. */
  schema: FitOptions['schema'];
}

/**
 * `fitSchema` and `encode` in one, reading the source once.
 * @throws AutofisError where `fitSchema` or `encode` would: an invalid option, a source that cannot be
 * read, too many rejects, an existing folder, a full disk.
 * @example
 * const {manifest, fitted} = await prepare({
 *   source: 'train.csv.gz', schema, folder: 'shards', split: {by: 'fraction', valid: 0.1, test: 0.1, seed: 1},
 * });
 */
export async function prepare(options: PrepareOptions): Promise<Prepared> {
  checkKeys('prepare', options, [...KEYS, 'schema']);
  const schema = checkSchema(options.schema);
  return makeShards('prepare', options, schema, (staged, progress) => fitStaged('prepare', schema, staged, progress));
}
