import {statSync} from 'node:fs';
import {AutofisError} from '../../errors';
import type {Schema} from '../../schema/schema';
import type {Split} from '../../schema/split';
import {checkColumns, neededColumns, type RelationColumn} from '../sql/columns';
import {type Engine, literal, literals, readRows} from '../sql/duckdb';
import {estimateLines} from './row_estimate';
import {type ResolvedFiles, resolveFiles, type Source, type SqlSource} from './source';
import {asCsv} from './text_files';
import {type TextColumns, textColumns} from './text_header';

/** Some of the rows of a source. */
interface Piece {
  sql: string;
  /** What of the source it is, from 0 to 1. */
  share: number;
}

/** A source as DuckDB reads it. */
export interface Relation {
  sql: string;
  /** The same in pieces, to read one after another. */
  pieces: Piece[];
  columns: RelationColumn[];
  /** Its files, none for a query. */
  files: string[];
  /** About how many rows there are, where that is cheap to tell. */
  expectedRows: () => Promise<number | undefined>;
  /** Text with separators, as DuckDB reads it. */
  text?: {files: ResolvedFiles; columns: TextColumns};
  /** Text with separators, as the user wrote it, whose lines messages name. */
  lines?: ResolvedFiles;
  /** The user's name of a file that was copied to a temporary folder. */
  originals: Map<string, string>;
}

/** A source as a relation, and which columns it has. All columns of text files are text. */
export async function openRelation(
  where: string,
  source: Source,
  engine: Engine,
  folder: string,
  schema?: Schema,
  split?: Split,
): Promise<Relation> {
  if (isSql(source)) return query(where, source, engine);
  const given = await resolveFiles(where, source, engine);
  const needed = schema === undefined ? [] : neededColumns(schema, split);
  let files = given;
  const originals = new Map<string, string>();
  if (['arrow', 'libsvm', 'libffm'].includes(given.format)) {
    const made = await asCsv(where, given, engine, folder);
    made.files.forEach((file, i) => originals.set(file, given.files[i]));
    files = made;
  }
  const relation = await relationOfFormat(where, files, engine);
  checkColumns(
    where,
    needed,
    relation.columns,
    given.files.length === 1 ? given.files[0] : `${given.files[0]} (and the other files)`,
  );
  return {...relation, files: given.files, originals, lines: files === given ? relation.text?.files : undefined};
}

async function relationOfFormat(where: string, files: ResolvedFiles, engine: Engine): Promise<Found> {
  if (files.format === 'csv') return textRelation(files, await textColumns(where, files));
  return files.format === 'jsonl' ? jsonRelation(files, engine) : parquetRelation(files, engine);
}

/** The column that DuckDB adds: the file of a row. Its own name for it, filename, a column of the source may have. */
export const FILE = 'file of the row';

export type Found = Pick<Relation, 'sql' | 'pieces' | 'columns' | 'expectedRows' | 'text'>;

/** Files in a row that have no more bytes are one piece. */
const PIECE = 2 ** 26;

/**
 * Files of text as relation and in pieces. Of more than a few files DuckDB reads one on each thread, and since rows
 * keep their order, it must hold what comes from all but the first: pieces bound that.
 */
function inPieces(
  files: readonly string[],
  sqlOf: (files: readonly string[]) => string,
): Pick<Relation, 'sql' | 'pieces'> {
  const groups: Array<{files: string[]; bytes: number}> = [];
  for (const file of files) {
    const {size} = statSync(file);
    const last = groups.at(-1);
    if (last === undefined || last.bytes + size > PIECE) groups.push({files: [file], bytes: size});
    else Object.assign(last, {files: [...last.files, file], bytes: last.bytes + size});
  }
  const all = groups.reduce((sum, {bytes}) => sum + bytes, 0) || 1;
  return {sql: sqlOf(files), pieces: groups.map(group => ({sql: sqlOf(group.files), share: group.bytes / all}))};
}

const isSql = (source: Source): source is SqlSource => typeof source === 'object' && 'sql' in source;

async function query(where: string, source: SqlSource, engine: Engine): Promise<Relation> {
  if (source.setup !== undefined) await engine.connection.run(source.setup);
  // The line end closes a comment.
  const sql = `(${source.sql.replace(/[;\s]+$/, '')}\n)`;
  try {
    const columns = await describe(engine, sql);
    return {
      sql,
      pieces: [{sql, share: 1}],
      columns,
      files: [],
      originals: new Map(),
      expectedRows: async () => undefined,
    };
  } catch (error) {
    throw new AutofisError(`${where}: \`source.sql\` fails: ${(error as Error).message}`);
  }
}

async function describe(engine: Engine, relation: string): Promise<RelationColumn[]> {
  return (await readRows(engine.connection, `DESCRIBE SELECT * FROM ${relation}`)).map(([name, type]) => ({
    name: name as string,
    type: type as string,
  }));
}

async function parquetRelation({files}: ResolvedFiles, engine: Engine): Promise<Found> {
  const sql = `read_parquet(${literals(files)}, filename = ${literal(FILE)})`;
  const expectedRows = async () =>
    (
      await readRows(engine.connection, `SELECT sum(num_rows)::BIGINT FROM parquet_file_metadata(${literals(files)})`)
    )[0][0] as number;
  return {
    sql,
    pieces: [{sql, share: 1}],
    columns: (await describe(engine, sql)).filter(({name}) => name !== FILE),
    expectedRows,
  };
}

/** How many rows of JSON tell which keys there are. */
const KEY_ROWS = 20000;

async function jsonRelation({files}: ResolvedFiles, engine: Engine): Promise<Found> {
  const sqlOf = (files: readonly string[]) =>
    `read_json_objects(${literals(files)}, format = 'newline_delimited', filename = ${literal(FILE)})`;
  const sql = sqlOf(files);
  const keys = await readRows(
    engine.connection,
    `SELECT DISTINCT unnest(json_keys(json)) FROM (SELECT json FROM ${sql} LIMIT ${KEY_ROWS})`,
  );
  return {
    ...inPieces(files, sqlOf),
    columns: keys.map(([name]) => ({name: name as string, type: 'json'})),
    expectedRows: () => estimateLines(files),
  };
}

/**
 * Bytes that a thread reads at a time. With the default of 32 MB few threads have work in small files, and
 * decompression does not run beside parsing.
 */
export const BUFFER = 2 ** 22;

/**
 * Files of text as a relation. All is text there: a cast within the reader meets values of rows that are not whole yet.
 */
export function textRelation(files: ResolvedFiles, textColumns: TextColumns, buffer = BUFFER): Found {
  const {names, separator, lineEnds} = textColumns;
  const ends = new Map(files.files.map((file, i) => [file, lineEnds[i] || '\n']));
  const quote = literal(files.quote ?? '');
  const columns = names.map(name => `${literal(name)}: 'VARCHAR'`);
  const read = (some: readonly string[]) =>
    `read_csv(${literals(some)}, auto_detect = false, header = ${files.header}, ` +
    `delim = ${literal(separator)}, quote = ${quote}, escape = ${quote}, nullstr = '', ` +
    `new_line = ${escaped(ends.get(some[0])!)}, ` +
    `filename = ${literal(FILE)}, buffer_size = ${buffer}, max_line_size = ${buffer / 2}, ` +
    `columns = {${columns.join(', ')}})`;
  // Where a line ends otherwise than it expects, DuckDB may lose rows and say nothing.
  const sqlOf = (some: readonly string[]) => {
    const runs = runsOf(some, file => ends.get(file)!);
    return runs.length === 1 ? read(some) : `(${runs.map(run => `SELECT * FROM ${read(run)}`).join(' UNION ALL ')})`;
  };
  return {
    ...inPieces(files.files, sqlOf),
    columns: names.map(name => ({name, type: 'VARCHAR', fromText: true})),
    expectedRows: () => estimateLines(files.files),
    text: {files: {...files, separator}, columns: textColumns},
  };
}

/** A line end as DuckDB's options spell it. */
const escaped = (lineEnd: string) => literal(JSON.stringify(lineEnd).slice(1, -1));

/** Neighbours that have the same key. */
function runsOf<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const runs: T[][] = [];
  items.forEach((item, i) => {
    if (i > 0 && keyOf(items[i - 1]) === keyOf(item)) runs.at(-1)!.push(item);
    else runs.push([item]);
  });
  return runs;
}
