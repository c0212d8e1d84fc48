import path from 'node:path';
import type {DuckDBConnection, DuckDBDataChunk} from '@duckdb/node-api';
import type {FieldRule, Schema} from '../../schema/schema';
import {PARTS, type TimeSplit} from '../../schema/split';
import {partAt} from '../../schema/split_times';
import type {FittedField, FittedSchema} from '../../schema/vocabulary';
import {codeReader, itemsOf} from '../sql/code_reader';
import {GROUP, SPLIT_TIME, type StagingPlan} from '../sql/staging_plan';
import {type Engine} from '../sql/duckdb';
import {chunksOf, readRows} from '../sql/results';
import {literal, literals} from '../../sql_literals';
import {distinctValues, enumeration, type FieldColumn, fieldSql} from '../sql/field_sql';
import {fitFieldBySql} from '../sql/fit_sql';
import {addRejects, checkRejects, type Rejects} from '../sources/rejects';
import {rowsInFiles} from './rows_in_files';
import {withPart} from '../sql/split_sql';
import type {CodedChunk, LeftOut, StagedRows, SourceReading} from './staged';
import {failedChecks, wrongDates} from './staged_checks';

/** Read a source into Parquet files, whose dictionaries make counting and encoding several times faster than text. */
export async function stageInFiles(reading: SourceReading): Promise<Staged> {
  const {where, engine, schema, split, unique, maxRejects, folder} = reading;
  const {relation, plan, rejects: lines, files, starts} = await rowsInFiles(reading);
  const all =
    `(SELECT * EXCLUDE (file_row_number), file_row_number + ([${starts.join(', ')}])[file_index::BIGINT + 1] AS row ` +
    `FROM read_parquet(${literals(files)}, file_row_number = true))`;
  const checked = addRejects(lines, await failedChecks(engine, relation, plan, all));
  checkRejects(where, checked, maxRejects);
  const dates = await wrongDates(engine, relation, plan, all, schema, split);
  const rejects = addRejects(checked, dates.rejects);
  checkRejects(where, rejects, maxRejects);
  const sound = ['bad = 0', ...dates.filters].join(' AND ');
  const isWeighted = schema.weight === undefined ? 'true' : 'weight > 0';
  const isNamed = split === undefined || split.by === 'fraction' || split.by === 'order' ? 'true' : 'part IS NOT NULL';
  const parted =
    split?.by === 'time' && split.format !== undefined
      ? `(SELECT *, ${await datePart(engine.connection, split, all)} AS part FROM ${all})`
      : withPart(split, all, 'row');
  const rows = `(SELECT * FROM ${parted} WHERE ${sound} AND ${isWeighted} AND ${isNamed})`;
  const [[every, weighted, count]] = await readRows<number[]>(
    engine.connection,
    `SELECT count(*), count(*) FILTER (${isWeighted}), count(*) FILTER (${isWeighted} AND ${isNamed}) ` +
      `FROM ${parted} WHERE ${sound}`,
  );
  const used = unique === true ? await firstRows(engine, rows, plan, folder) : {files, rows, count};
  const repeating = await repeatingColumns(engine, used.files);
  const leftOut = {weightless: every - weighted, withoutPart: weighted - count, repeated: count - used.count};
  return new Staged(engine, schema, plan, used.rows, repeating, used.count, rejects, leftOut);
}

/**
 * The part of staged rows by the date that the split reads, as SQL: the reference reads each different value once, and
 * rows look it up. NULL where a row is left out.
 */
async function datePart(connection: DuckDBConnection, split: TimeSplit, staged: string): Promise<string> {
  const values = await distinctValues(connection, {name: SPLIT_TIME, rows: staged});
  const read = partAt(split);
  const parts = values.map(read);
  const cases: string[] = [];
  for (const part of PARTS.keys()) {
    const ofPart = values.filter((_, i) => parts[i] === part);
    const type = await enumeration(connection, `part_${PARTS[part]}`, ofPart);
    if (type !== undefined) cases.push(`WHEN TRY_CAST(${SPLIT_TIME} AS ${type}) IS NOT NULL THEN ${part}`);
  }
  return cases.length === 0 ? 'NULL::UTINYINT' : `(CASE ${cases.join(' ')} END)::UTINYINT`;
}

/** The rows, in a file and in their order, without those that equal an earlier one, parts aside. */
async function firstRows(
  {connection}: Engine,
  rows: string,
  {select}: StagingPlan,
  folder: string,
): Promise<{files: string[]; rows: string; count: number}> {
  const file = path.join(folder, 'unique.parquet');
  const compared = Object.keys(select).filter(name => !['part', GROUP, SPLIT_TIME].includes(name));
  const [[count]] = await readRows<number[]>(
    connection,
    `COPY (SELECT * FROM ${rows} WHERE row IN (SELECT min(row) FROM ${rows} GROUP BY ${compared.join(', ')}) ` +
      `ORDER BY row) TO ${literal(file)} (FORMAT parquet)`,
  );
  return {files: [file], rows: `read_parquet(${literal(file)})`, count};
}

/** The good rows of a source in Parquet files: what fitting and encoding work on. */
export class Staged {
  /**
   * @param count Number of good rows.
   * @param rows Relation of the good rows, with the column `part`.
   * @param repeating Names of the columns whose values lie in dictionaries: what is to be known of such a value is
   *     computed once for each.
   */
  constructor(
    private readonly engine: Engine,
    private readonly schema: Schema,
    private readonly plan: StagingPlan,
    private readonly rows: string,
    private readonly repeating: ReadonlySet<string>,
    readonly count: number,
    readonly rejects: Rejects,
    readonly leftOut: LeftOut,
  ) {}

  private get train(): string {
    return `(SELECT * FROM ${this.rows} WHERE part = 0)`;
  }

  private columnOf(rule: FieldRule, rows: string): FieldColumn {
    const name = this.plan.nameOf(rule);
    return {name, repeating: this.repeating.has(name), rows, read: this.plan.readerOf(rule)};
  }

  /** True if rows have groups, which are never in two parts. */
  get groups(): boolean {
    return GROUP in this.plan.select;
  }

  /** Count the training rows, and those of them with label 1. */
  async training(): Promise<{rows: number; positives: number}> {
    const positives = this.schema.label === undefined ? '0' : 'coalesce(sum(label), 0)::BIGINT';
    const [[rows, ones]] = await readRows<number[]>(
      this.engine.connection,
      `SELECT count(*), ${positives} FROM ${this.train}`,
    );
    return {rows, positives: ones};
  }

  /**
   * Fit all fields on the training rows.
   * @param step Receives the progress, from 0 to 1.
   */
  fit(rows: number, step: (done: number) => void): Promise<FittedField[]> {
    const {fields} = this.schema;
    let done = 0;
    return this.engine.map(fields, async (rule, _, connection) => {
      const field = await fitFieldBySql(connection, rule, this.columnOf(rule, this.train), rows);
      step(++done / fields.length);
      return field;
    });
  }

  /** The rows as codes of the fields. */
  async encoded({fields: fitted}: FittedSchema): Promise<StagedRows> {
    const {engine, rows, plan, schema} = this;
    const names = ['part', 'label', 'weight', GROUP].filter(name => name === 'part' || name in plan.select);
    const fields = await engine.map(schema.fields, (rule, i, connection) =>
      fieldSql(connection, rule, fitted[i], this.columnOf(rule, rows), i),
    );
    const reader = codeReader(fields);
    const optional = (name: string, chunk: DuckDBDataChunk) =>
      names.includes(name) ? itemsOf<never>(chunk, names.indexOf(name)) : undefined;
    const chunks = async function* (): AsyncGenerator<CodedChunk> {
      for await (const chunk of chunksOf(
        engine.connection,
        `SELECT ${[...names, reader.sql].join(', ')} FROM ${rows}`,
      )) {
        yield {
          count: chunk.rowCount,
          parts: itemsOf(chunk, 0),
          labels: itemsOf(chunk, 1),
          weights: optional('weight', chunk),
          groups: optional(GROUP, chunk),
          codes: reader.codesOf(chunk, names.length),
        };
      }
    };
    return {fields, chunks};
  }
}

/** DuckDB computes functions of larger dictionaries row by row. */
const LARGEST_DICTIONARY = 20000;

/** The columns most of whose rows lie in dictionaries that DuckDB makes use of. */
async function repeatingColumns({connection}: Engine, files: readonly string[]): Promise<Set<string>> {
  const names = await readRows(
    connection,
    `
    SELECT path_in_schema FROM parquet_metadata(${literals(files)}) GROUP BY 1
    HAVING sum(num_values) FILTER (WHERE stats_distinct_count <= ${LARGEST_DICTIONARY}) > sum(num_values) / 2`,
  );
  return new Set(names.map(([name]) => name as string));
}
