import path from 'node:path';
import {AutofisError} from '../../errors';
import type {Source} from '../sources/source';

/** Whether an error of DuckDB says that the disk is full. */
export const isDiskFull = ({message}: Error) => /No space left|disk.*full|could not write|ENOSPC/i.test(message);

/** The error of a source that cannot be read: our own stays; that of DuckDB does not always name a file. */
export function readError(where: string, error: Error, source: Source): AutofisError {
  if (error instanceof AutofisError) return error;
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
  const place = unnamed
    ? ` (${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''})`
    : '';
  const problem = full ? 'the disk is full' : 'the source cannot be read';
  const cure = full ? '\nFree some space, or choose another folder.' : '';
  return new AutofisError(`${where}: ${problem}${place}: ${message}${cure}`);
}
