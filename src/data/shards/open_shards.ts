import path from 'node:path';
import {checkChoice, checkKeys, checkThat} from '../../checks';
import {AutofisError} from '../../errors';
import {readLayout, ShardLayout} from './arrow_file';
import {readManifest} from './manifest';
import {Shards} from './shards';

export interface OpenShardsOptions {
  /** The part of the data: `train` (default), `valid`, `test`, or what else the folder has. */
  part?: string;
  /** Hash of the fitted schema that the ids must have been made with; by default any. */
  schemaHash?: string;
}

/**
 * Open one part of a folder of shards for training or evaluation. Files are checked against the manifest, but not
 * read: rows come from the disk when they are needed, so that the data may be larger than memory.
 *
 * @param folder A folder that `encode` wrote, or another engine in the same layout.
 * @throws AutofisError if the folder is not whole, a file is missing, truncated, damaged, has other columns or other
 *     rows than the manifest says, the part has no rows, or the schema is another one.
 *
 * @example
 * const train = await openShards('criteo', {part: 'train'});
 * const model = tf.sequential();
 * model.add(new FieldEmbedding({fields: train.fields, outputDim: 16}));
 * // ...
 * await model.fitDataset(train.dataset({batchSize: 2000, seed: 1}), {epochs: 3, callbacks: [search]});
 */
export async function openShards(folder: string, options: OpenShardsOptions = {}): Promise<Shards> {
  const where = 'openShards';
  checkThat(typeof folder === 'string', where, 'folder', 'be the path of a folder', folder);
  checkKeys(where, options, ['part', 'schemaHash']);
  const {part: name = 'train', schemaHash: wanted} = options;
  const manifest = await readManifest(folder);
  if (wanted !== undefined && manifest.schemaHash !== wanted) {
    throw new AutofisError(
      `${where}: the ids in ${folder} were made with another schema (hash ${manifest.schemaHash ?? 'unknown'}, ` +
        `wanted ${wanted}). Encode the data with this schema.`,
    );
  }
  checkChoice(where, 'part', name, Object.keys(manifest.parts));
  const {rows, files} = manifest.parts[name];
  if (rows === 0)
    throw new AutofisError(
      `${where}: the part ${JSON.stringify(name)} of ${folder} has no rows. Check the split of the data.`,
    );
  const layouts: ShardLayout[] = [];
  for (const file of files) {
    const layout = await readLayout(path.join(folder, file.name), manifest);
    if (layout.rows !== file.rows) {
      throw new AutofisError(
        `${where}: ${path.join(folder, file.name)} has ${layout.rows} rows, but the manifest says ${file.rows}. ` +
          'It belongs to another run; encode the data again.',
      );
    }
    layouts.push(layout);
  }
  return new Shards(folder, name, manifest, layouts);
}
