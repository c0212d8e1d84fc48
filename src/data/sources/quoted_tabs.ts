import type {TextRecord} from './record_scanner';
import {splitRow} from './row_values';
import {textBytes} from './text_bytes';
import {recordBlocks} from './text_rows';

const FORM = {separator: '\t', quote: '"'};
/** Bytes of a file in which the first quote is looked for: of long files without quotes only these are read twice. */
const START = 2 ** 24;
/** A value that begins with a quote. */
const OPENING = /(?:^|[\t\n\r])"/;
/** A quoted value with quotes in it, which are doubled. */
const DOUBLED = /(?:^|\t)"(?:[^"]|"")*""(?:[^"]|"")*"(?:\t|$)/;
/** A row of quoted values alone. */
const ALL_QUOTED = /^"[^"]*"(?:\t"[^"]*")*$/;

/**
 * Tell whether tab-separated files quote values as CSV does. At least one value holds a tab, a line end or doubled
 * quotes, or the first row is all quoted; and each value that begins with a quote ends with one. Otherwise quotes are
 * part of the text.
 */
export async function quotesTabs(files: readonly string[]): Promise<boolean> {
  let isShown = false;
  try {
    for (const file of files) {
      if (!(await opensQuote(file))) continue;
      const shown = await showsQuotes(file);
      if (shown === null) return false;
      isShown ||= shown;
    }
  } catch {
    // The reader of the rows reports a file that cannot be read.
    return false;
  }
  return isShown;
}

async function opensQuote(file: string): Promise<boolean> {
  let read = 0;
  let last = '';
  for await (const bytes of textBytes(file)) {
    const text = bytes.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
    if (OPENING.test(read === 0 ? text : last + text)) return true;
    read += bytes.length;
    if (read >= START) return false;
    last = text.slice(-1);
  }
  return false;
}

/** Tell whether a file needs quotes to be read; null where its quotes cannot be those of CSV. */
async function showsQuotes(file: string): Promise<boolean | null> {
  let width: number | undefined;
  let isShown = false;
  for await (const block of recordBlocks(file, FORM)) {
    for (const record of block) {
      const isFirst = width === undefined;
      width ??= record.columns;
      if (!record.bytes.includes(FORM.quote)) continue;
      if (record.fault?.endsWith('quote') === true || record.columns !== width) return null;
      isShown ||= isEvidence(record, isFirst);
    }
  }
  return isShown;
}

function isEvidence({bytes}: TextRecord, isFirst: boolean): boolean {
  const row = bytes.toString();
  return (
    DOUBLED.test(row) || (isFirst && ALL_QUOTED.test(row)) || splitRow(row, FORM).some(value => /[\t\n\r]/.test(value))
  );
}
