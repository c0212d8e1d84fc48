import {mkdtemp, rm} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {checkKeys} from '../checks';
import {AutofisError} from '../errors';
import type {ColumnFacts} from '../schema/inference/column_facts';
import {type InferenceOptions, inferFields, type Inferred} from '../schema/inference/infer_fields';
import {inferLabel, type LabelOptions} from '../schema/inference/infer_label';
import {isDoubtful} from '../schema/inference/infer_rule';
import {textSql} from './sql/columns';
import {type Engine, type EngineOptions, identifier, openEngine, readRows} from './sql/duckdb';
import {type ProgressOption, ProgressReporter} from './staging/progress';
import {openRelation, type Relation} from './sources/relation';
import {sampleFacts, sampleFolds} from './sample_facts';
import {soundRelation} from './sources/sound_relation';
import type {Source} from './sources/source';
import {readError} from './staging/staged';

/** Rows that are looked at. */
const SAMPLE_ROWS = 300_000;
/** The table that holds them. */
const SAMPLE = 'inferred';
const WHERE = 'inferSchema';

export interface InferOptions
  extends EngineOptions, Pick<InferenceOptions, 'label' | 'positiveLabel' | 'weight' | 'splitColumn' | 'as'> {
  source: Source;
  /** Seed of what is drawn where no column names the parts. Default 1. */
  seed?: number;
  progress?: ProgressOption;
}

/**
 * Infers how the columns of a table become fields, from its first 300,000 rows, as a person would: lists, dates,
 * quantities in bins, ids and text as categories. Whether whole numbers are ids or quantities is decided by the
 * column's name, what its values look like, and, where that leaves a doubt, by a linear model on held-out rows. Columns
 * with one value, with another value in each row, and prose are left out. Text such as "?" and "NA" counts as missing
 * where a column has it. Rows are split by a column that names parts, else drawn 8 : 1 : 1. `assumptions` lists all of
 * this, with the options that change it.
 *
 * @throws AutofisError if the source cannot be read, there is not a label with two values, a column cannot be read as
 *     `as` asks, or fewer than two fields are left. Rows with another label are for `prepare` to name or to leave out.
 * @example
 * const {schema, split, assumptions} = await inferSchema({source: 'data.csv', label: 'rating >= 4', as: {zip:
 * 'category'}}); await prepare({source: 'data.csv', schema, split, folder: 'shards'});
 */
export async function inferSchema(options: InferOptions): Promise<Inferred> {
  checkKeys(WHERE, options, [
    'source',
    'label',
    'positiveLabel',
    'weight',
    'splitColumn',
    'as',
    'seed',
    'progress',
    'memoryLimit',
    'threads',
  ]);
  const {source, seed = 1} = options;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'autofis-'));
  const progress = await ProgressReporter.open(options.progress);
  try {
    const engine = await openEngine(folder, options);
    try {
      const relation = await openRelation(WHERE, source, engine, folder).catch((error: Error) => {
        throw error instanceof AutofisError ? error : readError(WHERE, error, source);
      });
      await readSample(engine, relation, folder).catch((error: Error) => {
        throw error instanceof AutofisError ? error : readError(WHERE, error, source);
      });
      const [[rows]] = (await readRows(engine.connection, `SELECT count(*) FROM ${SAMPLE}`)) as number[][];
      progress.rows(rows);
      const steps = progress.start('inferring');
      const label = {label: options.label, positiveLabel: options.positiveLabel, allowWrongLabels: true};
      const facts = await factsOf(engine, relation, rows, label, steps.step);
      steps.stop();
      return inferFields(WHERE, facts, {
        ...label,
        weight: options.weight,
        splitColumn: options.splitColumn,
        as: options.as,
        seed,
        complete: rows < SAMPLE_ROWS,
      });
    } finally {
      engine.close();
    }
  } finally {
    progress.close();
    await rm(folder, {recursive: true, force: true});
  }
}

/** Reads the first rows as text into a table; of text that DuckDB cannot read, the first sound ones. */
async function readSample({connection}: Engine, relation: Relation, folder: string): Promise<void> {
  const texts = relation.columns.map(({name, type}) => `${textSql(name, type)} AS ${identifier(name)}`);
  const read = ({sql}: Relation) =>
    connection.run(`CREATE TABLE ${SAMPLE} AS SELECT ${texts.join(', ')} FROM ${sql} LIMIT ${SAMPLE_ROWS}`);
  if (relation.text?.columns.isRegular !== false) {
    try {
      await read(relation);
      return;
    } catch (error) {
      if (relation.text === undefined) throw error;
    }
  }
  await read((await soundRelation(WHERE, relation, {folder, maxRejects: Infinity, mostRows: SAMPLE_ROWS})).relation);
}

/** Looks at each column, and at the labels where they can help to read one. */
async function factsOf(
  engine: Engine,
  relation: Relation,
  rows: number,
  label: LabelOptions,
  step: (done: number) => void,
): Promise<ColumnFacts[]> {
  let done = 0;
  const facts = await engine.forEach(relation.columns, async ({name}, _, connection) => {
    const found = await sampleFacts(connection, SAMPLE, rows, name);
    step(++done / relation.columns.length);
    return found;
  });
  const {rule} = inferLabel(WHERE, facts, label);
  return engine.forEach(facts, async (each, _, connection) =>
    each.name !== rule.column && isDoubtful(each)
      ? {...each, folds: await sampleFolds(connection, SAMPLE, each, rule)}
      : each,
  );
}
