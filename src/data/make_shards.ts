import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {checkInteger} from '../checks';
import {AutofisError} from '../errors';
import {sealed} from '../schema/sealed_json';
import {PARTS} from '../schema/split';
import {fieldSpecs, type FittedSchema, schemaHash} from '../schema/vocabulary';
import {checkLabels} from './fit_schema';
import {partialFolder} from './partial_folder';
import {type Manifest, MANIFEST, SCHEMA, SHARD_FORMAT, SHARD_VERSION} from './shards/manifest';
import {type ShardForm, ShardWriter} from './shards/shard_writer';
import {loadArrow} from './sql/packages';
import type {Rejects} from './sources/rejects';
import type {ProgressReporter} from './staging/progress';
import type {CodedChunk, LeftOut} from './staging/staged';
import type {Staged} from './staging/staged_files';
import {READING_KEYS, type ReadingOptions, stage} from './staging/staging';
import {withEngine} from './with_engine';

export interface ShardOptions extends ReadingOptions {
  /** The folder to be made. It must not be there yet. */
  folder: string;
  /** Rows of one file. Default 262,144. */
  rowsPerShard?: number;
}

/** Result of encoding a source into a folder of shards. */
export interface Prepared {
  manifest: Manifest;
  fitted: FittedSchema;
  /** Rows that were left out since they could not be used. */
  rejects: Rejects;
  /** Rows that could be used, but are for no part. */
  leftOut: LeftOut;
}

/** Where in the partial folder the shards are. */
const SHARDS = 'shards';
export const KEYS = [...READING_KEYS, 'folder', 'rowsPerShard'];

/** Cure for rows that lack a column of a schema that was fitted on others. */
export const ROWS_CURE = 'Give rows with all columns of the rows that the schema was fitted on.';

/** Encode a source into a folder of shards by the schema that `fit` makes of its staged rows. */
export async function makeShards(
  where: string,
  options: ShardOptions,
  schema: FittedSchema['schema'],
  fit: (staged: Staged, progress: ProgressReporter) => Promise<FittedSchema>,
  cure?: string,
): Promise<Prepared> {
  const {rowsPerShard = 2 ** 18} = options;
  checkInteger(where, 'rowsPerShard', rowsPerShard, 1);
  if (schema.label === undefined)
    throw new AutofisError(`${where}: the schema has no \`label\`, which shards need. Add {label: {column}}.`);
  const partial = await partialFolder(where, options.folder);
  try {
    const shards = path.join(partial.path, SHARDS);
    await mkdir(shards);
    return await withEngine({...options, tempFolder: partial.path}, async (engine, folder, progress) => {
      const staged = await stage(engine, {...options, where, schema, folder, progress, cure});
      const fitted = await fit(staged, progress);
      const manifest = await writeShards(where, staged, fitted, shards, rowsPerShard, progress);
      await writeFile(path.join(shards, SCHEMA), JSON.stringify(fitted));
      await writeFile(path.join(shards, MANIFEST), JSON.stringify(sealed(manifest), null, 1));
      await partial.publish(SHARDS);
      return {manifest, fitted, rejects: staged.rejects, leftOut: staged.leftOut};
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new AutofisError(
      `${where}: the disk is full: ${(error as Error).message}. Free some space, or choose another folder.`,
    );
  } finally {
    await partial.remove();
  }
}

async function writeShards(
  where: string,
  staged: Staged,
  fitted: FittedSchema,
  folder: string,
  rowsPerShard: number,
  progress: ProgressReporter,
): Promise<Manifest> {
  const specs = fieldSpecs(fitted);
  const weights = fitted.schema.weight !== undefined;
  const {groups, count} = staged;
  const {fields, chunks} = await staged.encoded(fitted);
  const names = specs.map(({name}) => name);
  const capacity = Math.min(rowsPerShard, count);
  const form = {arrow: await loadArrow(where), folder, fields, names, capacity, weights, groups};
  const steps = progress.start('encoding');
  const parts = await writeParts(form, chunks(), rows => steps.step(rows / count));
  if (parts.train !== undefined) checkLabels(where, fitted.schema.label!, parts.train);
  steps.stop();
  return {
    format: SHARD_FORMAT,
    version: SHARD_VERSION,
    schemaHash: schemaHash(fitted),
    fields: specs,
    columns: fields.reduce((sum, {width}) => sum + width, 0),
    weights,
    ...(groups && {groups}),
    parts,
  };
}

/** Write the rows of each part, and describe the parts. */
async function writeParts(
  form: ShardForm,
  chunks: AsyncIterable<CodedChunk>,
  step: (rows: number) => void,
): Promise<Manifest['parts']> {
  const writers: ShardWriter[] = [];
  const parts: Manifest['parts'] = {};
  let done = 0;
  try {
    for await (const chunk of chunks) {
      for (const [part, rows] of rowsOfParts(chunk).entries()) {
        if (rows.length > 0) await (writers[part] ??= new ShardWriter(form, PARTS[part])).add(chunk, rows);
      }
      done += chunk.count;
      step(done);
    }
    for (const [i, name] of PARTS.entries()) {
      if (writers[i] !== undefined) parts[name] = await writers[i].end();
    }
    return parts;
  } finally {
    // A file that is being written would come back into a folder that is removed.
    await Promise.all(writers.map(writer => writer.close()));
  }
}

/** The positions of each part's rows. */
function rowsOfParts({parts, count}: CodedChunk): Uint16Array[] {
  const rowsOfPart = PARTS.map(() => new Uint16Array(count));
  const counts = PARTS.map(() => 0);
  for (let row = 0; row < count; row++) {
    const part = parts[row];
    if (part < PARTS.length) rowsOfPart[part][counts[part]++] = row;
  }
  return rowsOfPart.map((rows, part) => rows.subarray(0, counts[part]));
}
