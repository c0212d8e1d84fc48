import {isUtf8} from 'node:buffer';
import {type TextForm, splitRow} from './row_values';

/** Most bytes of a row. */
export const LONGEST_ROW = 2 ** 24;
/** Bytes of a longer row that are kept for messages. */
const HEAD = 2 ** 10;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/** Why a row cannot be read. `open quote`: a quote has no end, so that the beginning of the next row is unknown. */
export type Fault = 'too few columns' | 'too many columns' | 'broken quote' | 'open quote' | 'not UTF-8' | 'too long';

/** A row of text as in its file. It takes several lines if a quoted value has line ends. */
export interface TextRecord {
  /** Number of its first line, from 1. */
  line: number;
  /** Its bytes without the line end, valid until the next row; of a row that is too long, the first ones. */
  bytes: Buffer;
  lineEnd: '\n' | '\r\n' | '\r' | '';
  columns: number;
  fault?: Fault;
}

/**
 * Where in a row the scanner is: at the beginning of a value, in one, after its closing quote, after text that
 * follows that.
 */
enum State {
  Start,
  Plain,
  Quoted,
  Closed,
  Broken,
}

/**
 * Splits bytes of text with separators into rows (RFC 4180). Each line may end in \n, \r\n or \r. Spaces around quotes
 * and empty values after the last column are ignored, as by DuckDB. Empty lines are skipped, unless there is
 * only one column.
 */
export class RecordScanner {
  private readonly separator: Buffer;
  private readonly quote: number | undefined;
  /** The row that has started, and the text after it. */
  private text: Buffer = Buffer.alloc(0);
  private isStarted = false;
  private line = 1;
  private begin = 0;
  /** Up to where the row was scanned. */
  private at = 0;
  private state = State.Start;
  private columns = 1;
  private hasQuotes = false;
  /** First bytes of a row that is too long, and the number of line ends in its dropped bytes. */
  private dropped?: {head: Buffer; breaks: number};

  /** @param width Number of columns; if it is unknown, rows of any width are sound. */
  constructor(
    private readonly form: TextForm,
    private readonly width?: number,
  ) {
    this.separator = Buffer.from(form.separator);
    this.quote = form.quote?.charCodeAt(0);
  }

  /** Yield the rows that end in the next bytes; with the last bytes, also the row after the last line end. */
  *records(bytes: Buffer, isLast: boolean): Generator<TextRecord> {
    this.text = this.text.length === 0 ? bytes : Buffer.concat([this.text, bytes]);
    if (!this.isStarted) {
      if (this.text.length < BYTE_ORDER_MARK.length && !isLast) return;
      if (this.text.indexOf(BYTE_ORDER_MARK) === 0) this.text = this.text.subarray(BYTE_ORDER_MARK.length);
      this.isStarted = true;
    }
    // Of all rows at once, which takes a fraction of the time.
    const isValid = isUtf8(this.text.subarray(0, this.text.lastIndexOf(LINE_FEED) + 1));
    while (this.reachesEnd(isLast)) {
      const record = this.record(isValid);
      if (record !== undefined) yield record;
      this.nextRow();
    }
    if (!isLast) this.keepRest();
    else if (this.at > this.begin || this.dropped !== undefined) yield this.record(false)!;
  }

  /** Go on to the end of the row. False if there are not enough bytes to tell. */
  private reachesEnd(isLast: boolean): boolean {
    const {text} = this;
    while (this.at < text.length) {
      if (this.state === State.Start) {
        this.openValue();
      } else if (this.state === State.Quoted) {
        if (!this.closesQuote(isLast)) return false;
      } else {
        if (this.state === State.Plain) this.skipPlain();
        const byte = text[this.at];
        const ahead = text.length - this.at;
        if (ahead === 0) return false;
        if (byte === LINE_FEED) return true;
        if (byte === CARRIAGE_RETURN) return ahead > 1 || isLast;
        if (byte === this.separator[0] && ahead < this.separator.length && !isLast) return false;
        this.passByte();
      }
    }
    return false;
  }

  private openValue(): void {
    const byte = this.text[this.at];
    if (byte === this.quote) {
      this.state = State.Quoted;
      this.hasQuotes = true;
      this.at++;
    } else if (byte === SPACE && this.separator[0] !== SPACE && this.quote !== undefined) {
      this.at++;
    } else {
      this.state = State.Plain;
    }
  }

  /** Continue after the next quote, or after two of them, which stand for one. */
  private closesQuote(isLast: boolean): boolean {
    const {text, quote} = this;
    const at = text.indexOf(quote!, this.at);
    this.at = at < 0 ? text.length : at;
    if (at < 0 || (at + 1 === text.length && !isLast)) return false;
    const isPair = text[at + 1] === quote;
    if (!isPair) this.state = State.Closed;
    this.at += isPair ? 2 : 1;
    return true;
  }

  /** Go on to the next byte that may end a value. */
  private skipPlain(): void {
    const {
      text,
      separator: [separator],
    } = this;
    const {length} = text;
    let {at} = this;
    while (at < length && text[at] !== separator && text[at] !== LINE_FEED && text[at] !== CARRIAGE_RETURN) at++;
    this.at = at;
  }

  /** Pass a separator, or a byte in or after a value. */
  private passByte(): void {
    const {text, separator, at} = this;
    const end = at + separator.length;
    if (this.state !== State.Broken && separator.compare(text, at, Math.min(end, text.length)) === 0) {
      this.columns++;
      this.at = end;
      this.state = State.Start;
      return;
    }
    if (this.state === State.Closed && text[at] !== SPACE) this.state = State.Broken;
    this.at++;
  }

  /** The row up to here; undefined for one that is skipped. */
  private record(isValid: boolean): TextRecord | undefined {
    const {text, begin, at, line, columns, dropped, width} = this;
    if (at === begin && dropped === undefined && width !== 1) return undefined;
    const bytes = dropped?.head ?? text.subarray(begin, at);
    return {line, bytes, lineEnd: lineEndAt(text, at), columns, fault: this.fault(isValid)};
  }

  private fault(isValid: boolean): Fault | undefined {
    const {text, begin, at, state, columns, dropped, width = columns} = this;
    if (state === State.Broken || state === State.Quoted) {
      return dropped !== undefined || breaksIn(text, begin, trimmedEnd(text, at)) > 0 ? 'open quote' : 'broken quote';
    }
    if (dropped !== undefined || at - begin > LONGEST_ROW) return 'too long';
    if (columns < width) return 'too few columns';
    const bytes = text.subarray(begin, at);
    if (!isValid && !isUtf8(bytes)) return 'not UTF-8';
    return columns > width &&
      splitRow(bytes.toString(), this.form)
        .slice(width)
        .some(value => value !== '')
      ? 'too many columns'
      : undefined;
  }

  /** Begin the row after the line end that was reached. */
  private nextRow(): void {
    const {text, at} = this;
    if (this.hasQuotes) this.line += (this.dropped?.breaks ?? 0) + breaksIn(text, this.begin, at);
    this.line++;
    this.begin = at + (text[at] === CARRIAGE_RETURN && text[at + 1] === LINE_FEED ? 2 : 1);
    this.at = this.begin;
    this.state = State.Start;
    this.columns = 1;
    this.hasQuotes = false;
    this.dropped = undefined;
  }

  /** Keep the row that has started, unless it is too long. */
  private keepRest(): void {
    const {text, begin, at} = this;
    if (at - begin > LONGEST_ROW) {
      // A line end is not cut in two.
      const end = at - 1;
      const {head, breaks} = this.dropped ?? {head: Buffer.from(text.subarray(begin, begin + HEAD)), breaks: 0};
      this.dropped = {head, breaks: breaks + breaksIn(text, begin, end)};
      this.begin = end;
    }
    this.text = Buffer.from(text.subarray(this.begin));
    this.at -= this.begin;
    this.begin = 0;
  }
}

/** Number of line ends. */
function breaksIn(text: Buffer, begin: number, end: number): number {
  let breaks = 0;
  for (let at = begin; at < end; at++) {
    if (text[at] === LINE_FEED || (text[at] === CARRIAGE_RETURN && text[at + 1] !== LINE_FEED)) breaks++;
  }
  return breaks;
}

/** The end of a text without its trailing line ends. */
function trimmedEnd(text: Buffer, end: number): number {
  let at = end;
  while (text[at - 1] === LINE_FEED || text[at - 1] === CARRIAGE_RETURN) at--;
  return at;
}

function lineEndAt(text: Uint8Array, at: number): TextRecord['lineEnd'] {
  if (text[at] === LINE_FEED) return '\n';
  if (text[at] !== CARRIAGE_RETURN) return '';
  return text[at + 1] === LINE_FEED ? '\r\n' : '\r';
}
