import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {checkKeys} from '../checks';
import {AutofisError, show} from '../errors';
import type {FieldRule, Schema} from '../schema/schema';
import {type ColumnFacts, columnFacts, SAMPLE_ROWS} from './column_facts';
import {NEGATIVE, POSITIVE, textSql} from './columns';
import {type Engine, type EngineOptions, identifier, openEngine} from './duckdb';
import {inferRule} from './infer_rule';
import {inferSplit} from './infer_split';
import {openRelation, type Relation} from './relation';
import type {Source} from './source';
import type {Split} from './split';

export interface InferOptions extends EngineOptions {
  source: Source;
  /** The column to predict. Default: the one that is called label, click, clicked, target or y. */
  label?: string;
  /** The column that says which part a row belongs to. Default: one called split, part, set or fold. */
  splitColumn?: string;
  /** Seed of what is drawn where no column parts the rows. Default 1. */
  seed?: number;
}

/** A first schema, to be read and corrected by people. */
export interface Inferred {
  schema: Schema;
  split: Split;
  /** What was assumed, a sentence each. */
  notes: string[];
}

const LABELS = ['label', 'click', 'clicked', 'target', 'y'];

/**
 * Guesses how the columns of a table become fields, from its first 300,000 rows:
 * lists with a separator, dates, numbers whose values hardly repeat (32 buckets of equal frequency) and, for all others,
 * a categorical field. Columns with one value, and those with another value in each row, are left out. Text such as "?" and "NA"
 * counts as missing where a column has it. Rows are parted by a column that says so, else drawn 8 : 1 : 1.
 *
 * @throws AutofisError if the source cannot be read, there is no label, or its values are not 0 and 1.
 * @example
 * const {schema, split, notes} = await inferSchema({source: 'data.csv', label: 'clicked'});
 * await prepare({source: 'data.csv', schema, split, folder: 'shards'});
 */
export async function inferSchema(options: InferOptions): Promise<Inferred> {
  const where = 'inferSchema';
  checkKeys(where, options, ['source', 'label', 'splitColumn', 'seed', 'memoryLimit', 'threads']);
  const {source, seed = 1} = options;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'autofis-'));
  try {
    const engine = await openEngine(folder, options);
    try {
      const relation = await openRelation(where, source, engine, folder);
      const names = relation.columns.map(({name}) => name);
      const label = labelOf(where, options.label, names);
      if (options.splitColumn !== undefined) checkName(where, 'splitColumn', options.splitColumn, names);
      const facts = await factsOf(engine, relation);
      checkLabel(where, facts.find(({name}) => name === label)!);
      const notes = options.label === undefined ? [`The label is the column ${label}.`] : [];
      const {split, column} = inferSplit(where, facts, {label, seed, splitColumn: options.splitColumn});
      notes.push(split.note);
      const fields: FieldRule[] = [], numbers: string[] = [];
      for (const each of facts) {
        if (each.name === label || each.name === column) continue;
        const inferred = inferRule(each);
        fields.push(...inferred.rules);
        if (inferred.note !== null) notes.push(inferred.note);
        if (inferred.numbers === true) numbers.push(each.name);
      }
      if (numbers.length > 0) notes.push(`Each value is a category, though they are numbers: ${numbers.join(', ')}.`);
      if (fields.length < 2) {
        throw new AutofisError(`${where}: a model of interactions needs two fields; the table has ${fields.length}. ${notes.join(' ')}`);
      }
      return {schema: {version: 1, label: {column: label}, fields}, split: split.split, notes};
    } finally {
      engine.close();
    }
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

async function factsOf(engine: Engine, relation: Relation): Promise<ColumnFacts[]> {
  const texts = relation.columns.map(({name, type}) => `${textSql(name, type)} AS ${identifier(name)}`);
  await engine.connection.run(`CREATE TEMP TABLE inferred AS SELECT ${texts.join(', ')} FROM ${relation.sql} LIMIT ${SAMPLE_ROWS}`);
  const facts: ColumnFacts[] = [];
  for (const {name} of relation.columns) facts.push(await columnFacts(engine, 'inferred', name));
  return facts;
}

function labelOf(where: string, given: string | undefined, names: readonly string[]): string {
  if (given !== undefined) {
    checkName(where, 'label', given, names);
    return given;
  }
  const found = names.find(name => LABELS.includes(name.toLowerCase()));
  if (found !== undefined) return found;
  throw new AutofisError(`${where}: no column is called ${LABELS.join(', ')}. Say which is the \`label\`. There are: ${names.join(', ')}.`);
}

function checkName(where: string, option: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  throw new AutofisError(`${where}: \`${option}\` must be a column. Received: ${show(name)}. There are: ${names.join(', ')}.`);
}

function checkLabel(where: string, {name, examples, present, rows}: ColumnFacts): void {
  const wrong = examples.find(value => ![...NEGATIVE, ...POSITIVE].includes(value));
  if (wrong !== undefined) throw new AutofisError(`${where}: the label ${name} must hold 0 and 1. It holds ${show(wrong)}.`);
  if (present < rows) throw new AutofisError(`${where}: the label ${name} is missing in ${rows - present} of the first ${rows} rows. Leave these rows out.`);
  if (examples.length < 2) throw new AutofisError(`${where}: the label ${name} is ${examples[0] ?? 'missing'} in each of the first ${rows} rows. A model needs 0 and 1.`);
}
