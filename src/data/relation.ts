import {statSync} from 'node:fs';
import {AutofisError} from '../errors';
import type {Schema} from '../schema/schema';
import {NEGATIVE, POSITIVE} from '../schema/label';
import {checkColumns, neededColumns, type RelationColumn} from './columns';
import {type Engine, identifier, literal, literals, readRows} from './duckdb';
import {checkEncoding, headerOf, otherSeparator, type ResolvedFiles, resolveFiles, type Source, type SqlSource} from './source';
import {estimateLines} from './row_estimate';
import type {Split} from '../schema/split';
import {asCsv} from './text_files';

/** Some of the rows of a source. */
interface Piece {
  sql: string;
  /** What of the source it is, from 0 to 1. */
  share: number;
}

/** A source as DuckDB reads it. */
export interface Relation {
  sql: string;
  /** The same in pieces, which are to be read one after the other. */
  pieces: Piece[];
  columns: RelationColumn[];
  /** Its files, none for a query. */
  files: string[];
  /** About how many rows there are, where that is cheap to tell. */
  expectedRows: () => Promise<number | undefined>;
  /** Whether rows that cannot be read go to DuckDB's table of rejects. */
  rejects: boolean;
  /** How its text is written, and the names of all columns in their order, if it is text with separators. */
  text?: {files: ResolvedFiles, names: readonly string[]};
  /** What the user calls a file that stands for his in a temporary folder. */
  originals: Map<string, string>;
}

/**
 * A source as a relation, and which columns it has. Columns of text that only numeric fields read are numbers already in
 * the reader, and labels an enumeration, so that the reader itself rejects what does not fit and knows the line.
 */
export async function openRelation(
    where: string, source: Source, engine: Engine, folder: string, schema?: Schema, split?: Split): Promise<Relation> {
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
  const relation = await (files.format === 'csv' ? textRelation(where, files, engine, schema, split) :
    files.format === 'jsonl' ? jsonRelation(files, engine) : parquetRelation(files, engine));
  checkColumns(where, needed, relation.columns, given.files.length === 1 ? given.files[0] : `${given.files[0]} (and the other files)`);
  return {...relation, files: given.files, originals};
}

/** The column that DuckDB adds: the file of a row. Its own name for it, filename, a column of the source may have. */
export const FILE = 'file of the row';

type Found = Pick<Relation, 'sql' | 'pieces' | 'columns' | 'expectedRows' | 'rejects' | 'text'>;

/** Files in a row that have no more bytes are one piece. */
const PIECE = 2 ** 26;

/**
 * Files of text as relation and in pieces. Of more than a few files DuckDB reads one on each thread, and since rows keep their
 * order, it must hold what comes from all but the first: pieces bound that.
 */
function inPieces(files: readonly string[], sqlOf: (files: readonly string[]) => string): Pick<Relation, 'sql' | 'pieces'> {
  const groups: Array<{files: string[], bytes: number}> = [];
  for (const file of files) {
    const {size} = statSync(file), last = groups.at(-1);
    if (last === undefined || last.bytes + size > PIECE) groups.push({files: [file], bytes: size});
    else Object.assign(last, {files: [...last.files, file], bytes: last.bytes + size});
  }
  const all = groups.reduce((sum, {bytes}) => sum + bytes, 0);
  return {sql: sqlOf(files), pieces: groups.map(group => ({sql: sqlOf(group.files), share: group.bytes / all}))};
}

const isSql = (source: Source): source is SqlSource => typeof source === 'object' && 'sql' in source;

async function query(where: string, source: SqlSource, engine: Engine): Promise<Relation> {
  if (source.setup !== undefined) await engine.connection.run(source.setup);
  // The line end closes a comment.
  const sql = `(${source.sql.replace(/[;\s]+$/, '')}\n)`;
  try {
    return {sql, pieces: [{sql, share: 1}], columns: await describe(engine, sql), files: [], rejects: false, originals: new Map(), expectedRows: async () => undefined};
  } catch (error) {
    throw new AutofisError(`${where}: \`source.sql\` fails: ${(error as Error).message}`);
  }
}

async function describe(engine: Engine, relation: string): Promise<RelationColumn[]> {
  return (await readRows(engine.connection, `DESCRIBE SELECT * FROM ${relation}`)).map(([name, type]) => ({name: name as string, type: type as string}));
}

async function parquetRelation({files}: ResolvedFiles, engine: Engine): Promise<Found> {
  const sql = `read_parquet(${literals(files)}, filename = ${literal(FILE)})`;
  const expectedRows = async () => (await readRows(engine.connection, `SELECT sum(num_rows)::BIGINT FROM parquet_file_metadata(${literals(files)})`))[0][0] as number;
  return {sql, pieces: [{sql, share: 1}], columns: (await describe(engine, sql)).filter(({name}) => name !== FILE), expectedRows, rejects: false};
}

/** How many rows of JSON tell which keys there are. */
const KEY_ROWS = 20000;

async function jsonRelation({files}: ResolvedFiles, engine: Engine): Promise<Found> {
  const sqlOf = (files: readonly string[]) => `read_json_objects(${literals(files)}, format = 'newline_delimited', filename = ${literal(FILE)})`;
  const sql = sqlOf(files);
  const keys = await readRows(engine.connection, `SELECT DISTINCT unnest(json_keys(json)) FROM (SELECT json FROM ${sql} LIMIT ${KEY_ROWS})`);
  return {...inPieces(files, sqlOf), columns: keys.map(([name]) => ({name: name as string, type: 'json'})), expectedRows: () => estimateLines(files), rejects: false};
}

/** Bytes that a thread reads at a time. With the default of 32 MB few threads have work in small files, and decompression does not run beside parsing. */
const BUFFER = 2 ** 22;

async function textRelation(where: string, files: ResolvedFiles, engine: Engine, schema?: Schema, split?: Split): Promise<Found> {
  for (const file of files.files) checkEncoding(where, file);
  const {names, separator} = files.columns === undefined ? await commonHeader(where, files, engine) : {names: files.columns, separator: files.separator};
  checkNames(where, files.columns === undefined ? `the header of ${files.files[0]}` : 'the list of columns', names);
  const numeric = numericOnly(schema, split);
  const type = (name: string) => numeric.has(name) ? 'DOUBLE' :
    name === schema?.label?.column && !schema.fields.some(rule => rule.column === name) && !(split !== undefined && 'column' in split && split.column === name) ?
      `ENUM(${[...NEGATIVE, ...POSITIVE].map(literal).join(', ')})` : 'VARCHAR';
  const columns = names.map(name => ({name, type: type(name), fromText: true}));
  const quote = files.quote === null ? "''" : literal(files.quote);
  const sqlOf = (some: readonly string[]) => `read_csv(${literals(some)}, auto_detect = false, header = ${files.header}, delim = ${literal(separator)}, ` +
    `quote = ${quote}, escape = ${quote}, nullstr = '', store_rejects = true, filename = ${literal(FILE)}, buffer_size = ${BUFFER}, ` +
    `columns = {${columns.map(column => `${literal(column.name)}: ${literal(column.type)}`).join(', ')}})`;
  return {...inPieces(files.files, sqlOf), columns, expectedRows: () => estimateLines(files.files), rejects: true, text: {files: {...files, separator}, names}};
}

/** Columns of which only numbers are wanted, all their text being one. */
function numericOnly(schema?: Schema, split?: Split): Set<string> {
  if (schema === undefined) return new Set();
  const isText = new Set(schema.fields.filter(rule => rule.type !== 'numeric' || rule.missing?.length).map(rule => rule.column));
  if (split !== undefined && 'column' in split) isText.add(split.column);
  if (schema.label !== undefined) isText.add(schema.label.column);
  const numbers = [...schema.fields.map(rule => rule.column), ...(schema.weight === undefined ? [] : [schema.weight.column])];
  return new Set(numbers.filter(column => !isText.has(column)));
}

/** Throws if two columns have the same name. DuckDB takes no account of case. */
function checkNames(where: string, place: string, names: readonly string[]): void {
  const folded = names.map(name => name.toLowerCase()), second = folded.findIndex((name, i) => folded.indexOf(name) !== i);
  if (second < 0) return;
  const first = names[folded.indexOf(folded[second])], twice = names[second];
  throw new AutofisError(`${where}: ${place} has ${first === twice ? `${identifier(twice)} twice` : `${identifier(first)} and ${identifier(twice)}, which differ by case alone`}. Rename one.`);
}

/**
 * The names in the header, which all files must share: their columns are read by position. And what stands between them. A
 * column without a name, such as the index that pandas writes, gets its number.
 */
async function commonHeader(where: string, files: ResolvedFiles, engine: Engine): Promise<{names: string[], separator: string}> {
  if (!files.header) {
    throw new AutofisError(`${where}: files without a header need \`columns\`, the names of the columns in their order.`);
  }
  const [first, ...rest] = files.files;
  const namesOf = async (file: string) => (await headerOf(where, file, files, engine)).map((name, i) => name || `column ${i + 1}`);
  const names = await namesOf(first), other = otherSeparator(names, files);
  if (other !== undefined) return commonHeader(where, {...files, separator: other, anySeparator: false}, engine);
  for (const file of rest) {
    const own = await namesOf(file);
    const at = names.findIndex((name, i) => own[i] !== name);
    if (at >= 0 || own.length !== names.length) {
      throw new AutofisError(
          `${where}: the headers of ${first} and ${file} differ, at column ${(at < 0 ? names.length : at) + 1}. ` +
          'Files that are read together have the same columns in the same order.');
    }
  }
  return {names, separator: files.separator};
}
