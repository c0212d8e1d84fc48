import {columnCount, type FieldSpec} from '../../layers/field_layout';
import type {Interaction} from '../interactions';
import type {IdRows} from './id_rows';

/** Which row has which group. A row of one-hot fields has one entry, others may have several or none. */
export interface Entries {
  row: Int32Array;
  /** -1 for a combination that the training rows do not have. */
  group: Int32Array;
}

/** Most (group, value) cells that are looked up in an array, which is faster than a map. */
const ARRAY_CELLS = 1 << 22;

/** One field of a group: how the groups of the fields before it and its values form new ones. */
interface Fold {
  start: number;
  width: number;
  size: number;
  /** From before * size + value to the group of both. */
  numbers: Map<number, number> | Int32Array;
  /** The way back. */
  before: number[];
  value: number[];
}

/**
 * The combinations of values of some fields that training rows have, numbered as they come. With multi-hot fields a row
 * has each combination that its values form, once.
 *
 * Groups are folded field by field. Their numbers stay below the number of entries, so that before * size + value is
 * exact however large the fields are.
 */
export class ValueGroups {
  /** The training rows' own. */
  readonly entries: Entries;
  private readonly folds: Fold[] = [];
  private readonly columns: number;

  constructor(fields: readonly FieldSpec[], interaction: Interaction, {ids, labels}: IdRows) {
    this.columns = columnCount(fields);
    let entries = everyRow(labels.length);
    let count = 1;
    for (const f of interaction) {
      const {size, width = 1} = fields[f];
      const start = columnCount(fields.slice(0, f));
      const numbers = count * size <= ARRAY_CELLS ? new Int32Array(count * size).fill(-1) : new Map<number, number>();
      const fold = {start, width, size, numbers, before: [], value: []};
      entries = this.apply(fold, ids, entries, true);
      this.folds.push(fold);
      count = fold.value.length;
    }
    this.entries = entries;
  }

  get count(): number {
    return this.folds[this.folds.length - 1].value.length;
  }

  /** The values of a group, one for each field. */
  valuesOf(group: number): number[] {
    const values: number[] = [];
    for (let k = this.folds.length - 1; k >= 0; k--) {
      values.unshift(this.folds[k].value[group]);
      group = this.folds[k].before[group];
    }
    return values;
  }

  /** The entries of other rows. */
  entriesOf({ids, labels}: IdRows): Entries {
    return this.folds.reduce((entries, fold) => this.apply(fold, ids, entries, false), everyRow(labels.length));
  }

  private apply(fold: Fold, ids: ArrayLike<number>, {row, group}: Entries, add: boolean): Entries {
    const {start, width} = fold;
    const {columns} = this;
    const rows = new Int32Array(row.length * width);
    const groups = new Int32Array(row.length * width);
    let count = 0;
    for (let e = 0; e < row.length; e++) {
      const from = row[e] * columns + start;
      for (let c = from; c < from + width; c++) {
        const id = ids[c];
        if (id < 0 || (width > 1 && seen(ids, from, c))) continue;
        rows[count] = row[e];
        groups[count++] = group[e] < 0 ? -1 : numberOf(fold, group[e], id, add);
      }
    }
    return {row: rows.subarray(0, count), group: groups.subarray(0, count)};
  }
}

function everyRow(rows: number): Entries {
  return {row: new Int32Array(rows).map((_, i) => i), group: new Int32Array(rows)};
}

/** Tell whether a column in [from, column) holds the same id as `column`. */
function seen(ids: ArrayLike<number>, from: number, column: number): boolean {
  for (let c = from; c < column; c++) if (ids[c] === ids[column]) return true;
  return false;
}

function numberOf({size, numbers, before, value}: Fold, group: number, id: number, add: boolean): number {
  const key = group * size + id;
  const isMap = numbers instanceof Map;
  const known = isMap ? (numbers.get(key) ?? -1) : numbers[key];
  if (known >= 0 || !add) return known;
  const next = value.length;
  if (isMap) numbers.set(key, next);
  else numbers[key] = next;
  before.push(group);
  value.push(id);
  return next;
}
