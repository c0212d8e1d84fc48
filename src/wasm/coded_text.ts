import {CODED_TEXT_BINARY} from './coded_text_binary';
import {decoded} from './decoded';
import {growTo} from './memory';

/** Pages of 2 GB, so that every position is a positive int32. */
const MOST_PAGES = 2 ** 15;
const LINE_END = 10;
/** Results of `parse` in coded_text.wat, which describes them. */
const UNEVEN = 1;
const FULL = 2;
/** Number of integers that describe a column in coded_text.wat, and their positions. */
const NUMBERS = 9;
const [TABLE, MASK, COUNT, GROWS_AT, CODES, NEXT, SIZE] = [0, 1, 3, 4, 5, 6, 8];
/** Bytes of a slot of a table. */
const SLOT = 16;
/** Slots to begin with; their number grows fourfold, so that at most half of them are taken. */
const FIRST_SLOTS = 2 ** 10;
/** Bytes for long values to begin with. */
const FIRST_ROOM = 2 ** 12;
/** Bytes that may be read behind a text. */
const BEHIND = 16;
/** Bytes of a value that are its key, and the last one of the key of a longer value. */
const KEY = 8;
const LONG = 255;

interface CodedTextModule {
  from: WebAssembly.Global<'i32'>;
  row: WebAssembly.Global<'i32'>;
  column: WebAssembly.Global<'i32'>;
  parse(first: number, last: number, separator: number, end: number): number;
  move(from: number, end: number, table: number, mask: number, shift: number): void;
}

/** A column of texts: each different one once, and which one each row has. */
export interface CodedColumn {
  values: string[];
  /** For each row 1 + the position of its text, 0 where it is empty. */
  codes: Int32Array;
}

/**
 * Turns lines of text in UTF-8, without the character 0, into codes, column by column, by coded_text.wat on a memory of
 * its own: the text itself, a hash table and the codes of each column. Where that would exceed 2 GB, methods throw
 * RangeError.
 */
export class CodedText {
  private readonly memory = new WebAssembly.Memory({initial: 1, maximum: MOST_PAGES});
  private readonly module: CodedTextModule;
  /** The first byte of the memory that is free. */
  private free = SLOT;
  /** Where the descriptions of the columns begin, as an index of 32-bit numbers. */
  private readonly columns: number;
  /** Where the text that waits begins, and the bytes that there is room for. */
  private text = 0;
  private capacity = 0;
  private length = 0;
  /** Rows for which there is room. */
  private rowsRoom = 0;

  /** @param wanted For each column whether it is kept. */
  constructor(
    private readonly separator: number,
    private readonly wanted: readonly boolean[],
    expectedRows: number,
  ) {
    const module = new WebAssembly.Module(decoded(CODED_TEXT_BINARY.plain));
    const {exports} = new WebAssembly.Instance(module, {env: {memory: this.memory}});
    this.module = exports as unknown as CodedTextModule;
    this.columns = this.take(4 * NUMBERS * wanted.length) / 4;
    this.module.column.value = 4 * this.columns;
    for (const column of this.kept()) {
      const table = this.take(SLOT * FIRST_SLOTS);
      this.describe(column, table, FIRST_SLOTS);
      this.numbers()[column + COUNT] = 1;
    }
    this.reserve(expectedRows);
  }

  /** Rows so far. */
  get rows(): number {
    return this.module.row.value;
  }

  /** Bytes of the text that waits to be parsed. */
  get waiting(): number {
    return this.length;
  }

  /** Different texts of all columns, the empty one of each included. */
  get count(): number {
    return this.sum(COUNT);
  }

  /** Bytes of all different texts. */
  get size(): number {
    return this.sum(SIZE);
  }

  /** Add to the text that waits, all of which is returned: valid until the next call. */
  append(piece: Uint8Array): Buffer {
    const length = this.length + piece.length;
    if (length > this.capacity) {
      const text = this.take(2 * length + BEHIND);
      Buffer.from(this.memory.buffer).copyWithin(text, this.text, this.text + this.length);
      this.text = text;
      this.capacity = 2 * length;
    }
    const all = Buffer.from(this.memory.buffer, this.text, length);
    all.set(piece, this.length);
    this.length = length;
    return all;
  }

  /**
   * Take whole lines off the text that waits, from a byte on.
   * @param end Behind the end of the last one.
   * @returns Whether each has all columns, and is not empty.
   */
  parse(begin: number, end: number): boolean {
    const {module, text, wanted, columns} = this;
    // A line has at least a byte after each value.
    this.reserve(this.rows + Math.ceil((end - begin) / wanted.length));
    module.from.value = text + begin;
    const last = columns + NUMBERS * (wanted.length - 1);
    let result: number;
    do {
      result = module.parse(4 * columns, 4 * last, this.separator, text + end);
      if (result === FULL) this.grow(module.column.value / 4);
    } while (result === FULL);
    new Uint8Array(this.memory.buffer).copyWithin(text, text + end, text + this.length);
    this.length -= end;
    return result !== UNEVEN;
  }

  /**
   * One of the columns that are kept. Its codes are valid until the next call of another method; they keep all of the
   * memory.
   */
  column(i: number): CodedColumn {
    const numbers = this.numbers();
    const column = this.columns + NUMBERS * i;
    return {values: this.values(column), codes: new Int32Array(this.memory.buffer, numbers[column + CODES], this.rows)};
  }

  private values(column: number): string[] {
    const numbers = this.numbers();
    const bytes = Buffer.from(this.memory.buffer);
    const values = Array<string>(numbers[column + COUNT] - 1);
    const table = numbers[column + TABLE];
    for (let at = table; at <= table + numbers[column + MASK]; at += SLOT) {
      const code = numbers[(at + KEY) / 4];
      if (code === 0) continue;
      const isLong = bytes[at + KEY - 1] === LONG;
      const kept = numbers[at / 4 + 3];
      const from = isLong ? kept + 4 : at;
      const length = isLong ? bytes.readInt32LE(kept) : lengthOf(bytes, at);
      values[code - 1] = bytes.toString('utf8', from, from + length);
    }
    return values;
  }

  /** Descriptions of the columns that are kept, as indices of 32-bit numbers. */
  private kept(): number[] {
    return this.wanted.flatMap((isWanted, i) => (isWanted ? [this.columns + NUMBERS * i] : []));
  }

  private sum(of: number): number {
    const numbers = this.numbers();
    return this.kept().reduce((sum, column) => sum + numbers[column + of], 0);
  }

  /** The memory, until it grows. */
  private numbers(): Int32Array {
    return new Int32Array(this.memory.buffer);
  }

  /** The place of new bytes, all 0. */
  private take(bytes: number): number {
    const place = this.free;
    this.free = SLOT * Math.ceil((place + bytes) / SLOT);
    growTo(this.memory, this.free);
    return place;
  }

  private describe(column: number, table: number, slots: number): void {
    this.numbers().set([table, SLOT * (slots - 1), 64 - Math.log2(slots)], column + TABLE);
    this.numbers()[column + GROWS_AT] = slots / 2;
  }

  /** Make room for the next value of a column. */
  private grow(column: number): void {
    const [table, mask, , count, growsAt, , , , size] = this.numbers().subarray(column, column + NUMBERS);
    if (count === growsAt) {
      const slots = 4 * (mask / SLOT + 1);
      const larger = this.take(SLOT * slots);
      this.describe(column, larger, slots);
      const [, newMask, shift] = this.numbers().subarray(column);
      this.module.move(table, table + mask + SLOT, larger, newMask, shift);
      return;
    }
    const bytes = Math.max(FIRST_ROOM, size, 4 + this.valueLength());
    const place = this.take(bytes + BEHIND);
    this.numbers().set([place, place + bytes], column + NEXT);
  }

  /** Length of the value that is parsed next. */
  private valueLength(): number {
    const bytes = new Uint8Array(this.memory.buffer);
    const from = this.module.from.value;
    let to = from;
    while (bytes[to] !== this.separator && bytes[to] !== LINE_END) to++;
    return to - from;
  }

  private reserve(rows: number): void {
    if (rows <= this.rowsRoom) return;
    const count = this.rowsRoom === 0 ? rows : 2 * rows;
    for (const column of this.kept()) {
      const place = this.take(4 * count);
      const numbers = this.numbers();
      const old = numbers[column + CODES] / 4;
      numbers.copyWithin(place / 4, old, old + this.rows);
      numbers[column + CODES] = place;
    }
    this.rowsRoom = count;
  }
}

/** Bytes of a text of at most eight. */
function lengthOf(bytes: Buffer, at: number): number {
  let length = 0;
  while (length < KEY && bytes[at + length] !== 0) length++;
  return length;
}
