import {checkKeys} from '../../checks';
import {AutofisError} from '../../errors';
import {checkColumns, type RelationColumn} from '../sql/columns';
import type {Engine} from '../sql/duckdb';
import {literal, literals} from '../sql/literals';
import {readRows} from '../sql/results';
import {isListType, jsonPath} from '../sql/text_sql';
import {FILE, type Found, inPieces, type Relation} from './relation';
import {type ResolvedFiles, resolveFiles} from './resolve_files';
import {estimateLines} from './row_estimate';
import type {Source, SqlSource} from './source';
import {asCsv} from './text_files';
import {textBytes} from './text_bytes';
import {textColumns} from './text_header';
import {textRelation} from './text_relation';

/** The columns that a source must have, and what helps where it lacks one. */
export interface Needed {
  columns: readonly string[];
  cure: string;
}

/** A source as a relation, and which columns it has. All columns of text files are text. */
export async function openRelation(
  where: string,
  source: Source,
  engine: Engine,
  folder: string,
  needed?: Needed,
): Promise<Relation> {
  if (isSql(source)) return query(where, source, engine);
  const given = await resolveFiles(where, source, engine);
  let files = given;
  const originals = new Map<string, string>();
  if (['arrow', 'libsvm', 'libffm'].includes(given.format)) {
    const made = await asCsv(where, given, engine, folder);
    made.files.forEach((file, i) => originals.set(file, given.files[i]));
    files = made;
  }
  const relation = await relationOfFormat(where, files, engine);
  if (needed !== undefined) {
    const [first, ...others] = given.files;
    const place = others.length === 0 ? first : `${first} (and the other files)`;
    checkColumns(where, needed.columns, relation.columns, place, needed.cure);
  }
  return {...relation, files: given.files, originals, lines: files === given ? relation.text?.files : undefined};
}

async function relationOfFormat(where: string, files: ResolvedFiles, engine: Engine): Promise<Found> {
  if (files.format === 'csv') return textRelation(files, await textColumns(where, files));
  return files.format === 'jsonl' ? jsonRelation(where, files, engine) : parquetRelation(files, engine);
}
const isSql = (source: Source): source is SqlSource => typeof source === 'object' && 'sql' in source;

async function query(where: string, source: SqlSource, engine: Engine): Promise<Relation> {
  checkKeys(`${where}: \`source\``, source, ['sql', 'setup']);
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
    // Behind its message DuckDB shows the statement, which the user did not write.
    const message = (error as Error).message.trim().replace(/\n+LINE \d+: [^]*$/, '');
    throw new AutofisError(`${where}: \`source.sql\` fails: ${message}`);
  }
}

async function describe(engine: Engine, relation: string): Promise<RelationColumn[]> {
  return (await readRows(engine.connection, `DESCRIBE SELECT * FROM ${relation}`)).map(([name, type]) => ({
    name: name as string,
    type: type as string,
    isList: isListType(type as string),
    isObject: /^STRUCT\(.*\)(\[\d*\])?$/s.test(type as string),
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

async function jsonRelation(where: string, {files}: ResolvedFiles, engine: Engine): Promise<Found> {
  const arrays = await Promise.all(files.map(isArray));
  if (arrays.includes(true) && arrays.includes(false))
    throw new AutofisError(
      `${where}: ${files[arrays.indexOf(true)]} is one JSON array, but ${files[arrays.indexOf(false)]} is not. ` +
        'Write JSON lines, in pandas by to_json(FILE, orient="records", lines=True).',
    );
  const format = arrays[0] ? 'array' : 'newline_delimited';
  const sqlOf = (files: readonly string[]) =>
    `read_json_objects(${literals(files)}, format = '${format}', filename = ${literal(FILE)})`;
  return {
    ...inPieces(files, sqlOf),
    columns: await jsonColumns(engine, `(SELECT json FROM ${sqlOf(files)} LIMIT ${KEY_ROWS})`),
    expectedRows: async () => (arrays[0] ? undefined : estimateLines(files)),
  };
}

/** The keys of rows of JSON, as columns. */
async function jsonColumns({connection}: Engine, rows: string): Promise<RelationColumn[]> {
  const keys = await readRows(
    connection,
    `
    SELECT key FROM (
      SELECT line, unnest(keys) AS key, unnest(range(len(keys))) AS place
      FROM (SELECT row_number() OVER () AS line, json_keys(json) AS keys FROM ${rows}))
    GROUP BY key ORDER BY min((line, place))`,
  );
  if (keys.length === 0) return [];
  const names = keys.map(([name]) => name as string);
  const typesAt = (path: string) => `coalesce(string_agg(DISTINCT json_type(json, ${literal(path)})), '')`;
  const [types] = await readRows(
    connection,
    `SELECT ${names.flatMap(name => ['', '/0'].map(item => typesAt(jsonPath(name) + item))).join(', ')} FROM ${rows}`,
  );
  return names.map((name, i) => {
    const isList = (types[2 * i] as string).split(',').includes('ARRAY');
    return {name, type: 'json', isList, isObject: isOnlyObjects(types[2 * i + (isList ? 1 : 0)] as string)};
  });
}

/** Whether types of JSON, by commas, are those of objects and of missing ones. */
function isOnlyObjects(types: string): boolean {
  const present = types.split(',').filter(type => type !== 'NULL');
  return present.length === 1 && present[0] === 'OBJECT';
}

/** Whether a file of JSON is one array, as its first sign says. The reader of the rows reports a damaged file. */
async function isArray(file: string): Promise<boolean> {
  try {
    for await (const bytes of textBytes(file, 2 ** 12)) {
      const text = bytes
        .toString()
        .replace(/^\ufeff/, '')
        .trimStart();
      if (text !== '') return text.startsWith('[');
    }
  } catch {
    return false;
  }
  return false;
}
