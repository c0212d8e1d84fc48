import {access, mkdir, mkdtemp, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {checkInteger, checkKeys} from '../checks';
import {AutofisError} from '../errors';
import {checkSchema} from '../schema/check_schema';
import {MISSING, UNSEEN} from '../schema/rules/rule';
import type {FieldCounts} from '../schema/row_encoder';
import {checkFitted, fieldSpecs, type FittedSchema, schemaHash} from '../schema/vocabulary';
import {type Engine, type EngineOptions, openEngine} from './duckdb';
import {type FieldSql, fieldSql, OUTCOME} from './field_sql';
import {fitStaged, type FitOptions} from './fit_schema';
import {type Manifest, MANIFEST, SCHEMA, SHARD_FORMAT, SHARD_VERSION, type ShardPart} from './manifest';
import {type ProgressOption, ProgressReporter} from './progress';
import type {Rejects} from './rejects';
import {loadArrow, ShardWriter} from './shard_writer';
import type {Source} from './source';
import {checkSplit, PARTS, type Split} from '../schema/split';
import {type Staged, stage} from './staging';

interface ShardOptions extends EngineOptions {
  source: Source;
  /** The folder to be made. It must not be there yet. */
  folder: string;
  /** Which rows go to which part. Default: all to `train`. */
  split?: Split;
  /** Rows of one file. Default 262,144. */
  rowsPerShard?: number;
  /** Most rows that may be left out since they cannot be used. Default 0. */
  maxRejects?: number;
  progress?: ProgressOption;
}

export interface EncodeOptions extends ShardOptions {
  /** From `fitSchema`. Its schema has a label. */
  fitted: FittedSchema;
}

export interface PrepareOptions extends ShardOptions {
  /** What is fitted on the training rows. It has a label. */
  schema: FitOptions['schema'];
}

/** What was made. */
export interface Prepared {
  manifest: Manifest;
  fitted: FittedSchema;
  /** Rows that were left out. */
  rejects: Rejects;
}

const KEYS = ['source', 'folder', 'split', 'rowsPerShard', 'maxRejects', 'progress', 'memoryLimit', 'threads'];

/**
 * Encodes a source into a folder of shards by a schema that was fitted before: new days of data, or a test set in files
 * of its own. The folder appears at the end, whole, under its name: a run that was stopped leaves none.
 * @throws AutofisError as `fitSchema`; also when the folder is there already or the disk is full.
 * @example
 * await encode({source: 'day_23.tsv.gz', fitted, folder: 'shards/day_23'});
 */
export async function encode(options: EncodeOptions): Promise<Prepared> {
  checkKeys('encode', options, [...KEYS, 'fitted']);
  const fitted = checkFitted(options.fitted);
  return makeShards('encode', options, fitted.schema, async () => fitted);
}

/**
 * `fitSchema` and `encode` in one, reading the source once.
 * @example
 * const {manifest, fitted} = await prepare({
 *   source: 'train.csv.gz', schema, folder: 'shards', split: {by: 'fraction', valid: 0.1, test: 0.1, seed: 1},
 * });
 */
export async function prepare(options: PrepareOptions): Promise<Prepared> {
  checkKeys('prepare', options, [...KEYS, 'schema']);
  const schema = checkSchema(options.schema);
  return makeShards('prepare', options, schema, (engine, staged, progress) =>
    fitStaged('prepare', engine.connection, schema, staged, progress));
}

async function makeShards(
    where: string, options: ShardOptions, schema: FittedSchema['schema'],
    fit: (engine: Engine, staged: Staged, progress: ProgressReporter) => Promise<FittedSchema>): Promise<Prepared> {
  const {source, split, maxRejects = 0, rowsPerShard = 2 ** 18} = options;
  checkInteger(where, 'rowsPerShard', rowsPerShard, 1);
  checkInteger(where, 'maxRejects', maxRejects, 0);
  if (split !== undefined) checkSplit(where, split);
  if (schema.label === undefined) throw new AutofisError(`${where}: the schema has no \`label\`, which shards need. Add {label: {column}}.`);
  const folder = path.resolve(options.folder);
  if (await access(folder).then(() => true, () => false)) {
    throw new AutofisError(`${where}: ${folder} is there already. Remove it, or give another \`folder\`.`);
  }
  await mkdir(path.dirname(folder), {recursive: true});
  // Beside its place: a rename within one disk is one step.
  const partial = await mkdtemp(`${folder}.partial-`);
  const progress = await ProgressReporter.open(options.progress);
  try {
    const shards = path.join(partial, 'shards'), rows = path.join(partial, 'rows');
    await mkdir(shards);
    await mkdir(rows);
    const engine = await openEngine(rows, options);
    try {
      const staged = await stage(engine, {where, source, schema, split, maxRejects, folder: rows, progress});
      const fitted = await fit(engine, staged, progress);
      const manifest = await writeShards(where, engine, staged, fitted, shards, rowsPerShard, progress);
      await writeFile(path.join(shards, SCHEMA), JSON.stringify(fitted));
      await writeFile(path.join(shards, MANIFEST), JSON.stringify(manifest, null, 1));
      await rename(shards, folder);
      return {manifest, fitted, rejects: staged.rejects};
    } finally {
      engine.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new AutofisError(`${where}: the disk is full: ${(error as Error).message}. Free some space, or choose another folder.`);
  } finally {
    progress.close();
    await rm(partial, {recursive: true, force: true});
  }
}

async function writeShards(
    where: string, {connection}: Engine, staged: Staged, fitted: FittedSchema, folder: string, rowsPerShard: number,
    progress: ProgressReporter): Promise<Manifest> {
  const arrow = await loadArrow();
  const specs = fieldSpecs(fitted);
  const weights = fitted.schema.weight !== undefined;
  const fields: FieldSql[] = [];
  for (const [i, rule] of fitted.schema.fields.entries()) {
    fields.push(await fieldSql(connection, rule, fitted.fields[i], staged.nameOf(rule), staged.rows, i));
  }
  const columns = fields.reduce((sum, field) => sum + field.width, 0);
  const parts = PARTS.map(name => ({
    writer: undefined as ShardWriter | undefined, name, counts: specs.map((field): FieldCounts => ({name: field.name, missing: 0, unseen: 0})),
  }));
  const select = ['part::UTINYINT', 'label', ...(weights ? ['weight'] : []), ...fields.map(({sql}) => sql)];
  const steps = progress.start('encoding');
  const result = await connection.stream(`SELECT ${select.join(', ')} FROM ${staged.rows}`);
  let done = 0;
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const vectors = select.map((_, i) => (chunk!.getColumnVector(i) as unknown as {items: Items}).items);
    for (const [p, part] of parts.entries()) {
      let rows = rowsOf(vectors[0], p, chunk.rowCount);
      while (rows.length > 0) {
        part.writer ??= new ShardWriter(arrow, folder, part.name, columns, rowsPerShard, weights);
        const now = rows.subarray(0, part.writer.capacity - part.writer.rows);
        addRows(part.writer, now, vectors, fields, part.counts);
        if (part.writer.rows === part.writer.capacity) await part.writer.flush();
        rows = rows.subarray(now.length);
      }
    }
    done += chunk.rowCount;
    steps.step(done / staged.count);
  }
  steps.stop();
  const manifest: Manifest = {
    format: SHARD_FORMAT, version: SHARD_VERSION, schemaHash: schemaHash(fitted), fields: specs, columns, weights, parts: {},
  };
  for (const {name, writer, counts} of parts) {
    if (writer === undefined) continue;
    await writer.flush();
    const sum = (key: 'rows' | 'positives') => writer.files.reduce((total, file) => total + file[key], 0);
    const part: ShardPart = {rows: sum('rows'), positives: sum('positives'), files: writer.files, fields: counts};
    if (name === 'train' && (part.positives === 0 || part.positives === part.rows)) {
      throw new AutofisError(`${where}: the label of all ${part.rows} training rows is ${part.positives === 0 ? 0 : 1}. ` +
        'A model needs both; check the label column and the split.');
    }
    manifest.parts[name] = part;
  }
  return manifest;
}

type Items = Int32Array | Uint8Array | Float32Array;

/** The rows of a chunk that belong to a part. */
function rowsOf(part: Items, p: number, count: number): Int32Array {
  const rows = new Int32Array(count);
  let found = 0;
  for (let row = 0; row < count; row++) if (part[row] === p) rows[found++] = row;
  return rows.subarray(0, found);
}

/** Adds rows of a chunk, whose columns are part, label, perhaps weight, then the fields, to a shard, and counts them. */
function addRows(writer: ShardWriter, rows: Int32Array, vectors: readonly Items[], fields: readonly FieldSql[], counts: FieldCounts[]): void {
  const {ids, columns, rows: start} = writer;
  const [, labels, weights] = vectors;
  for (let i = 0; i < rows.length; i++) writer.labels[start + i] = labels[rows[i]];
  if (writer.weights !== undefined) for (let i = 0; i < rows.length; i++) writer.weights[start + i] = weights[rows[i]];
  const first = writer.weights === undefined ? 2 : 3;
  let column = 0;
  fields.forEach(({width, table, hasUnseen}, f) => {
    const codes = vectors[first + f];
    let missing = 0, unseen = 0, at = start * columns + column;
    if (table === undefined) {
      for (let i = 0; i < rows.length; i++, at += columns) {
        const id = codes[rows[i]];
        ids[at] = id;
        if (id === MISSING) missing++;
        else if (id === UNSEEN) unseen++;
      }
      if (!hasUnseen) unseen = 0;
    } else {
      for (let i = 0; i < rows.length; i++, at += columns) {
        const code = codes[rows[i]];
        for (let j = 0; j < width; j++) ids[at + j] = table.ids[code * width + j];
        if (table.outcomes[code] === OUTCOME.missing) missing++;
        else if (table.outcomes[code] === OUTCOME.unseen) unseen++;
      }
    }
    counts[f].missing += missing;
    counts[f].unseen += unseen;
    column += width;
  });
  writer.rows += rows.length;
}
