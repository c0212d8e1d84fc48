import {cartesianProduct} from '../../cartesian_product';
import {digitsOf} from '../../mixed_radix';
import type {CoarseField, Groups} from './coarse_field';
import type {IdColumns} from './id_columns';

/** Cells up to which their numbers are kept in an array. */
const MOST_IN_ARRAY = 1 << 20;

/** The cells of some fields on one level: combinations of their groups that rows have, counted from 1. */
export class Cells {
  private readonly groups: readonly Groups[];
  private readonly numbers: Int32Array | Map<number, number>;
  /** Key of each cell: the group of the first field * groups of the second + its group, and so on. */
  private readonly keys: number[] = [];

  constructor(
    private readonly fields: readonly CoarseField[],
    level: number,
  ) {
    this.groups = fields.map(({levels}) => levels[level]);
    const most = this.groups.reduce((product, {size}) => product * size, 1);
    this.numbers = most <= MOST_IN_ARRAY ? new Int32Array(most) : new Map();
  }

  /** Cells that were found, and one for all others. */
  get size(): number {
    return this.keys.length + 1;
  }

  /** The cell of one id of each field; 0 where no row had it. */
  of(ids: readonly number[]): number {
    return this.at(this.groups.reduce((key, {size, of}, f) => key * size + of[ids[f]], 0));
  }

  /** The cell of each row. */
  ofRows(rows: IdColumns): Int32Array {
    const keys = this.keysOf(rows);
    const cells = new Int32Array(keys.length);
    for (let row = 0; row < cells.length; row++) cells[row] = this.at(keys[row]);
    return cells;
  }

  /** Return the cell of each row, after adding the cells that are new. */
  addRows(rows: IdColumns): Int32Array {
    const keys = this.keysOf(rows);
    const cells = new Int32Array(keys.length);
    for (let row = 0; row < cells.length; row++) cells[row] = this.at(keys[row]) || this.add(keys[row]);
    return cells;
  }

  /** Number of combinations of one id per field that belong to a cell. */
  get combinationCount(): number {
    const members = this.groups.map(groups => membersOf(groups).map(({length}) => length));
    return this.keys.reduce(
      (sum, key) => sum + this.groupsOf(key).reduce((product, group, f) => product * members[f][group], 1),
      0,
    );
  }

  /** All choices of one id of each field that are in a cell, in ascending order. */
  *combinations(): Generator<number[]> {
    const [first, ...others] = this.groups;
    const members = others.map(membersOf);
    const sizes = others.map(({of}) => of.length);
    // For each group of the first field the ids of the others, as one number that has their order.
    const partners = new Map<number, number[]>();
    for (const key of this.keys) {
      const [group, ...rest] = this.groupsOf(key);
      if (!partners.has(group)) partners.set(group, []);
      for (const code of codesOf(
        rest.map((id, f) => members[f][id]),
        others,
      ))
        partners.get(group)!.push(code);
    }
    partners.forEach(codes => codes.sort((a, b) => a - b));
    for (let a = 0; a < first.of.length; a++)
      for (const code of partners.get(first.of[a]) ?? []) yield [a, ...digitsOf(code, sizes)];
  }

  /** The group of each field of a cell. */
  private groupsOf(key: number): number[] {
    return digitsOf(
      key,
      this.groups.map(({size}) => size),
    );
  }

  /** The key of each row's cell. */
  private keysOf(rows: IdColumns): Int32Array | Float64Array {
    const columns = this.fields.map(({column}) => rows.of(column));
    const keys = new (this.numbers instanceof Map ? Float64Array : Int32Array)(columns[0].length);
    this.groups.forEach(({size, of}, f) => {
      const ids = columns[f];
      for (let row = 0; row < keys.length; row++) keys[row] = keys[row] * size + of[ids[row]];
    });
    return keys;
  }

  private add(key: number): number {
    const cell = this.keys.push(key);
    if (this.numbers instanceof Map) this.numbers.set(key, cell);
    else this.numbers[key] = cell;
    return cell;
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

/** Every choice of one id of each list, as one number: the first id * ids of the second field + the second id. */
function codesOf(lists: readonly number[][], fields: readonly Groups[]): number[] {
  return cartesianProduct(lists).map(ids => ids.reduce((code, id, f) => code * fields[f].of.length + id, 0));
}

/** The levels of fields on which one has other groups than on the level before. */
export function levelsOf(fields: readonly CoarseField[]): number[] {
  return [...fields[0].levels.keys()].filter(
    level => level === 0 || fields.some(({levels}) => levels[level].size !== levels[level - 1].size),
  );
}
