import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {checkKeys} from '../checks';
import {AutofisError} from '../errors';
import {type ColumnFacts, countedFacts, type CountedValue} from '../schema/inference/column_facts';
import {inferFields, type Inferred} from '../schema/inference/infer_fields';
import {textSql} from './columns';
import {chunksOf, type Engine, type EngineOptions, identifier, openEngine, readRows, textsOf, whole} from './duckdb';
import {type ProgressOption, ProgressReporter} from './progress';
import {openRelation, type Relation} from './relation';
import {soundRelation} from './sound_relation';
import type {Source} from './source';
import {readError} from './staged';

/** Rows that are looked at. */
const SAMPLE_ROWS = 300_000;

export interface InferOptions extends EngineOptions {
  source: Source;
  /** The column to predict. Default: the one that is called label, click, clicked, target or y. */
  label?: string;
  /** The column that says which part a row belongs to. Default: one called split, part, set, subset or fold; null for none, so that rows are drawn. */
  splitColumn?: string | null;
  /** Seed of what is drawn where no column parts the rows. Default 1. */
  seed?: number;
  progress?: ProgressOption;
}

/**
 * Guesses how the columns of a table become fields, from its first 300,000 rows:
 * lists with a separator, dates, numbers whose values hardly repeat (in bins) and, for all others,
 * a categorical field. Columns with one value, and those with another value in each row, are left out. Text such as "?" and "NA"
 * counts as missing where a column has it. Rows are parted by a column that says so, else drawn 8 : 1 : 1.
 *
 * @throws AutofisError if the source cannot be read, there is no label, or its two most frequent values are not 0 and 1: rows with
 *     another label are for `prepare` to name or to leave out.
 * @example
 * const {schema, split, notes} = await inferSchema({source: 'data.csv', label: 'clicked'});
 * await prepare({source: 'data.csv', schema, split, folder: 'shards'});
 */
export async function inferSchema(options: InferOptions): Promise<Inferred> {
  const where = 'inferSchema';
  checkKeys(where, options, ['source', 'label', 'splitColumn', 'seed', 'progress', 'memoryLimit', 'threads']);
  const {source, seed = 1} = options;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'autofis-'));
  const progress = await ProgressReporter.open(options.progress);
  try {
    const engine = await openEngine(folder, options);
    try {
      const relation = await openRelation(where, source, engine, folder).catch((error: Error) => {
        throw error instanceof AutofisError ? error : readError(where, error);
      });
      await readSample(engine, relation, folder).catch((error: Error) => {
        throw error instanceof AutofisError ? error : readError(where, error);
      });
      const facts = await factsOf(engine, relation, progress);
      return inferFields(where, facts, {label: options.label, splitColumn: options.splitColumn, seed, allowWrongLabels: true});
    } finally {
      engine.close();
    }
  } finally {
    progress.close();
    await rm(folder, {recursive: true, force: true});
  }
}

/** Reads the first rows as text into the table `inferred`; of text that DuckDB cannot read, the first sound ones. */
async function readSample({connection}: Engine, relation: Relation, folder: string): Promise<void> {
  const texts = relation.columns.map(({name, type}) => `${textSql(name, type)} AS ${identifier(name)}`);
  const read = ({sql}: Relation) => connection.run(`CREATE TABLE inferred AS SELECT ${texts.join(', ')} FROM ${sql} LIMIT ${SAMPLE_ROWS}`);
  if (relation.text?.columns.isRegular !== false) {
    try {
      await read(relation);
      return;
    } catch (error) {
      if (relation.text === undefined) throw error;
    }
  }
  await read((await soundRelation('inferSchema', relation, {folder, maxRejects: Infinity, mostRows: SAMPLE_ROWS})).relation);
}

async function factsOf(engine: Engine, relation: Relation, progress: ProgressReporter): Promise<ColumnFacts[]> {
  const steps = progress.start('inferring');
  const [[rows]] = await readRows(engine.connection, 'SELECT count(*) FROM inferred') as number[][];
  progress.rows(rows);
  let done = 0;
  const facts = await engine.forEach(relation.columns, async ({name}, _, connection) => {
    const column = identifier(name), counted: CountedValue[] = [];
    const sql = `SELECT ${whole('v')}, n FROM (SELECT ${column} AS v, count(*)::DOUBLE AS n FROM inferred WHERE ${column} IS NOT NULL GROUP BY 1)`;
    for await (const chunk of chunksOf(connection, sql)) {
      const counts = chunk.getColumnValues(1) as number[];
      textsOf(chunk, 0).forEach((value, i) => { counted.push({value: value!, count: counts[i]}); });
    }
    steps.step(++done / relation.columns.length);
    return countedFacts(name, rows, counted);
  });
  steps.stop();
  return facts;
}
