import type {DuckDBConnection} from '@duckdb/node-api';
import {AutofisError, show} from '../errors';
import {literal, readRows} from './duckdb';

/** One row that could not be used, and why. */
export interface Reject {
  /** The file, where the source has files. */
  file?: string;
  /** Its line, counted from 1, in text files whose reader knows it. */
  line?: number;
  /** Else the number of the row among those that could be read, counted from 1. */
  row?: number;
  column?: string;
  /** The value, or the line, as it stands there. */
  value: string;
  reason: string;
}

/** The rows that were left out. */
export interface Rejects {
  count: number;
  /** The first of them, at most 100. */
  examples: Reject[];
}

/** Most rejects that are kept as examples. */
export const MOST_EXAMPLES = 100;

const REASONS: Record<string, string> = {
  'CAST': 'is not of the column\'s type',
  'MISSING COLUMNS': 'has too few columns',
  'TOO MANY COLUMNS': 'has too many columns',
  'UNQUOTED VALUE': 'has a broken quote',
  'INVALID ENCODING': 'is not UTF-8',
  'LINE SIZE OVER MAXIMUM': 'is too long a line',
};

/**
 * The errors that are real. After a broken quote DuckDB also lists a label of a row that is sound and was read, with whatever
 * its memory then holds as value and line. So a label counts as wrong only if the value, of which a message has the first
 * line, stands in the line: in the label's column, or anywhere where quotes hide the columns.
 */
function realErrors(label: string | undefined): string {
  const all = 'reject_errors JOIN reject_scans USING (scan_id, file_id)';
  if (label === undefined) return all;
  const value = `regexp_extract(error_message, ${literal('Could not convert string "(.*?)(" to \'.*)?$')}, 1, 's')`;
  const stands = `CASE WHEN contains(csv_line, quote) THEN contains(replace(csv_line, concat(escape, quote), quote), ${value}) ` +
    `ELSE list_extract(str_split(csv_line, delimiter), column_idx::BIGINT) = ${value} END`;
  return `(SELECT * FROM ${all} WHERE error_type <> 'CAST' OR column_name <> ${literal(label)} OR (${value} <> '' AND ${stands}))`;
}

/** What DuckDB's reader of text files rejected. */
export async function textRejects(connection: DuckDBConnection, label: string | undefined): Promise<Rejects> {
  const real = realErrors(label);
  const [[count]] = await readRows(connection, `SELECT count(*) FROM (SELECT DISTINCT scan_id, file_id, line FROM ${real})`);
  if (count === 0) return {count: 0, examples: []};
  const rows = await readRows(connection, `
    SELECT file_path, line, column_name, csv_line, error_type::VARCHAR, error_message
    FROM ${real}
    QUALIFY row_number() OVER (PARTITION BY scan_id, file_id, line ORDER BY column_idx) = 1
    ORDER BY scan_id, file_id, line LIMIT ${MOST_EXAMPLES}`);
  const examples = rows.map(([file, line, column, text, type, message]): Reject => {
    const cast = /Could not convert string "([^]*)" to '/.exec(message as string);
    const reason = cast === null ? REASONS[type as string] ?? String(type).toLowerCase() :
      column === label ? 'is no label: labels are 0 and 1' : 'is no number';
    return {
      file: file as string, line: line as number, value: cast?.[1] ?? text as string, reason,
      ...(cast !== null || type === 'MISSING COLUMNS' ? {column: column as string} : {}),
    };
  });
  return {count: count as number, examples};
}

/** A reject in words: file:line, column, value, reason. */
export function rejectText({file, line, row, column, value, reason}: Reject): string {
  const place = [file, line === undefined ? undefined : `line ${line}`, row === undefined ? undefined : `row ${row}`,
    column === undefined ? undefined : `column ${show(column)}`].filter(each => each !== undefined);
  return `${place.join(', ')}: ${show(value)} ${reason}`;
}

/** Throws when more rows were rejected than the user allows. */
export function checkRejects(where: string, {count, examples}: Rejects, maxRejects: number): void {
  if (count <= maxRejects) return;
  const first = examples.slice(0, 5).map(reject => `\n  ${rejectText(reject)}`).join('');
  throw new AutofisError(
      `${where}: ${count} ${count === 1 ? 'row' : 'rows'} cannot be used, and \`maxRejects\` is ${maxRejects}.${first}` +
      `${count > 5 ? `\n  and ${count - 5} more` : ''}\nCorrect the source, or raise \`maxRejects\` to leave such rows out.`);
}

/** Both together. */
export function addRejects(a: Rejects, b: Rejects): Rejects {
  return {count: a.count + b.count, examples: [...a.examples, ...b.examples].slice(0, MOST_EXAMPLES)};
}
