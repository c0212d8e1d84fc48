import path from 'node:path';
import {AutofisError, invalidArgument} from '../errors';
import {ruleEncoder} from '../schema/rule_encoder';
import type {DateTimeRule, FieldRule, Schema} from '../schema/schema';
import {PARTS, type Split} from '../schema/split';
import {fittedField} from '../schema/vocabulary';
import {stagingPlan, type StagingPlan} from './columns';
import {checkBeside} from './compressed';
import {type Engine, identifier, literal, literals, readRows} from './duckdb';
import type {ProgressReporter} from './progress';
import {addRejects, checkRejects, MOST_EXAMPLES, type Reject, type Rejects, textRejects} from './rejects';
import {openRelation, type Relation} from './relation';
import type {Source} from './source';
import {withPart} from './split_sql';

/** Rows of a source, read once, checked and typed, in Parquet files of a temporary folder: fitting and encoding read these. */
export interface Staged {
  /** Relation of the good rows, with the column `part`: 0 train, 1 valid, 2 test. */
  rows: string;
  /** Number of good rows. */
  count: number;
  rejects: Rejects;
  /** Name of the column that a rule reads. */
  nameOf(rule: FieldRule): string;
  /** Names of the columns whose values stand in dictionaries: what is to be known of such a value is computed once for each. */
  repeating: ReadonlySet<string>;
}

export interface StageOptions {
  where: string;
  source: Source;
  schema: Schema;
  split?: Split;
  maxRejects: number;
  folder: string;
  progress: ProgressReporter;
}

/**
 * Reads a source into Parquet files. Text is parsed once instead of once for each field, and Parquet's dictionaries make
 * counting and encoding several times faster than text. Every row that cannot be used is found here.
 */
export async function stage(engine: Engine, {where, source, schema, split, maxRejects, folder, progress}: StageOptions): Promise<Staged> {
  const relation = await openRelation(where, source, engine, folder, schema, split).catch((error: Error) => {
    throw error instanceof AutofisError ? error : readError(where, error);
  });
  if (split?.by === 'file') checkFileNames(where, split, relation.files);
  const plan = stagingPlan(schema, split, relation.columns, fileName(relation));
  const files = relation.pieces.map((_, i) => path.join(folder, `rows-${i}.parquet`));
  const bad = plan.checks.length === 0 ? '0' : `CASE ${plan.checks.map((check, i) => `WHEN ${check.bad} THEN ${i + 1}`).join(' ')} ELSE 0 END`;
  const select = [...Object.entries(plan.select).map(([name, sql]) => `${sql} AS ${name}`), `(${bad})::USMALLINT AS bad`];
  const sound = checkBeside(where, relation.files);
  const starts: number[] = [];
  let staged = 0;
  await progress.expect(relation.expectedRows);
  await progress.during('reading', engine.connection, relation.pieces.map(({sql, share}, i) => ({share, run: async () => {
    starts.push(staged);
    try {
      const result = await engine.connection.runAndReadAll(`COPY (SELECT ${select.join(', ')} FROM ${sql}) TO ${literal(files[i])} (FORMAT parquet)`);
      staged += Number(result.getRowsJS()[0][0]);
    } catch (error) {
      await sound;
      throw readError(where, error as Error);
    }
  }})));
  await sound;
  const rowsOfAll = `(SELECT * EXCLUDE (file_row_number), file_row_number + ([${starts.join(', ')}])[file_index::BIGINT + 1] AS row ` +
    `FROM read_parquet(${literals(files)}, file_row_number = true))`;
  const rejects = await allRejects(where, engine, relation, plan, rowsOfAll, schema);
  checkRejects(where, rejects, maxRejects);
  const {filters, rejects: dates} = await wrongDates(engine, plan, rowsOfAll, schema);
  const all = addRejects(rejects, dates);
  checkRejects(where, all, maxRejects);
  const conditions = [rejects.count > 0 ? 'bad = 0' : '', split === undefined || split.by === 'fraction' ? '' : 'part IS NOT NULL', ...filters].filter(Boolean);
  const rows = `(SELECT * FROM ${withPart(split, rowsOfAll, 'row')}${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''})`;
  const [[count]] = await readRows(engine.connection, `SELECT count(*) FROM ${rows}`);
  progress.rows(count as number);
  if (count === 0) {
    throw new AutofisError(`${where}: the source has no rows that can be used${split === undefined ? '' : ' in any part of the split'}. ` +
      'Check its path, its format and the split.');
  }
  return {rows, count: count as number, rejects: all, nameOf: plan.nameOf, repeating: await repeatingColumns(engine, files)};
}

/** The name of a row's file, as the user calls it, in SQL. */
function fileName({originals}: Relation): string {
  if (originals.size === 0) return 'parse_filename(filename)';
  const names = [...originals].map(([stand, file]) => `WHEN ${literal(stand)} THEN ${literal(path.basename(file))}`);
  return `CASE filename ${names.join(' ')} END`;
}

/** Throws unless each file of the split is one of the source. */
function checkFileNames(where: string, split: Split & {by: 'file'}, files: readonly string[]): void {
  if (files.length === 0) throw new AutofisError(`${where}: a split by file needs a source of files.`);
  const names = new Set(files.map(file => path.basename(file)));
  for (const part of PARTS) {
    const absent = split[part]?.find(name => !names.has(name));
    if (absent !== undefined) throw invalidArgument(where, `split.${part}`, `list names of the source's files, which are ${[...names].slice(0, 20).join(', ')}`, absent);
  }
}

/** DuckDB computes functions of larger dictionaries row by row. */
const LARGEST_DICTIONARY = 20000;

/** The columns most of whose rows lie in dictionaries that DuckDB makes use of. */
async function repeatingColumns({connection}: Engine, files: readonly string[]): Promise<Set<string>> {
  const names = await readRows(connection, `
    SELECT path_in_schema FROM parquet_metadata(${literals(files)}) GROUP BY 1
    HAVING sum(num_values) FILTER (WHERE stats_distinct_count <= ${LARGEST_DICTIONARY}) > sum(num_values) / 2`);
  return new Set(names.map(([name]) => name as string));
}

/** The error of a source that DuckDB cannot read. */
export function readError(where: string, error: Error): AutofisError {
  const full = /No space left|disk.*full|could not write|ENOSPC/i.test(error.message);
  // Of broken JSON DuckDB tells the number of the line behind it.
  const message = error.message.trim().replace(/^(Invalid Input Error: Malformed JSON .* in line )(\d+)/, (_, text: string, line: string) => `${text}${Number(line) - 1}`);
  return new AutofisError(`${where}: ${full ? 'the disk is full' : 'the source cannot be read'}: ${message}${
    full ? '\nFree some space, or choose another folder.' : ''}`);
}

async function allRejects(where: string, engine: Engine, relation: Relation, plan: StagingPlan, staged: string, schema: Schema): Promise<Rejects> {
  const {label} = schema;
  const column = label === undefined ? undefined : {name: label.column, index: 1 + relation.columns.findIndex(({name}) => name === label.column)};
  const text = relation.rejects ? await textRejects(where, engine.connection, column) : {count: 0, examples: []};
  for (const reject of text.examples) reject.file = relation.originals.get(reject.file!) ?? reject.file;
  const [[count]] = await readRows(engine.connection, `SELECT count(*) FROM ${staged} WHERE bad > 0`);
  if (count === 0) return text;
  const bad = await readRows(engine.connection, `SELECT row, bad FROM ${staged} WHERE bad > 0 ORDER BY 1 LIMIT ${MOST_EXAMPLES}`);
  const check = new Map(bad.map(([row, number]) => [row as number, plan.checks[(number as number) - 1]]));
  // The source once more, for the text that could not be used: rare, and worth the time of whoever has to find it.
  const values = `[${[...new Set(plan.checks)].map(({text}) => text).join(', ')}]`;
  const rows = await readRows(engine.connection, `
    SELECT row, v, ${relation.files.length > 0 ? 'filename' : 'NULL'} FROM (
      SELECT row_number() OVER () - 1 AS row, ${values}::VARCHAR[] AS v${relation.files.length > 0 ? ', filename' : ''} FROM ${relation.sql})
    WHERE row IN (${[...check.keys()].join(', ')}) ORDER BY row`);
  const examples = rows.map(([row, texts, file]): Reject => {
    const {column, reason} = check.get(row as number)!;
    const value = (texts as Array<string | null>)[plan.checks.indexOf(check.get(row as number)!)] ?? '';
    const name = file === null ? undefined : relation.originals.get(file as string) ?? file as string;
    return {...(name === undefined ? {} : {file: name}), row: row as number + 1, column, value, reason};
  });
  return addRejects(text, {count: count as number, examples});
}

/** Rows whose date is none, by the reference encoder on each different value: a condition that leaves them out. */
async function wrongDates(engine: Engine, plan: StagingPlan, staged: string, schema: Schema): Promise<{filters: string[], rejects: Rejects}> {
  const filters: string[] = [];
  let rejects: Rejects = {count: 0, examples: []};
  const dates = schema.fields.filter((rule): rule is DateTimeRule => rule.type === 'dateTime');
  for (const rule of dates) {
    const name = plan.nameOf(rule);
    const values = await readRows(engine.connection, `SELECT DISTINCT ${name} FROM ${staged} WHERE ${name} IS NOT NULL AND bad = 0`);
    const encoder = ruleEncoder(rule, fittedField(rule, {missing: 0, unseen: 0}));
    const wrong = values.flat().filter(value => encoder.encode(value as string, new Int32Array(1), 0) === 'invalid') as string[];
    if (wrong.length === 0) continue;
    const is = `${name} IN (${wrong.map(literal).join(', ')})`;
    const rows = await readRows(engine.connection, `SELECT row, ${name} FROM ${staged} WHERE ${[is, 'bad = 0', ...filters].join(' AND ')} ORDER BY 1`);
    filters.push(`NOT coalesce(${is}, false)`);
    rejects = addRejects(rejects, {count: rows.length, examples: rows.slice(0, MOST_EXAMPLES).map(([row, value]) => ({
      row: row as number + 1, column: rule.column, value: value as string,
      reason: `is no date of the form ${rule.format === undefined ? 'ISO 8601' : identifier(rule.format)}`,
    }))});
  }
  return {filters, rejects};
}
