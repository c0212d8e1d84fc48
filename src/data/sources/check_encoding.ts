import {closeSync, openSync, readSync} from 'node:fs';
import {AutofisError} from '../../errors';

/** Marks at the beginning of text in UTF-16 and UTF-32. */
const OTHER_MARKS = ['fffe', 'feff', '0000feff'];

/** Check that no file of text declares another encoding than UTF-8. */
export function checkEncoding(where: string, file: string): void {
  const start = Buffer.alloc(4);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, start, 0, 4, 0);
  } finally {
    closeSync(descriptor);
  }
  if (OTHER_MARKS.some(mark => start.toString('hex').startsWith(mark)))
    throw new AutofisError(`${where}: ${file} is in UTF-16 or UTF-32. Save it as UTF-8.`);
}
