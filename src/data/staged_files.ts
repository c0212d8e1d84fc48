import path from 'node:path';
import type {Schema} from '../schema/schema';
import type {FittedField, FittedSchema} from '../schema/vocabulary';
import {CodeReader} from './code_reader';
import type {StagingPlan} from './columns';
import {checkBeside} from './compressed';
import {chunksOf, type Engine, identifier, literal, literals, readRows} from './duckdb';
import {distinctValues, fieldSql} from './field_sql';
import {fitField} from './fit_sql';
import {addRejects, checkRejects, MOST_EXAMPLES, type Reject, type Rejects, textRejects} from './rejects';
import {FILE} from './relation';
import {withPart} from './split_sql';
import {type CodedChunk, type EncodedRows, type Reading, readError, type Staged, wrongDate} from './staged';
import {itemsOf} from './vectors';

/** The columns of the plan as SQL, and `bad`: 0, or the number of the first check that the row does not pass. */
function stagedColumns({select, checks}: StagingPlan): string {
  const bad = checks.length === 0 ? '0' : `CASE ${checks.map((check, i) => `WHEN ${check.bad} THEN ${i + 1}`).join(' ')} ELSE 0 END`;
  return [...Object.entries(select).map(([name, sql]) => `${sql} AS ${name}`), `(${bad})::USMALLINT AS bad`].join(', ');
}

/** Reads a source into Parquet files, whose dictionaries make counting and encoding several times faster than text. */
export async function stageInFiles(reading: Reading): Promise<Staged> {
  const {where, engine, relation, plan, schema, split, maxRejects, folder, progress} = reading;
  const files = relation.pieces.map((_, i) => path.join(folder, `rows-${i}.parquet`));
  const sound = checkBeside(where, relation.files);
  const starts: number[] = [];
  let staged = 0;
  await progress.expect(relation.expectedRows);
  await progress.during('reading', engine.connection, relation.pieces.map(({sql, share}, i) => ({share, run: async () => {
    starts.push(staged);
    try {
      const result = await engine.connection.runAndReadAll(`COPY (SELECT ${stagedColumns(plan)} FROM ${sql}) TO ${literal(files[i])} (FORMAT parquet)`);
      staged += Number(result.getRowsJS()[0][0]);
    } catch (error) {
      await sound;
      throw readError(where, error as Error);
    }
  }})));
  await sound;
  const all = `(SELECT * EXCLUDE (file_row_number), file_row_number + ([${starts.join(', ')}])[file_index::BIGINT + 1] AS row ` +
    `FROM read_parquet(${literals(files)}, file_row_number = true))`;
  const [[bad]] = await readRows(engine.connection, `SELECT count(*) FROM ${all} WHERE bad > 0`) as number[][];
  const first = bad === 0 ? [] : await readRows(engine.connection, `SELECT row, bad FROM ${all} WHERE bad > 0 ORDER BY 1 LIMIT ${MOST_EXAMPLES}`);
  const rejects = await allRejects(reading, {count: bad, first: first.map(([row, check]) => ({row: row as number, check: check as number}))});
  checkRejects(where, rejects, maxRejects);
  const dates = await wrongDates(engine, plan, all, schema);
  const both = addRejects(rejects, dates.rejects);
  checkRejects(where, both, maxRejects);
  const conditions = [bad > 0 ? 'bad = 0' : '', split === undefined || split.by === 'fraction' ? '' : 'part IS NOT NULL', ...dates.filters].filter(Boolean);
  const rows = `(SELECT * FROM ${withPart(split, all, 'row')}${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''})`;
  const [[count]] = await readRows(engine.connection, `SELECT count(*) FROM ${rows}`) as number[][];
  return new StagedFiles(engine, schema, plan, rows, await repeatingColumns(engine, files), count, both);
}

/** Good rows in Parquet files. */
class StagedFiles implements Staged {
  /**
   * @param rows Relation of the good rows, with the column `part`.
   * @param repeating Names of the columns whose values stand in dictionaries: what is to be known of such a value is computed once for each.
   */
  constructor(
      private readonly engine: Engine, private readonly schema: Schema, private readonly plan: StagingPlan, private readonly rows: string,
      private readonly repeating: ReadonlySet<string>, readonly count: number, readonly rejects: Rejects) {}

  private get train(): string {
    return `(SELECT * FROM ${this.rows} WHERE part = 0)`;
  }

  async training(): Promise<{rows: number, positives: number}> {
    const positives = this.schema.label === undefined ? '0' : 'coalesce(sum(label), 0)::BIGINT';
    const [[rows, ones]] = await readRows(this.engine.connection, `SELECT count(*), ${positives} FROM ${this.train}`) as number[][];
    return {rows, positives: ones};
  }

  fit(rows: number, step: (done: number) => void): Promise<FittedField[]> {
    const {fields} = this.schema;
    let done = 0;
    return this.engine.forEach(fields, async (rule, _, connection) => {
      const name = this.plan.nameOf(rule);
      const field = await fitField(connection, rule, {name, repeating: this.repeating.has(name), rows: this.train}, rows);
      step(++done / fields.length);
      return field;
    });
  }

  async encoded({fields: fitted}: FittedSchema): Promise<EncodedRows> {
    const {engine, rows, repeating, schema} = this, weights = schema.weight !== undefined;
    const fields = await engine.forEach(schema.fields, (rule, i, connection) => {
      const name = this.plan.nameOf(rule);
      return fieldSql(connection, rule, fitted[i], {name, repeating: repeating.has(name), rows}, i);
    });
    const reader = new CodeReader(fields);
    const chunks = async function* (): AsyncGenerator<CodedChunk> {
      for await (const chunk of chunksOf(engine.connection, `SELECT part, label, ${weights ? 'weight, ' : ''}${reader.sql} FROM ${rows}`)) {
        yield {
          count: chunk.rowCount, parts: itemsOf(chunk, 0), labels: itemsOf(chunk, 1), weights: weights ? itemsOf(chunk, 2) : undefined,
          codes: reader.codesOf(chunk, weights ? 3 : 2),
        };
      }
    };
    return {fields, chunks};
  }
}

/** Rows that a check did not pass. */
interface BadRows {
  count: number;
  /** The first of them, with the number of the check. */
  first: ReadonlyArray<{row: number, check: number}>;
}

/** What is wrong with the lines of text and with the rows that were made of them. */
async function allRejects({where, engine, relation, plan, schema}: Reading, {count, first}: BadRows): Promise<Rejects> {
  const {label} = schema;
  const column = label === undefined ? undefined : {name: label.column, index: 1 + relation.columns.findIndex(({name}) => name === label.column)};
  const text = relation.rejects ? await textRejects(where, engine.connection, column) : {count: 0, examples: []};
  for (const reject of text.examples) reject.file = relation.originals.get(reject.file!) ?? reject.file;
  if (count === 0) return text;
  const check = new Map(first.map(bad => [bad.row, plan.checks[bad.check - 1]]));
  // The source once more, for the text that could not be used: rare, and worth the time of whoever has to find it.
  const values = `[${[...new Set(plan.checks)].map(({text}) => text).join(', ')}]`;
  const rows = await readRows(engine.connection, `
    SELECT row, v, file FROM (
      SELECT row_number() OVER () - 1 AS row, ${values}::VARCHAR[] AS v, ${relation.files.length > 0 ? identifier(FILE) : 'NULL'} AS file FROM ${relation.sql})
    WHERE row IN (${[...check.keys()].join(', ')}) ORDER BY row`);
  const examples = rows.map(([row, texts, file]): Reject => {
    const {column, reason} = check.get(row as number)!;
    const value = (texts as Array<string | null>)[plan.checks.indexOf(check.get(row as number)!)] ?? '';
    const name = file === null ? undefined : relation.originals.get(file as string) ?? file as string;
    return {...(name === undefined ? {} : {file: name}), row: row as number + 1, column, value, reason};
  });
  return addRejects(text, {count, examples});
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

/** Rows whose date is none, by the reference encoder on each different value: a condition that leaves them out. */
async function wrongDates(engine: Engine, plan: StagingPlan, staged: string, schema: Schema): Promise<{filters: string[], rejects: Rejects}> {
  const filters: string[] = [];
  let rejects: Rejects = {count: 0, examples: []};
  for (const rule of schema.fields) {
    if (rule.type !== 'dateTime') continue;
    const name = plan.nameOf(rule);
    const wrong = (await distinctValues(engine.connection, {name, rows: `(SELECT * FROM ${staged} WHERE bad = 0)`})).filter(wrongDate(rule));
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
