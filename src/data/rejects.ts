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
/** Rejects that messages tell in full. */
const SHOWN = 5;

const REASONS: Record<string, string> = {
  'CAST': 'is not of the column\'s type',
  'MISSING COLUMNS': 'has too few columns',
  'TOO MANY COLUMNS': 'has too many columns',
  'UNQUOTED VALUE': 'has a broken quote',
  'INVALID ENCODING': 'is not UTF-8',
  'LINE SIZE OVER MAXIMUM': 'is too long a line',
};

/** Where the label is: its name, and the number of its column in the file, from 1. */
export interface LabelColumn {
  name: string;
  index: number;
}

/** The label is the only column that is read as an enumeration. DuckDB names another column where not all of the file are read. */
const OF_LABEL = "(error_type = 'CAST' AND contains(error_message, 'to ''ENUM('))";

/**
 * The errors that are real. After a broken quote DuckDB also lists a label of a row that is sound and was read, with whatever
 * its memory then holds as value and line. So a label counts as wrong only if the value, of which a message has the first
 * line, stands in the line: in the label's column, or anywhere where quotes hide the columns.
 */
function realErrors(label: LabelColumn | undefined): string {
  const all = 'reject_errors JOIN reject_scans USING (scan_id, file_id)';
  if (label === undefined) return all;
  const value = `regexp_extract(error_message, ${literal('Could not convert string "(.*?)(" to \'.*)?$')}, 1, 's')`;
  const stands = `CASE WHEN contains(csv_line, quote) THEN contains(replace(csv_line, concat(escape, quote), quote), ${value}) ` +
    `ELSE list_extract(str_split(csv_line, delimiter), ${label.index}) = ${value} END`;
  return `(SELECT * FROM ${all} WHERE NOT ${OF_LABEL} OR (${value} <> '' AND ${stands}))`;
}

/** What DuckDB's reader of text files rejected. Throws if a quote has no end: where rows go on behind it cannot be told. */
export async function textRejects(where: string, connection: DuckDBConnection, label: LabelColumn | undefined): Promise<Rejects> {
  const real = realErrors(label);
  const [[count]] = await readRows(connection, `SELECT count(*) FROM (SELECT DISTINCT scan_id, file_id, line FROM ${real})`);
  if (count === 0) return {count: 0, examples: []};
  await checkQuotes(where, connection);
  const rows = await readRows(connection, `
    SELECT file_path, line, CASE WHEN ${OF_LABEL} THEN NULL ELSE column_name END, csv_line, error_type::VARCHAR, error_message
    FROM ${real}
    QUALIFY row_number() OVER (PARTITION BY scan_id, file_id, line ORDER BY column_idx) = 1
    ORDER BY scan_id, file_id, line LIMIT ${MOST_EXAMPLES}`);
  const examples = rows.map(([file, line, column, text, type, message]): Reject => {
    const cast = /Could not convert string "([^]*)" to '/.exec(message as string);
    const reason = cast === null ? REASONS[type as string] ?? String(type).toLowerCase() :
      column === null ? 'is no label: labels are 0 and 1' : 'is no number';
    return {
      file: file as string, line: line as number, value: cast?.[1] ?? text as string, reason,
      ...(cast !== null || type === 'MISSING COLUMNS' ? {column: column === null ? label!.name : column as string} : {}),
    };
  });
  return {count: count as number, examples};
}

/** A broken quote that ends within its line, or in the last one, costs that row; any other takes all that follow with it. */
async function checkQuotes(where: string, connection: DuckDBConnection): Promise<void> {
  const quotes = "(length(csv_line) - length(replace(csv_line, quote, ''))) // length(quote)";
  const [open] = await readRows(connection, `
    SELECT file_path, line FROM reject_errors JOIN reject_scans USING (scan_id, file_id)
    WHERE error_type = 'UNQUOTED VALUE' AND ((${quotes} % 2 = 1 AND contains(rtrim(csv_line, chr(10) || chr(13)), chr(10))) OR ${quotes} = 0)
    ORDER BY scan_id, file_id, line LIMIT 1`);
  if (open === undefined) return;
  throw new AutofisError(`${where}: ${open[0]}, line ${open[1]}: a quote begins there and does not end, so that the rows behind it are lost. ` +
    'Correct the line, or say that quotes mean nothing in this file: `quote: null` in the source.');
}

/** A reject in words: file:line, column, value, reason. */
function rejectText({file, line, row, column, value, reason}: Reject): string {
  const place = [file, line === undefined ? undefined : `line ${line}`, row === undefined ? undefined : `row ${row}`,
    column === undefined ? undefined : `column ${show(column)}`].filter(each => each !== undefined);
  return `${place.join(', ')}: ${show(value)} ${reason}`;
}

/** The first few in words. */
export function firstRejects({examples}: Rejects): string[] {
  return examples.slice(0, SHOWN).map(rejectText);
}

/** More rows were rejected than the user allows. */
export class TooManyRejects extends AutofisError {
  /** @param option What the user calls the limit. */
  constructor(where: string, private readonly rejects: Rejects, private readonly limit: number, option = '`maxRejects`') {
    const {count} = rejects;
    super(
        `${where}: ${count} ${count === 1 ? 'row' : 'rows'} cannot be used, and ${option} is ${limit}.` +
        `${firstRejects(rejects).map(reject => `\n  ${reject}`).join('')}${count > SHOWN ? `\n  and ${count - SHOWN} more` : ''}\n` +
        `Correct the source, or raise ${option} to leave such rows out.`);
  }

  /** The same for users who call things otherwise. */
  as(where: string, option: string): TooManyRejects {
    return new TooManyRejects(where, this.rejects, this.limit, option);
  }
}

/** Throws when more rows were rejected than the user allows. */
export function checkRejects(where: string, rejects: Rejects, maxRejects: number): void {
  if (rejects.count > maxRejects) throw new TooManyRejects(where, rejects, maxRejects);
}

/** Both together. */
export function addRejects(a: Rejects, b: Rejects): Rejects {
  return {count: a.count + b.count, examples: [...a.examples, ...b.examples].slice(0, MOST_EXAMPLES)};
}
