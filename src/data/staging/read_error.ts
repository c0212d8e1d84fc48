import path from 'node:path';
import {AutofisError} from '../../errors';
import {LONGEST_ROW} from '../sources/record_scanner';
import type {Source} from '../sources/source';
import {textBytes} from '../sources/text_bytes';

/** Tell whether an error of DuckDB says that the disk is full. */
export const isDiskFull = ({message}: Error) => /No space left|disk.*full|could not write|ENOSPC/i.test(message);

/** DuckDB's words for a row of JSON that is too long, and the file that has it. */
const LONG_ROW = /"maximum_object_size" of \d+ bytes exceeded while reading file "(.*)" \(/;

/** The error of a source that cannot be read: our own stays; that of DuckDB does not always name a file. */
export async function readError(where: string, error: Error, source: Source): Promise<AutofisError> {
  if (error instanceof AutofisError) return error;
  const long = LONG_ROW.exec(error.message)?.[1];
  if (long !== undefined) return longRow(where, long);
  const full = isDiskFull(error);
  // For broken JSON DuckDB reports the number of the next line.
  // Behind the message DuckDB shows the statement, which the user did not write.
  const message = error.message
    .trim()
    .replace(/\n+LINE \d+: [^]*$/, '')
    .replace(
      /^(Invalid Input Error: Malformed JSON .* in line )(\d+)/,
      (_, text: string, line: string) => `${text}${Number(line) - 1}`,
    );
  const files = typeof source === 'object' && 'files' in source ? source.files : source;
  const names = [files].flat().filter(name => typeof name === 'string');
  const unnamed = !full && names.length > 0 && !names.some(name => message.includes(path.basename(name)));
  const location = unnamed
    ? ` (${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''})`
    : '';
  const problem = full ? 'the disk is full' : 'the source cannot be read';
  const cure = full ? '\nFree some space, or choose another folder.' : '';
  return new AutofisError(`${where}: ${problem}${location}: ${message}${cure}`);
}

/** The error of a file of JSON with a row that is too long. */
async function longRow(where: string, file: string): Promise<AutofisError> {
  const line = await longLine(file);
  const location = line === undefined ? file : `${file}, line ${line}`;
  return new AutofisError(
    `${where}: ${location}: the row has more than ${LONGEST_ROW / 2 ** 20} MB, which is not read. ` +
      'Shorten the row or leave it out. If it holds the table itself, write a line for each row, in pandas by ' +
      'to_json(FILE, orient="records", lines=True).',
  );
}

/** The first line with more bytes than a row may have; undefined where rows are not lines. */
async function longLine(file: string): Promise<number | undefined> {
  let [line, length] = [1, 0];
  for await (const bytes of textBytes(file)) {
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      if (length + end - from > LONGEST_ROW) return line;
      from = end + 1;
      length = 0;
      line++;
    }
    length += bytes.length - from;
    if (length > LONGEST_ROW) return line;
  }
  return undefined;
}
