import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type {DuckDBConnection} from '@duckdb/node-api';
import {checkKeys} from '../checks';
import {checkSchema} from '../schema/check_schema';
import {countItems, QuantileEdges, rankValues} from '../schema/columns/counted_values';
import {ruleEncoder} from '../schema/rule_encoder';
import type {FieldRule, MultiValuedRule, Schema} from '../schema/schema';
import {checkSplit, type Split} from '../schema/split';
import {type FittedField, type FittedSchema, fittedField, hasVocabulary} from '../schema/vocabulary';
import {AutofisError} from '../errors';
import {chunksOf, type Engine, type EngineOptions, openEngine} from './duckdb';
import {overValues, valueSql} from './field_sql';
import {type ProgressOption, ProgressReporter} from './progress';
import type {Source} from './source';
import {type Staged, stage} from './staging';

export interface FitOptions extends EngineOptions {
  source: Source;
  schema: Schema;
  /** Which rows are for training: only these are looked at. Default: all. */
  split?: Split;
  /** Most rows that may be left out since they cannot be used. Default 0. */
  maxRejects?: number;
  progress?: ProgressOption;
  /** Where rows are kept while it works, about half the size of the source as text. Default: the system's temporary folder. */
  tempFolder?: string;
}

const KEYS = ['source', 'schema', 'split', 'maxRejects', 'progress', 'tempFolder', 'memoryLimit', 'threads'];

/**
 * Fits a schema on the training rows of a source: the vocabularies and edges that turn values into ids.
 * @returns plain JSON, to be kept beside whatever was made with it.
 * @throws AutofisError on a wrong option, a source that cannot be read, or more than `maxRejects` rows that cannot be used,
 *     with file, line, column and value.
 * @example
 * const fitted = await fitSchema({source: 'train.csv.gz', schema, split: {by: 'fraction', test: 0.1, seed: 1}});
 */
export async function fitSchema(options: FitOptions): Promise<FittedSchema> {
  const where = 'fitSchema';
  checkKeys(where, options, KEYS);
  const {source, split, maxRejects = 0, tempFolder = os.tmpdir()} = options;
  const schema = checkSchema(options.schema);
  if (split !== undefined) checkSplit(where, split);
  const folder = await mkdtemp(path.join(tempFolder, 'autofis-'));
  const progress = await ProgressReporter.open(options.progress);
  try {
    const engine = await openEngine(folder, options);
    try {
      const staged = await stage(engine, {where, source, schema, split, maxRejects, folder, progress});
      return await fitStaged(where, engine, schema, staged, progress);
    } finally {
      engine.close();
    }
  } finally {
    progress.close();
    await rm(folder, {recursive: true, force: true});
  }
}

/** Throws if all training rows have the same label. */
export function checkLabels(where: string, {rows, positives}: {rows: number, positives: number}): void {
  if (positives > 0 && positives < rows) return;
  throw new AutofisError(`${where}: the label of all ${rows} training rows is ${positives === 0 ? 0 : 1}. ` +
    'A model needs both; check the label column and the split.');
}

/** Fits a schema on the training rows of what was staged. */
export async function fitStaged(
    where: string, engine: Engine, schema: Schema, staged: Staged, progress: ProgressReporter): Promise<FittedSchema> {
  const train = `(SELECT * FROM ${staged.rows} WHERE part = 0)`;
  const label = schema.label === undefined ? '' : ', sum(label)::BIGINT';
  const [rows, positives] = (await engine.connection.runAndReadAll(`SELECT count(*)${label} FROM ${train}`)).getRowsJS()[0].map(Number);
  if (rows === 0) throw new AutofisError(`${where}: no row is for training. Check the split.`);
  if (schema.label !== undefined) checkLabels(where, {rows, positives});
  const steps = progress.start('fitting');
  let done = 0;
  const fields = await engine.forEach(schema.fields, async (rule, _, connection) => {
    const field = await fitField(connection, rule, staged, train, rows);
    steps.step(++done / schema.fields.length);
    return field;
  });
  steps.stop();
  return {version: 1, schema, rows, fields};
}

async function fitField(connection: DuckDBConnection, rule: FieldRule, staged: Staged, train: string, rows: number): Promise<FittedField> {
  const column = staged.nameOf(rule);
  const value = valueSql(rule, column) === column ? column : overValues(column, staged.repeating.has(column), v => valueSql(rule, v));
  if (rule.type === 'multiValued') return fitItems(connection, rule, column, train, rows);
  if (hasVocabulary(rule)) return fitValues(connection, rule, value, train, rows);
  const [[present]] = (await connection.runAndReadAll(`SELECT count(${value}) FROM ${train}`)).getRowsJS() as bigint[][];
  const training = {missing: 1 - Number(present) / rows, unseen: 0};
  if (rule.type === 'numeric' && rule.bucketing === 'quantiles') {
    return fittedField(rule, training, {edges: await quantileEdges(connection, value, train, Number(present), rule.buckets)});
  }
  return fittedField(rule, training);
}

interface Counted {
  /** Least training rows of a value with an id. */
  minCount?: number;
  maxSize?: number;
}

/** The values by falling count, equal counts by their UTF-8 bytes, which is how DuckDB compares text. */
async function fitValues(connection: DuckDBConnection, rule: FieldRule, value: string, train: string, rows: number): Promise<FittedField> {
  const {minCount = 1, maxSize = Infinity} = rule as Counted;
  // The row of the missing values comes first, if there are any, so that a limit leaves it.
  const sql = `
    SELECT v, n::DOUBLE FROM (SELECT v, count(*) AS n FROM (SELECT ${value} AS v FROM ${train}) GROUP BY v)
    WHERE n >= ${minCount} OR v IS NULL ORDER BY v IS NULL DESC, n DESC, v ${maxSize === Infinity ? '' : `LIMIT ${maxSize - 1}`}`;
  const values: string[] = [];
  let missing = 0, known = 0;
  for await (const chunk of chunksOf(connection, sql)) {
    const found = chunk.getColumnValues(0) as Array<string | null>, counts = chunk.getColumnValues(1) as number[];
    found.forEach((each, i) => {
      if (each === null) {
        missing = counts[i];
      } else if (values.length < maxSize - 2) {
        values.push(each);
        known += counts[i];
      }
    });
  }
  return fittedField(rule, {missing: missing / rows, unseen: (rows - missing - known) / rows}, {values});
}

/** As `fitValues`, for the items of lists, each counted once a row. Lists that are equal are taken apart once. */
async function fitItems(connection: DuckDBConnection, rule: MultiValuedRule, column: string, train: string, rows: number): Promise<FittedField> {
  const lists: Array<[string | null, number]> = [];
  for await (const chunk of chunksOf(connection, `SELECT ${column}, count(*)::DOUBLE FROM ${train} GROUP BY 1`)) {
    const found = chunk.getColumnValues(0) as Array<string | null>, times = chunk.getColumnValues(1) as number[];
    found.forEach((list, i) => { lists.push([list, times[i]]); });
  }
  const values = rankValues(countItems(rule, lists), rule);
  const encoder = ruleEncoder(rule, fittedField(rule, {missing: 0, unseen: 0}, {values}));
  const ids = new Int32Array(encoder.width);
  let missing = 0, unseen = 0;
  for (const [list, times] of lists) {
    const outcome = encoder.encode(list, ids, 0);
    if (outcome === 'missing') missing += times;
    else if (outcome === 'unseen') unseen += times;
  }
  return fittedField(rule, {missing: missing / rows, unseen: unseen / rows}, {values});
}

/** Edges of buckets of equal frequency. */
async function quantileEdges(connection: DuckDBConnection, value: string, train: string, count: number, buckets: number): Promise<number[]> {
  const sql = `SELECT x, count(*)::DOUBLE FROM (SELECT ${value} AS x FROM ${train}) WHERE x IS NOT NULL GROUP BY x ORDER BY x`;
  const found = new QuantileEdges(count, buckets);
  for await (const chunk of chunksOf(connection, sql)) {
    const values = chunk.getColumnValues(0) as number[], counts = chunk.getColumnValues(1) as number[];
    values.forEach((x, i) => found.add(x, counts[i]));
  }
  return found.edges;
}
