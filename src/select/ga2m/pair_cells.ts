import type {CoarseField, Groups} from './coarse_field';

/** Cells up to which their numbers are kept in an array. */
const MOST_IN_ARRAY = 1 << 20;

/** The cells of a pair of fields on one level: combinations of their groups that rows have, counted from 1. */
export class PairCells {
  readonly left: Groups;
  readonly right: Groups;
  private readonly numbers: Int32Array | Map<number, number>;
  /** What each cell is: left group * right groups + right group. */
  private readonly keys: number[] = [];

  constructor(
    private readonly pair: readonly [CoarseField, CoarseField],
    level: number,
  ) {
    [this.left, this.right] = pair.map(({levels}) => levels[level]);
    const most = this.left.size * this.right.size;
    this.numbers = most <= MOST_IN_ARRAY ? new Int32Array(most) : new Map();
  }

  /** Cells that were found, and one for all others. */
  get size(): number {
    return this.keys.length + 1;
  }

  /** The cell of two ids; 0 where no row had it. */
  of(a: number, b: number): number {
    return this.at(this.left.of[a] * this.right.size + this.right.of[b]);
  }

  /** The cell of each row. */
  ofRows(ids: Int32Array, columns: number): Int32Array {
    return this.each(ids, columns, key => this.at(key));
  }

  /** The same, for rows that may have new cells. */
  addRows(ids: Int32Array, columns: number): Int32Array {
    return this.each(ids, columns, key => {
      const known = this.at(key);
      if (known > 0) return known;
      const cell = this.keys.push(key);
      if (this.numbers instanceof Map) this.numbers.set(key, cell);
      else this.numbers[key] = cell;
      return cell;
    });
  }

  /** All pairs of ids that are in a cell, in ascending order. */
  *combinations(): Generator<[a: number, b: number]> {
    const {left, right, keys} = this;
    const members = membersOf(right);
    const partners = new Map<number, number[]>();
    for (const key of keys) {
      const group = Math.floor(key / right.size);
      if (!partners.has(group)) partners.set(group, []);
      for (const id of members[key % right.size]) partners.get(group)!.push(id);
    }
    partners.forEach(ids => ids.sort((a, b) => a - b));
    for (let a = 0; a < left.of.length; a++) for (const b of partners.get(left.of[a]) ?? []) yield [a, b];
  }

  private each(ids: Int32Array, columns: number, of: (key: number) => number): Int32Array {
    const [i, j] = this.pair.map(({column}) => column);
    const cells = new Int32Array(ids.length / columns);
    for (let row = 0, at = 0; row < cells.length; row++, at += columns)
      cells[row] = of(this.left.of[ids[at + i]] * this.right.size + this.right.of[ids[at + j]]);
    return cells;
  }

  private at(key: number): number {
    const {numbers} = this;
    return numbers instanceof Map ? (numbers.get(key) ?? 0) : numbers[key];
  }
}

/** The ids of each group. */
function membersOf({size, of}: Groups): number[][] {
  const members = Array.from({length: size}, (): number[] => []);
  of.forEach((group, id) => members[group].push(id));
  return members;
}

/** The levels of a pair that differ from the one before. */
export function levelsOf([left, right]: readonly [CoarseField, CoarseField]): number[] {
  return [...left.levels.keys()].filter(
    level =>
      level === 0 ||
      left.levels[level].size !== left.levels[level - 1].size ||
      right.levels[level].size !== right.levels[level - 1].size,
  );
}
