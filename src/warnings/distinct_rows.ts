import {mixBlock} from '../murmur3';

/** Rows of numbers, row-major. */
export interface NumberRows {
  values: ArrayLike<number>;
  rows: number;
  columns: number;
}

/** Find the positions, rising, of the rows that equal no earlier one. */
export function firstOccurrences(table: NumberRows): Int32Array {
  return new RowIndex(table).first.filter((first, row) => first === row);
}

/** Rows that are found by their values. */
export class RowIndex {
  /** Index, for each row, of the first row that equals it. */
  readonly first: Int32Array;
  /** Rows by the hash of their values, with open addressing; -1 is free. */
  private readonly slots: Int32Array;

  constructor(private readonly table: NumberRows) {
    const {values, rows, columns} = table;
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * rows + 1))).fill(-1);
    this.first = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      const slot = this.slotOf(values, row * columns);
      if (this.slots[slot] < 0) this.slots[slot] = row;
      this.first[row] = this.slots[slot];
    }
  }

  /** The first row that equals the one of `values` that begins at `from`; -1 where none does. */
  find(values: ArrayLike<number>, from: number): number {
    return this.slots[this.slotOf(values, from)];
  }

  private slotOf(values: ArrayLike<number>, from: number): number {
    const {
      slots,
      table: {columns},
    } = this;
    let hash = 0;
    for (let j = 0; j < columns; j++) hash = mixBlock(hash, codeOf(values[from + j]));
    let slot = (hash ^ (hash >>> 16)) & (slots.length - 1);
    while (slots[slot] >= 0 && !this.isEqual(slots[slot], values, from)) slot = (slot + 1) & (slots.length - 1);
    return slot;
  }

  private isEqual(row: number, values: ArrayLike<number>, from: number): boolean {
    const {table} = this;
    for (let j = 0, at = row * table.columns; j < table.columns; j++)
      if (table.values[at + j] !== values[from + j]) return false;
    return true;
  }
}

/** An integer of a value: of ids the id. */
function codeOf(value: number): number {
  return (value | 0) === value ? value : (value * 2 ** 20) | 0;
}
