import type {DuckDBConnection} from '@duckdb/node-api';
import {AutofisError} from '../../errors';
import type {RelationColumn} from '../sql/columns';
import type {Engine} from '../sql/duckdb';
import {identifier, literal, literals} from '../../sql_literals';
import {jsonPath, jsonType} from '../sql/raw_values';
import {readRows} from '../sql/results';
import {FILE, type Found, inPieces} from './relation';
import type {ResolvedFiles} from './resolve_files';
import {estimateLines} from './row_estimate';
import {textBytes} from './text_bytes';

/** Rows that are read first: where they have all columns that are needed, the others are not searched for keys. */
const FIRST_ROWS = 20_000;
/** Neighbouring rows that tell what the values of a late key are. */
const BLOCK_ROWS = 1000;
/** Most keys of a row that are put in order. */
const MOST_KEYS = 2 ** 16;

/**
 * Files of JSON lines, or of one array each. Their columns are the keys of all rows; with `needed`, those of the first
 * rows where these have what is needed.
 */
export async function jsonRelation(
  where: string,
  {files}: ResolvedFiles,
  {connection}: Engine,
  needed?: readonly string[],
): Promise<Found> {
  const arrays = await Promise.all(files.map(isArray));
  if (arrays.includes(true) && arrays.includes(false))
    throw new AutofisError(
      `${where}: ${files[arrays.indexOf(true)]} is one JSON array, but ${files[arrays.indexOf(false)]} is not. ` +
        'Write JSON lines, in pandas by to_json(FILE, orient="records", lines=True).',
    );
  const format = arrays[0] ? 'array' : 'newline_delimited';
  const objects = (some: readonly string[]) =>
    `read_json_objects(${literals(some)}, format = '${format}', filename = ${literal(FILE)})`;
  const {keys, sample} = await findKeys(connection, objects(files), needed);
  // Each row is parsed once, however many columns are read.
  const cells = `json_extract(json, ${literals(keys.map(jsonPath))}::VARCHAR[]) AS cells`;
  return {
    ...inPieces(files, some => `(SELECT ${cells}, ${identifier(FILE)} FROM ${objects(some)})`),
    columns: await columnsOf(connection, keys, sample),
    expectedRows: async () => (arrays[0] ? undefined : estimateLines(files)),
  };
}

/** The keys of rows of JSON in the order in which they occur, and rows that have each of them. */
async function findKeys(
  connection: DuckDBConnection,
  rows: string,
  needed?: readonly string[],
): Promise<{keys: string[]; sample: string}> {
  const numbered = (some: string) => `(SELECT json, row_number() OVER () - 1 AS line FROM ${some})`;
  const first = numbered(`(SELECT json FROM ${rows} LIMIT ${FIRST_ROWS})`);
  const [[count]] = await readRows(connection, `SELECT count(*) FROM ${first}`);
  const early = await keysOf(connection, first);
  const names = new Set(early.map(({name}) => name));
  if (count !== FIRST_ROWS || needed?.every(name => names.has(name))) return {keys: [...names], sample: first};
  const all = numbered(rows);
  const keys = await keysOf(connection, all);
  const late = keys.filter(({name}) => !names.has(name)).map(({line}) => Math.floor(line / BLOCK_ROWS));
  const isSampled = `line < ${FIRST_ROWS} OR list_contains([${late.join(', ')}], line // ${BLOCK_ROWS})`;
  return {
    keys: keys.map(({name}) => name),
    sample: late.length === 0 ? first : `(SELECT json FROM ${all} WHERE ${isSampled})`,
  };
}

/** The keys of numbered rows, and the line of the first row that has each. */
async function keysOf(connection: DuckDBConnection, rows: string): Promise<Array<{name: string; line: number}>> {
  const found = await readRows(
    connection,
    `SELECT key, min(line * ${MOST_KEYS} + place) AS first FROM (
      SELECT line, unnest(keys) AS key, unnest(range(len(keys))) AS place
      FROM (SELECT line, json_keys(json) AS keys FROM ${rows}))
    GROUP BY key ORDER BY first`,
  );
  return found.map(([name, first]) => ({name: name as string, line: Math.floor((first as number) / MOST_KEYS)}));
}

/** The columns of keys, with what their values in some rows are. */
async function columnsOf(
  connection: DuckDBConnection,
  keys: readonly string[],
  rows: string,
): Promise<RelationColumn[]> {
  if (keys.length === 0) return [];
  const typesAt = (path: string) => `coalesce(string_agg(DISTINCT json_type(json, ${literal(path)})), '')`;
  const paths = keys.flatMap(name => ['', '/0'].map(item => jsonPath(name) + item));
  const [types] = await readRows(connection, `SELECT ${paths.map(typesAt).join(', ')} FROM ${rows}`);
  return keys.map((name, i) => {
    const isList = (types[2 * i] as string).split(',').includes('ARRAY');
    const isObject = isOnlyObjects(types[2 * i + (isList ? 1 : 0)] as string);
    return {name, type: jsonType(i), isList, isObject};
  });
}

/** Tell whether comma-separated types of JSON are those of objects alone, besides missing values. */
function isOnlyObjects(types: string): boolean {
  const present = types.split(',').filter(type => type !== 'NULL');
  return present.length === 1 && present[0] === 'OBJECT';
}

/** Tell whether a JSON file is one array, by its first character. The reader of the rows reports a damaged file. */
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
