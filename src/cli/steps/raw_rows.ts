import {realpath} from 'node:fs/promises';
import {checkBeside} from '../../data/sources/compressed';
import {openEngine} from '../../data/sql/duckdb';
import {rawValuesOf, rawValueSql} from '../../data/sql/raw_values';
import {chunksOf} from '../../data/sql/results';
import {firstRejects, TooManyRejects} from '../../data/sources/rejects';
import {type Relation} from '../../data/sources/relation';
import {openRelation} from '../../data/sources/open_relation';
import {mayLoseRows, soundRelation} from '../../data/sources/sound_relation';
import {readError} from '../../data/staging/read_error';
import {temporaryFolder} from '../../data/temporary_folder';
import {AutofisError} from '../../errors';
import {writeTarget} from '../../runtime/replace_file';
import type {Row} from '../../schema/row_encoder';
import type {Schema} from '../../schema/schema';
import type {FittedSchema} from '../../schema/vocabulary';
import {renamed} from '../../closest_name';
import {UsageError} from '../usage_error';
import {counted} from '../../counted';
import type {TableSource} from './table_source';

/**
 * The rows of a table as texts and lists of them, those columns that the schema reads and its label and weight, a few
 * thousand at a time.
 *
 * @throws UsageError where one of the table's files is `out`, which is to be written.
 */
export async function* rawRows(
  {source, name: table}: TableSource,
  {schema}: FittedSchema,
  withLabel: boolean,
  out?: string,
): AsyncGenerator<Row[]> {
  const {path: folder, remove} = temporaryFolder();
  const engine = await openEngine(folder);
  const left = new AbortController();
  try {
    const relation = await openRelation('read', source, engine, folder).catch(async (error: Error) => {
      throw await readError('read', error, source);
    });
    if (out !== undefined) await checkOverwrite(relation, out);
    const columns = neededColumns(table, relation, schema, withLabel);
    const rowsFrom = async function* ({sql}: Relation, first: number): AsyncGenerator<Row[]> {
      const query = `SELECT ${columns.map(column => column.sql).join(', ')} FROM ${sql} OFFSET ${first}`;
      for await (const chunk of chunksOf(engine.connection, query)) {
        const values = columns.map((_, c) => rawValuesOf(chunk, c));
        yield Array.from({length: chunk.rowCount}, (_, r) =>
          Object.fromEntries(columns.map(({name}, c) => [name, values[c][r]])),
        );
      }
    };
    const sound = checkBeside('read', relation.files, left.signal);
    let done = 0;
    let isRead = false;
    if (relation.text?.columns.isRegular !== false && !(await mayLoseRows(relation))) {
      try {
        for await (const rows of rowsFrom(relation, 0)) {
          yield rows;
          done += rows.length;
        }
        isRead = true;
      } catch (error) {
        await sound;
        if (relation.text === undefined) throw await readError('read', error as Error, source);
      }
    }
    await sound;
    if (!isRead) yield* rowsFrom(await readableCopy(table, relation, folder), done);
  } finally {
    left.abort();
    engine.close();
    await remove();
  }
}

/** Check that a file that is to be written is none of those that are read. */
async function checkOverwrite({files}: Relation, out: string): Promise<void> {
  const target = (await writeTarget(out)).path;
  const [written, ...read] = await Promise.all([target, ...files].map(file => realpath(file).catch(() => null)));
  if (written !== null && read.includes(written))
    throw new UsageError(`--out is a file of the table: ${out}. Give another --out.`);
}

/** The columns of a table that a schema reads, and their raw values in SQL. */
function neededColumns(
  table: string,
  {columns}: Relation,
  schema: Schema,
  withLabel: boolean,
): Array<{name: string; sql: string}> {
  const needed = new Set([
    ...schema.fields.map(({column}) => column),
    ...(withLabel ? [schema.label!.column, ...(schema.weight === undefined ? [] : [schema.weight.column])] : []),
  ]);
  const names = columns.map(({name}) => name);
  const absent = [...needed].filter(name => !names.includes(name));
  if (absent.length > 0) {
    const cure = renamed(absent, names, [...needed]) || ' Give rows with all columns that the model was trained on.';
    throw new UsageError(`${table} has no column ${quoted(absent)}. It has ${quoted(names)}.${cure}`);
  }
  return columns.filter(({name}) => needed.has(name)).map(({name, type}) => ({name, sql: rawValueSql(name, type)}));
}

/**
 * A copy of text that DuckDB does not read.
 * @throws AutofisError if rows cannot be read: what is computed for each row would belong to others from there on.
 */
async function readableCopy(table: string, relation: Relation, folder: string): Promise<Relation> {
  const copy = await soundRelation('read', relation, {folder, maxRejects: 0}).catch((error: Error) => {
    if (!(error instanceof TooManyRejects)) throw error;
    const {count} = error.rejects;
    throw new AutofisError(
      `${table}: ${counted(count, 'row')} cannot be read.${firstRejects(error.rejects)
        .map(reject => `\n  ${reject}`)
        .join('')}\nCorrect the file: every row needs a prediction.`,
    );
  });
  return copy.relation;
}

function quoted(names: readonly string[]): string {
  return names.map(name => JSON.stringify(name)).join(', ');
}
