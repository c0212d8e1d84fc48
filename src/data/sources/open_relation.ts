import {checkKeys} from '../../checks';
import {AutofisError} from '../../errors';
import {checkColumns, type RelationColumn} from '../sql/columns';
import type {Engine} from '../sql/duckdb';
import {literal, literals} from '../../sql_literals';
import {readRows} from '../sql/results';
import {isListType} from '../sql/raw_values';
import {jsonRelation} from './json_relation';
import {FILE, type Found, type Relation} from './relation';
import {type ResolvedFiles, resolveFiles} from './resolve_files';
import type {Source, SqlSource} from './source';
import {asText} from './text_files';
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
    const made = await asText(where, given, engine, folder);
    made.files.forEach((file, i) => originals.set(file, given.files[i]));
    files = made;
  }
  const relation = await relationOfFormat(where, files, engine, needed?.columns);
  if (needed !== undefined) {
    const [first, ...others] = given.files;
    const location = others.length === 0 ? first : `${first} (and the other files)`;
    checkColumns(where, needed.columns, relation.columns, location, needed.cure);
  }
  return {...relation, files: given.files, originals, lines: files === given ? relation.text?.files : undefined};
}

async function relationOfFormat(
  where: string,
  files: ResolvedFiles,
  engine: Engine,
  needed?: readonly string[],
): Promise<Found> {
  if (files.format === 'csv') return textRelation(files, await textColumns(where, files));
  return files.format === 'jsonl' ? jsonRelation(where, files, engine, needed) : parquetRelation(files, engine);
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
