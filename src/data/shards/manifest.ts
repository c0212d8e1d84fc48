import {readFile, stat} from 'node:fs/promises';
import path from 'node:path';
import {FieldLayout, FieldSpec} from '../../../layers/field_layout';
import {checkKeys, checkThat} from '../../checks';
import {AutofisError} from '../../errors';
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
  const cure = found ? 'It is a file.' : 'There is no such folder.';
  checkThat(found?.isDirectory(), 'openShards', 'folder', 'be a folder of shards', folder, cure);
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
  const check: Check = (holds, ...rule) => checkThat(holds, where, ...rule);
  const {format, version, schemaHash, fields, weights, groups = false, parts} = object(check, 'manifest', manifest);
  check(format === SHARD_FORMAT, 'format', `be ${JSON.stringify(SHARD_FORMAT)}`, format);
  const cure = 'Another version of tfjs-autofis wrote it.';
  check(version === SHARD_VERSION, 'version', `be ${SHARD_VERSION}`, version, cure);
  checkKeys(where, manifest, ['format', 'version', 'schemaHash', 'fields', 'columns', 'weights', 'groups', 'parts']);
  const isHash = schemaHash === null || typeof schemaHash === 'string';
  check(isHash, 'schemaHash', 'be a string or null', schemaHash);
  const {columns} = new FieldLayout(where, fields);
  check(manifest.columns === columns, 'columns', `be ${columns}, the columns of all fields`, manifest.columns);
  for (const [key, column] of Object.entries({weights, groups}))
    check(typeof column === 'boolean', key, 'be true or false', column);
  for (const [name, part] of Object.entries(object(check, 'parts', parts))) {
    object(check, `parts.${name}`, part);
    checkKeys(`${where}: parts.${name}`, part, ['rows', 'positives', 'files', 'fields']);
    check(Array.isArray(part.files), `parts.${name}.files`, 'be a list of files', part.files);
    part.files.forEach((file, i) => {
      object(check, `parts.${name}.files[${i}]`, file);
      checkKeys(`${where}: parts.${name}.files[${i}]`, file, ['name', 'rows', 'positives', 'checksums']);
      checkFile(check, `parts.${name}.files[${i}]`, file);
    });
    checkPart(check, `parts.${name}`, part, fields);
  }
  return manifest;
}

/** Throws unless a rule holds. */
type Check = (holds: boolean, at: string, rule: string, received: unknown, cure?: string) => void;

function checkFile(check: Check, at: string, file: ShardFile): void {
  const {name, rows, checksums} = file;
  const isName = typeof name === 'string' && name !== '' && path.basename(name) === name;
  check(isName, `${at}.name`, 'be the name of a file in the folder', name);
  counts(check, at, file, ['rows', 'positives'], rows);
  const digits = 16 * Math.ceil(rows / CHECKSUM_ROWS);
  const areSums = checksums === undefined || (/^[0-9a-f]*$/.test(checksums) && checksums.length === digits);
  const rule = `be ${digits} hexadecimal digits, 16 for each ${CHECKSUM_ROWS} rows`;
  check(areSums, `${at}.checksums`, rule, checksums);
}

function checkPart(check: Check, at: string, part: ShardPart, fields: readonly FieldSpec[]): void {
  counts(check, at, part, ['rows', 'positives'], part.rows);
  for (const key of ['rows', 'positives'] as const) {
    const sum = part.files.reduce((total, file) => total + file[key], 0);
    check(sum === part[key], `${at}.${key}`, `be ${sum}, the sum over its files`, part[key]);
  }
  if (part.fields === undefined) return;
  const areAll = Array.isArray(part.fields) && part.fields.length === fields.length;
  check(areAll, `${at}.fields`, `be a list of ${fields.length} counts, one for each field`, part.fields);
  part.fields.forEach((field, i) => {
    const {name} = object(check, `${at}.fields[${i}]`, field);
    const rule = `be ${JSON.stringify(fields[i].name)}, as in \`fields\``;
    check(name === fields[i].name, `${at}.fields[${i}].name`, rule, name);
    counts(check, `${at}.fields[${i}]`, field, ['missing', 'unseen'], part.rows);
  });
}

function object<T>(check: Check, at: string, value: T): T {
  check(value !== null && typeof value === 'object' && !Array.isArray(value), at, 'be an object', value);
  return value;
}

/** Check that the named counts are integers from 0 to `most`. */
function counts<K extends string>(
  check: Check,
  at: string,
  value: Record<K, number>,
  keys: readonly K[],
  most: number,
): void {
  const rule = Number.isInteger(most) ? `be an integer from 0 to ${most}` : 'be an integer >= 0';
  for (const key of keys) {
    const count = value[key];
    check(Number.isInteger(count) && count >= 0 && count <= most, `${at}.${key}`, rule, count);
  }
}
