import {checkChoice, checkInteger, checkKeys} from '../checks';
import {AutofisError} from '../errors';
import {type ColumnFacts, countedFacts, listFacts} from '../schema/inference/column_facts';
import type {CountedValue} from '../schema/inference/counted_value';
import {type InferenceOptions, inferFields, type Inferred} from '../schema/inference/infer_fields';
import {inferTime} from '../schema/inference/infer_time';
import {type Period, PERIODS, periodSplits} from '../schema/inference/time_periods';
import type {TimeSplit} from '../schema/split';
import {rawValue, rawValueSql, textSql} from './sql/raw_values';
import type {Engine, EngineOptions} from './sql/duckdb';
import {countedValues, readRows} from './sql/results';
import {identifier} from '../sql_literals';
import type {ProgressOption} from './staging/progress';
import {type Relation} from './sources/relation';
import {openRelation} from './sources/open_relation';
import {firstRejects} from './sources/rejects';
import {soundRelation} from './sources/sound_relation';
import type {Source} from './sources/source';
import {readError} from './staging/read_error';
import {withEngine} from './with_engine';

/** Rows that are looked at. */
const SAMPLE_ROWS = 300_000;
/** The table that holds them. */
const SAMPLE = 'inferred';
const WHERE = 'inferSchema';

export interface InferOptions
  extends EngineOptions, Pick<InferenceOptions, 'label' | 'positiveLabel' | 'weight' | 'splitColumn' | 'group' | 'as'> {
  source: Source;
  /**
   * 'time' to split rows by time, in place of a column of parts or a draw: the last period is test, the periods before
   * it that hold a tenth of the earlier rows are validation, all before them train.
   */
  split?: 'time';
  /** The column of times: dates of one form, or numbers. Default: the only column of dates. */
  timeColumn?: string;
  /** The period that dates are split by. Default: the shortest of day, week, month and year with enough rows. */
  period?: Period;
  /** Number of last periods that are tested, one after another; an integer >= 1, default 1. */
  rolling?: number;
  /** Seed of what is drawn where no column names the parts. Default 1. */
  seed?: number;
  progress?: ProgressOption;
}

const KEYS = (
  'source label positiveLabel weight splitColumn group split timeColumn period rolling as seed progress ' +
  'memoryLimit threads'
).split(' ');

/** Schema, split and assumptions inferred from a table. */
export interface InferredSchema extends Inferred {
  /** With `split: 'time'` the splits of all steps, oldest first; the last one is `split`. */
  rolling?: TimeSplit[];
}

/**
 * Infer how the columns of a table become fields, from its first 300,000 rows, by the rules that docs/cli.md lists:
 * each column gives one field, or is left out, and dates give one for each part that differs. Rows are split by a
 * column that names parts, else drawn 8 : 1 : 1, or by time where that is asked for. `assumptions` lists all of this,
 * with the options that change it.
 *
 * @throws AutofisError if the source cannot be read, a row is not UTF-8, there is not a label with two values, a column
 *     cannot be read as `as` asks, or fewer than two fields are left. Rows with another label are for `prepare` to name
 *     or to leave out.
 * @example
 * const {schema, split} = await inferSchema({source: 'data.csv', label: 'rating >= 4', as: {zip: 'category'}});
 * await prepare({source: 'data.csv', schema, split, folder: 'shards'});
 */
export async function inferSchema(options: InferOptions): Promise<InferredSchema> {
  checkKeys(WHERE, options, KEYS);
  const {source, label, positiveLabel, weight, as, seed = 1, splitColumn, group, period, rolling = 1} = options;
  checkSplitOptions(options);
  const unreadable = async (error: Error) => {
    throw await readError(WHERE, error, source);
  };
  return withEngine(options, async (engine, folder, progress) => {
    const relation = await openRelation(WHERE, source, engine, folder).catch(unreadable);
    await readSample(engine, relation, folder).catch(unreadable);
    const [[rows]] = await readRows<number[]>(engine.connection, `SELECT count(*) FROM ${SAMPLE}`);
    progress.rows(rows);
    const steps = progress.start('inferring');
    const facts = await factsOf(engine, relation, rows, steps.step);
    steps.stop();
    const shared = {label, positiveLabel, weight, as, seed, complete: rows < SAMPLE_ROWS};
    if (options.split === undefined) return inferFields(WHERE, facts, {...shared, splitColumn, group});
    const time = inferTime(WHERE, facts, {...shared, timeColumn: options.timeColumn});
    const values = await timesOf(engine, relation, {folder, column: time.column}).catch(unreadable);
    const {splits, assumption} = periodSplits(WHERE, {...time, values}, {period, steps: rolling});
    const inferred = inferFields(WHERE, facts, {...shared, timeColumn: time.column});
    const [first, ...others] = inferred.assumptions;
    const assumptions = [first, time.assumption, assumption, ...others];
    return {...inferred, split: splits.at(-1)!, rolling: splits, assumptions};
  });
}

/** Read the first rows into a table: lists as raw values, all else as text. */
async function readSample({connection}: Engine, relation: Relation, folder: string): Promise<void> {
  const texts = relation.columns.map(
    ({name, type, isList}) => `${isList ? rawValueSql(name, type) : textSql(name, type)} AS ${identifier(name)}`,
  );
  await fromRows(relation, {folder, mostRows: SAMPLE_ROWS}, ({sql}) =>
    connection.run(`CREATE TABLE ${SAMPLE} AS SELECT ${texts.join(', ')} FROM ${sql} LIMIT ${SAMPLE_ROWS}`),
  );
}

/**
 * Read rows; of text that DuckDB cannot read, the sound ones.
 * @throws AutofisError if a row is not UTF-8, or none is sound.
 */
async function fromRows<T>(
  relation: Relation,
  options: {folder: string; mostRows?: number},
  read: (relation: Relation) => Promise<T>,
): Promise<T> {
  if (relation.text?.columns.isRegular !== false) {
    try {
      return await read(relation);
    } catch (error) {
      if (relation.text === undefined) throw error;
    }
  }
  // In another encoding the rows with letters beyond ASCII would all be missing: a column may then look constant.
  const sound = await soundRelation(WHERE, relation, {...options, maxRejects: Infinity, mustBeUtf8: true});
  if (sound.rows === 0 && sound.rejects.count > 0)
    throw new AutofisError(`${WHERE}: no row can be used.\n  ${firstRejects(sound.rejects).join('\n  ')}`);
  return read(sound.relation);
}

/** Check that the options of a split fit together. */
function checkSplitOptions({split, splitColumn, group, timeColumn, period, rolling}: InferOptions): void {
  const needing = Object.entries({timeColumn, period, rolling}).find(([, value]) => value !== undefined);
  if (split === undefined && needing !== undefined)
    throw new AutofisError(`${WHERE}: \`${needing[0]}\` needs \`split: 'time'\`. Give both, or leave it out.`);
  if (split !== undefined) checkChoice(WHERE, 'split', split, ['time']);
  const [first, second] = Object.entries({split, splitColumn, group}).filter(([, value]) => value !== undefined);
  if (second !== undefined)
    throw new AutofisError(`${WHERE}: rows are split by \`${first[0]}\` or by \`${second[0]}\`. Give one of them.`);
  if (period !== undefined) checkChoice(WHERE, 'period', period, PERIODS);
  if (rolling !== undefined) checkInteger(WHERE, 'rolling', rolling, 1);
}

/** The different times of all rows, and how many rows have each. */
async function timesOf(
  {connection}: Engine,
  relation: Relation,
  {folder, column}: {folder: string; column: string},
): Promise<CountedValue[]> {
  const text = textSql(column, relation.columns.find(({name}) => name === column)!.type);
  return fromRows(relation, {folder}, ({sql}) => countedValues(connection, text, sql));
}

/** Look at each column. */
async function factsOf(
  engine: Engine,
  relation: Relation,
  rows: number,
  step: (done: number) => void,
): Promise<ColumnFacts[]> {
  let done = 0;
  return engine.map(relation.columns, async (column, _, connection) => {
    const {name, isList = false, isObject} = column;
    const values = await countedValues(connection, identifier(name), SAMPLE);
    const lists = () => values.map(({value, count}) => ({value: rawValue(value)!, count}));
    const found = isList ? listFacts(name, rows, lists(), isObject) : countedFacts(name, rows, values, {isObject});
    step(++done / relation.columns.length);
    return found;
  });
}
