import {statSync} from 'node:fs';
import {type RelationColumn} from '../sql/columns';
import {type ResolvedFiles} from './resolve_files';
import {type TextColumns} from './text_header';

/** Some of the rows of a source. */
interface Piece {
  sql: string;
  /** Share of the source, from 0 to 1. */
  share: number;
}

/** A source as DuckDB reads it. */
export interface Relation {
  sql: string;
  /** Pieces of the rows, to read one after another. */
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

/** The column that DuckDB adds: the file of a row. Its own name for it, filename, a column of the source may have. */
export const FILE = 'file of the row';

export type Found = Pick<Relation, 'sql' | 'pieces' | 'columns' | 'expectedRows' | 'text'>;

/** Files in a row that have no more bytes are one piece. */
const PIECE = 2 ** 26;

/**
 * Files of text as relation and in pieces. Of more than a few files DuckDB reads one on each thread, and since rows
 * keep their order, it must hold what comes from all but the first: pieces bound that.
 */
export function inPieces(
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
