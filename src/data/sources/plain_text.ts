import {isUtf8} from 'node:buffer';
import {ByteCodes} from './byte_codes';
import type {ResolvedFiles} from './resolve_files';
import {textBytes} from './text_bytes';

const LINE_END = 10;
const BYTE_ORDER_MARK = '\ufeff';
/** Most bytes of a line. */
const LONGEST_LINE = 2 ** 20;

/** How much is read. */
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

/** A column of texts: each different one once, and which one each row has. */
export interface CodedColumn {
  values: string[];
  /** For each row 1 + the position of its text, 0 where it is empty. */
  codes: Int32Array;
}

/**
 * Read text in which nothing is out of the ordinary: UTF-8, one byte between columns, lines that end in \n alone and
 * have all columns, no quotes. Anything else is for a reader that knows what to do about it: then the result is
 * undefined, as it is behind the limits and where a file cannot be read.
 * @param wanted Names of the columns that are kept.
 * @param expectedRows Rows for which there is room from the beginning.
 * @param onRows Called with the number of rows so far.
 */
export async function readPlainText(
  {files, separator, quote, header}: ResolvedFiles,
  names: readonly string[],
  wanted: readonly string[],
  expectedRows: number,
  limits: PlainLimits,
  onRows: (rows: number) => void,
): Promise<PlainTable | undefined> {
  if (Buffer.byteLength(separator) !== 1 || files.some(file => /\.zst$/i.test(file))) return undefined;
  const parser = new PlainParser(
    separator.charCodeAt(0),
    names.map(name => (wanted.includes(name) ? new ByteCodes() : undefined)),
    expectedRows,
  );
  const fits = () =>
    parser.rows * wanted.length <= limits.cells &&
    parser.sum('count') <= limits.texts &&
    parser.sum('size') <= limits.bytes;
  const starts: number[] = [];
  for (const file of files) {
    starts.push(parser.rows);
    let rest: Buffer = Buffer.alloc(0);
    let isFirst = true;
    const take = (lines: Buffer) => {
      if (lines.length === 0) return true;
      if (!isPlain(lines, quote, isFirst)) return false;
      const begin = isFirst && header ? lines.indexOf(LINE_END) + 1 : 0;
      isFirst = false;
      return parser.parse(lines, begin) && fits();
    };
    for await (const piece of piecesOf(file)) {
      if (piece === null) return undefined;
      // Of the piece only the line that began in the one before is copied.
      const first = piece.indexOf(LINE_END) + 1;
      const end = piece.lastIndexOf(LINE_END) + 1;
      if (first > 0 && (!take(Buffer.concat([rest, piece.subarray(0, first)])) || !take(piece.subarray(first, end))))
        return undefined;
      rest = end === 0 ? Buffer.concat([rest, piece]) : piece.subarray(end);
      if (rest.length > LONGEST_LINE) return undefined;
      onRows(parser.rows);
    }
    if (rest.length > 0 && !take(Buffer.concat([rest, Buffer.of(LINE_END)]))) return undefined;
  }
  return {rows: parser.rows, starts, columns: new Map(wanted.map(name => [name, parser.column(names.indexOf(name))]))};
}

/** Whether lines are UTF-8 without quotes, carriage returns and zeros; the first of a file without a mark, too. */
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

/** Turns lines into codes, column by column. */
class PlainParser {
  rows = 0;
  private readonly codes: Array<Int32Array | undefined>;

  /** @param columns The texts of each column, undefined for one that is not wanted. */
  constructor(
    private readonly separator: number,
    private readonly columns: ReadonlyArray<ByteCodes | undefined>,
    expectedRows: number,
  ) {
    this.codes = columns.map(column => column && new Int32Array(expectedRows));
  }

  /** Different texts of all columns: how many, or how many bytes they have. */
  sum(of: 'count' | 'size'): number {
    return this.columns.reduce((sum, column) => sum + (column?.[of] ?? 0), 0);
  }

  /** One of the wanted columns. */
  column(i: number): CodedColumn {
    return {values: this.columns[i]!.values(), codes: this.codes[i]!.subarray(0, this.rows)};
  }

  /** Take whole lines, from a byte on. False if one of them has more or fewer columns, or is empty. */
  parse(lines: Buffer, begin: number): boolean {
    const {separator, columns} = this;
    const width = columns.length;
    // A line has at least a byte after each value.
    this.reserve(this.rows + Math.ceil((lines.length - begin) / width));
    const {codes} = this;
    let {rows: row} = this;
    let from = begin;
    let i = 0;
    let texts = columns[0];
    // The last eight bytes, as a key of the text.
    let low = 0;
    let high = 0;
    for (let at = begin; at < lines.length; at++) {
      const byte = lines[at];
      if (byte !== separator && byte !== LINE_END) {
        high = (high << 8) | (low >>> 24);
        low = (low << 8) | byte;
        continue;
      }
      if (texts !== undefined) codes[i]![row] = at === from ? 0 : texts.codeOf(lines, from, at, low, high);
      if (byte === LINE_END) {
        if (i !== width - 1 || (width === 1 && at === from)) return false;
        i = 0;
        row++;
      } else if (++i === width) {
        return false;
      }
      from = at + 1;
      low = high = 0;
      texts = columns[i];
    }
    this.rows = row;
    return true;
  }

  private reserve(rows: number): void {
    this.codes.forEach((old, i) => {
      if (old === undefined || old.length >= rows) return;
      const codes = new Int32Array(2 * rows);
      codes.set(old);
      this.codes[i] = codes;
    });
  }
}
