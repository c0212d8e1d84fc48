import {literal, literals} from '../../sql_literals';
import {FILE, type Found, inPieces} from './relation';
import type {ResolvedFiles} from './resolve_files';
import {estimateLines} from './row_estimate';
import type {TextColumns} from './text_header';

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
