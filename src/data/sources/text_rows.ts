import {RecordScanner, type TextRecord} from './record_scanner';
import type {TextForm} from './row_values';
import {textBytes} from './text_bytes';

/** Bytes of a file that are read at a time where only its first row is wanted. */
const START = 2 ** 16;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Read the rows of a file of text with separators, a block at a time.
 * @param width Number of columns; if it is unknown, rows of any width are sound.
 * @returns blocks of rows. A block is to be used up before the next one, and the bytes of a row before the next row.
 * @throws Error if the file cannot be read or is damaged.
 */
export async function* recordBlocks(
  file: string,
  form: TextForm,
  width?: number,
): AsyncGenerator<Iterable<TextRecord>> {
  const scanner = new RecordScanner(form, width);
  for await (const bytes of textBytes(file)) yield scanner.records(bytes, false);
  yield scanner.records(Buffer.alloc(0), true);
}

/**
 * The first row of a file; undefined without one.
 * @throws AutofisError where `rowsOf` does.
 */
export async function firstRow(file: string, form: TextForm): Promise<TextRecord | undefined> {
  const scanner = new RecordScanner(form);
  for await (const bytes of textBytes(file, START)) {
    for (const row of scanner.records(bytes, false)) return row;
  }
  for (const row of scanner.records(Buffer.alloc(0), true)) return row;
  return undefined;
}

/**
 * Tell whether a file has a \r without a \n behind it. There DuckDB may lose rows of a file whose lines end in \r\n.
 */
export async function hasLoneReturn(file: string): Promise<boolean> {
  let isOpen = false;
  for await (const bytes of textBytes(file)) {
    if (isOpen && bytes[0] !== LINE_FEED) return true;
    for (let at = bytes.indexOf(CARRIAGE_RETURN); at >= 0; at = bytes.indexOf(CARRIAGE_RETURN, at + 1)) {
      if (at + 1 < bytes.length && bytes[at + 1] !== LINE_FEED) return true;
    }
    isOpen = bytes.at(-1) === CARRIAGE_RETURN;
  }
  return isOpen;
}
