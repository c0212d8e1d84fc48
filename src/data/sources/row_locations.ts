import type {DuckDBConnection} from '@duckdb/node-api';
import {readRows} from '../sql/results';
import {identifier} from '../../sql_literals';
import type {Reject} from './rejects';
import {FILE, type Relation} from './relation';
import type {ResolvedFiles} from './resolve_files';
import {recordBlocks} from './text_rows';

/** The place of a row, as messages name it. */
export type RowLocation = Pick<Reject, 'file' | 'line' | 'row'>;

/**
 * Find the places of a relation's rows: file and line in text that the user wrote, else the number of the row in its
 * file, or in a query.
 * @param rows Numbers of rows, from 0, in their order.
 */
export async function locateRows(
  connection: DuckDBConnection,
  relation: Relation,
  rows: readonly number[],
): Promise<Map<number, RowLocation>> {
  const locations = new Map<number, RowLocation>(rows.map(row => [row, {row: row + 1}]));
  const {lines, columns} = relation;
  let start = 0;
  for (const [i, {file, count}] of (await rowsByFile(connection, relation)).entries()) {
    const inFile = rows.filter(row => row >= start && row < start + count);
    const found =
      lines === undefined
        ? []
        : await linesOf(
            lines.files[i],
            lines,
            columns.length,
            inFile.map(row => row - start),
          );
    inFile.forEach((row, at) =>
      locations.set(row, found[at] === undefined ? {file, row: row - start + 1} : {file, line: found[at]}),
    );
    start += count;
  }
  return locations;
}

/** The files of a relation, as the user calls them, and how many rows each has. */
async function rowsByFile(
  connection: DuckDBConnection,
  {sql, files, originals}: Relation,
): Promise<Array<{file: string; count: number}>> {
  if (files.length < 2) return files.map(file => ({file, count: Infinity}));
  const counted = await readRows<[string, number]>(
    connection,
    `SELECT ${identifier(FILE)}, count(*) FROM ${sql} GROUP BY 1`,
  );
  const counts = new Map(counted.map(([file, count]) => [originals.get(file) ?? file, count]));
  return files.map(file => ({file, count: counts.get(file) ?? 0}));
}

/** The lines on which sound rows of a file begin, by their numbers from 0, in their order. */
async function linesOf(file: string, files: ResolvedFiles, width: number, rows: readonly number[]): Promise<number[]> {
  const lines: number[] = [];
  if (rows.length === 0) return lines;
  let row = 0;
  let isHeader = files.header;
  for await (const block of recordBlocks(file, files, width)) {
    for (const {line, fault} of block) {
      if (isHeader) isHeader = false;
      else if (fault === undefined && row++ === rows[lines.length] && lines.push(line) === rows.length) return lines;
    }
  }
  return lines;
}
