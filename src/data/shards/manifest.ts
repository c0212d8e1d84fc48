import {readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {FieldLayout, FieldSpec} from '../../../layers/field_layout';
import {checkKeys} from '../../checks';
import {AutofisError, invalidArgument} from '../../errors';
import type {FieldCounts} from '../../schema/row_encoder';
import {unsealed} from '../../schema/sealed_json';
import {CHECKSUM_ROWS} from './checksums';

/** The file that makes a folder a shard folder; it is written last. */
export const MANIFEST = 'manifest.json';
/** The fitted schema beside it; absent when another engine made the shards without one. */
export const SCHEMA = 'schema.json';
/** `format` of a manifest. */
export const SHARD_FORMAT = 'tfjs-autofis-shards';
/** `version` of a manifest. */
export const SHARD_VERSION = 1;

/** One Arrow file of a part. */
export interface ShardFile {
  /** Name within the folder, such as `train-00000.arrow`. */
  name: string;
  rows: number;
  /** Rows with label 1. */
  positives: number;
  /**
   * Checksums of each 2,048 rows, 16 hexadecimal digits each; absent where the engine that wrote the file made none.
   */
  checksums?: string;
}

/** One part of the data: train, valid, test. */
export interface ShardPart {
  rows: number;
  positives: number;
  files: ShardFile[];
  /** Counts for the drift report; absent when the engine that wrote the shards did not count. */
  fields?: FieldCounts[];
}

/** Content of `manifest.json` in a shard folder. */
export interface Manifest {
  format: typeof SHARD_FORMAT;
  version: typeof SHARD_VERSION;
  /** Hash of the fitted schema that made the ids, null when there is none. */
  schemaHash: string | null;
  /** The fields, in the order of their columns: what `FieldEmbedding` takes. */
  fields: FieldSpec[];
  /** W, the length of the list of ids of a row. */
  columns: number;
  /** True if the files have a column `weight`. */
  weights: boolean;
  /** True if they have a column `group`; default false. */
  groups?: boolean;
  parts: Record<string, ShardPart>;
}

/**
 * Read and check the manifest of a shard folder.
 * @throws AutofisError unless it is complete.
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) {
    throw invalidArgument(
      'openShards',
      'folder',
      'be a folder of shards',
      folder,
      found ? 'It is a file.' : 'There is no such folder.',
    );
  }
  const file = path.join(folder, MANIFEST);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new AutofisError(
      `openShards: ${folder} has no ${MANIFEST}, so it is not a complete shard folder: the run that wrote ` +
        'it was stopped, or this is another folder. Encode the data again.',
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AutofisError(`openShards: ${file} is not JSON: ${(error as Error).message}. Encode the data again.`);
  }
  return checkManifest(file, unsealed(`openShards: ${file}`, value));
}

/** Check that `value` is a manifest whose numbers fit each other. */
export function checkManifest(where: string, value: unknown): Manifest {
  const manifest = value as Manifest;
  object(where, 'manifest', manifest);
  if (manifest.format !== SHARD_FORMAT)
    throw invalidArgument(where, 'format', `be ${JSON.stringify(SHARD_FORMAT)}`, manifest.format);
  if (manifest.version !== SHARD_VERSION) {
    throw invalidArgument(
      where,
      'version',
      `be ${SHARD_VERSION}`,
      manifest.version,
      'Another version of tfjs-autofis wrote it.',
    );
  }
  checkKeys(where, manifest, ['format', 'version', 'schemaHash', 'fields', 'columns', 'weights', 'groups', 'parts']);
  if (manifest.schemaHash !== null && typeof manifest.schemaHash !== 'string') {
    throw invalidArgument(where, 'schemaHash', 'be a string or null', manifest.schemaHash);
  }
  const {columns} = new FieldLayout(where, manifest.fields);
  if (manifest.columns !== columns) {
    throw invalidArgument(where, 'columns', `be ${columns}, the columns of all fields`, manifest.columns);
  }
  for (const key of ['weights', 'groups'] as const) {
    if (typeof manifest[key] !== 'boolean' && (key === 'weights' || manifest.groups !== undefined))
      throw invalidArgument(where, key, 'be true or false', manifest[key]);
  }
  object(where, 'parts', manifest.parts);
  for (const [name, part] of Object.entries(manifest.parts)) checkPart(where, `parts.${name}`, part, manifest.fields);
  return manifest;
}

function checkPart(where: string, at: string, part: ShardPart, fields: readonly FieldSpec[]): void {
  object(where, at, part);
  checkKeys(`${where}: ${at}`, part, ['rows', 'positives', 'files', 'fields']);
  if (!Array.isArray(part.files)) throw invalidArgument(where, `${at}.files`, 'be a list of files', part.files);
  part.files.forEach((file, i) => {
    object(where, `${at}.files[${i}]`, file);
    checkKeys(`${where}: ${at}.files[${i}]`, file, ['name', 'rows', 'positives', 'checksums']);
    if (typeof file.name !== 'string' || file.name === '' || path.basename(file.name) !== file.name) {
      throw invalidArgument(where, `${at}.files[${i}].name`, 'be the name of a file in the folder', file.name);
    }
    counts(where, `${at}.files[${i}]`, file, ['rows', 'positives'], file.rows);
    const digits = 16 * Math.ceil(file.rows / CHECKSUM_ROWS);
    if (file.checksums === undefined || (/^[0-9a-f]*$/.test(file.checksums) && file.checksums.length === digits))
      return;
    throw invalidArgument(
      where,
      `${at}.files[${i}].checksums`,
      `be ${digits} hexadecimal digits, 16 for each ${CHECKSUM_ROWS} rows`,
      file.checksums,
    );
  });
  counts(where, at, part, ['rows', 'positives'], part.rows);
  for (const key of ['rows', 'positives'] as const) {
    const sum = part.files.reduce((total, file) => total + file[key], 0);
    if (sum !== part[key]) throw invalidArgument(where, `${at}.${key}`, `be ${sum}, the sum over its files`, part[key]);
  }
  if (part.fields === undefined) return;
  if (!Array.isArray(part.fields) || part.fields.length !== fields.length) {
    throw invalidArgument(
      where,
      `${at}.fields`,
      `be a list of ${fields.length} counts, one for each field`,
      part.fields,
    );
  }
  part.fields.forEach((field, i) => {
    object(where, `${at}.fields[${i}]`, field);
    if (field.name !== fields[i].name) {
      throw invalidArgument(
        where,
        `${at}.fields[${i}].name`,
        `be ${JSON.stringify(fields[i].name)}, as in \`fields\``,
        field.name,
      );
    }
    counts(where, `${at}.fields[${i}]`, field, ['missing', 'unseen'], part.rows);
  });
}

function object(where: string, at: string, value: unknown): void {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw invalidArgument(where, at, 'be an object', value);
}

/** Check that the named counts are integers from 0 to `most`. */
function counts<K extends string>(
  where: string,
  at: string,
  value: Record<K, number>,
  keys: readonly K[],
  most: number,
): void {
  for (const key of keys) {
    if (!Number.isInteger(value[key]) || value[key] < 0 || value[key] > most) {
      throw invalidArgument(
        where,
        `${at}.${key}`,
        Number.isInteger(most) ? `be an integer from 0 to ${most}` : 'be an integer >= 0',
        value[key],
      );
    }
  }
}
