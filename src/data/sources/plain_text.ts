import {isUtf8} from 'node:buffer';
import {type CodedColumn, CodedText} from '../../wasm/coded_text';
import type {ResolvedFiles} from './resolve_files';
import {textBytes} from './text_bytes';

const LINE_END = 10;
const BYTE_ORDER_MARK = '\ufeff';
/** Most bytes that wait for the end of their line. */
const LONGEST_LINE = 2 ** 20;

/** Limits on the text that is read. */
export interface PlainLimits {
  /** Most values: rows times columns. */
  cells: number;
  /** Most different texts, of all columns together. */
  texts: number;
  /** Most bytes of these. */
  bytes: number;
}

/** A table of text: its columns, and where the rows of each file begin. */
export interface PlainTable {
  rows: number;
  columns: ReadonlyMap<string, CodedColumn>;
  starts: number[];
}

/**
 * Read text in which nothing is out of the ordinary: UTF-8, one byte between columns, lines that end in \n alone and
 * have all columns, no quotes. Anything else is for a reader that knows what to do about it: then the result is
 * undefined, as it is behind the limits and where a file cannot be read.
 * @param wanted Names of the columns that are kept.
 * @param expectedRows Rows for which there is room from the beginning.
 * @param onRows Called with the number of rows so far.
 */
export async function readPlainText(...args: Parameters<typeof plainTable>): Promise<PlainTable | undefined> {
  try {
    return await plainTable(...args);
  } catch (error) {
    // The parser's memory is too small.
    if ((error as Error).name === 'RangeError') return undefined;
    throw error;
  }
}

async function plainTable(
  {files, separator, quote, header}: ResolvedFiles,
  names: readonly string[],
  wanted: readonly string[],
  expectedRows: number,
  limits: PlainLimits,
  onRows: (rows: number) => void,
): Promise<PlainTable | undefined> {
  if (Buffer.byteLength(separator) !== 1 || files.some(file => /\.zst$/i.test(file))) return undefined;
  const parser = new CodedText(
    separator.charCodeAt(0),
    names.map(name => wanted.includes(name)),
    expectedRows,
  );
  const fits = () =>
    parser.rows * wanted.length <= limits.cells && parser.count <= limits.texts && parser.size <= limits.bytes;
  const starts: number[] = [];
  for (const file of files) {
    starts.push(parser.rows);
    let isFirst = true;
    const take = (lines: Buffer) => {
      if (!isPlain(lines, quote, isFirst)) return false;
      const begin = isFirst && header ? lines.indexOf(LINE_END) + 1 : 0;
      isFirst = false;
      return parser.parse(begin, lines.length) && fits();
    };
    for await (const piece of piecesOf(file)) {
      if (piece === null) return undefined;
      const text = parser.append(piece);
      const end = text.lastIndexOf(LINE_END) + 1;
      if (text.length - end > LONGEST_LINE || (end > 0 && !take(text.subarray(0, end)))) return undefined;
      onRows(parser.rows);
    }
    // The last line may lack its end.
    if (parser.waiting > 0 && !take(parser.append(Buffer.of(LINE_END)))) return undefined;
  }
  return {rows: parser.rows, starts, columns: new Map(wanted.map(name => [name, parser.column(names.indexOf(name))]))};
}

/**
 * Tell whether lines are UTF-8 without quotes, carriage returns and zeros. The first lines of a file must also have no
 * byte order mark.
 */
function isPlain(lines: Buffer, quote: string | null, isFirst: boolean): boolean {
  const strangers = ['\0', '\r', ...(quote === null ? [] : [quote])];
  return (
    isUtf8(lines) &&
    !strangers.some(each => lines.includes(each)) &&
    !(isFirst && lines.subarray(0, 3).includes(BYTE_ORDER_MARK))
  );
}

/** The text of a file, decompressed; at last null if it cannot be read. */
async function* piecesOf(file: string): AsyncGenerator<Buffer | null> {
  try {
    yield* textBytes(file);
  } catch {
    yield null;
  }
}
