import {readCsv} from '../sql/read_csv';
import {FILE, type Found, inPieces} from './relation';
import type {ResolvedFiles} from './resolve_files';
import {estimateLines} from './row_estimate';
import type {TextColumns} from './text_header';

/**
 * Bytes that a thread reads at a time. With the default of 32 MB few threads have work in small files, and
 * decompression does not run beside parsing.
 */
export const BUFFER = 2 ** 22;

/** Files of text as a relation. */
export function textRelation(files: ResolvedFiles, textColumns: TextColumns, buffer = BUFFER): Found {
  const {names, separator, lineEnds} = textColumns;
  const ends = new Map(files.files.map((file, i) => [file, lineEnds[i] || '\n']));
  const {header, quote} = files;
  const read = (some: readonly string[]) =>
    readCsv(some, names, {
      delim: separator,
      header,
      ...(quote !== null && {quote, escape: quote}),
      new_line: escaped(ends.get(some[0])!),
      filename: FILE,
      buffer_size: buffer,
      max_line_size: buffer / 2,
    });
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
const escaped = (lineEnd: string) => JSON.stringify(lineEnd).slice(1, -1);

/** Neighbours that have the same key. */
function runsOf<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const runs: T[][] = [];
  items.forEach((item, i) => {
    if (i > 0 && keyOf(items[i - 1]) === keyOf(item)) runs.at(-1)!.push(item);
    else runs.push([item]);
  });
  return runs;
}
