import {columnCount, type FieldSpec} from '../../layers/field_layout';
import type {Interaction} from '../interactions';
import {rowCounts} from '../metrics/row_weights';
import type {IdRows} from './id_rows';

/** Groups of some fields, each made of a group of the fields before it and a value of the last. */
interface Fold {
  before: number[];
  value: number[];
}

/**
 * The combinations of values of some fields that rows have, numbered as they come. With multi-hot fields a row has each
 * combination that its values form, once.
 *
 * Groups are folded field by field. Their numbers stay below the number of entries, so that before * size + value is
 * exact however large the fields are.
 */
export class ValueGroups {
  private readonly folds: Fold[] = [];
  /** Pairs of a row and a group that it has. */
  private rows: number[];
  private groups: number[];
  /** Weight of each row, 1 on average; absent without weights. */
  private readonly counts?: Float64Array;

  constructor(fields: readonly FieldSpec[], interaction: Interaction, {ids, labels, weights}: IdRows) {
    this.rows = Array.from(labels, (_, row) => row);
    this.groups = this.rows.map(() => 0);
    if (weights !== undefined) this.counts = rowCounts(weights);
    for (const f of interaction) this.fold(ids, fields, f);
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

  /** Sum a value over the rows of each group, each row by its weight, in units of the mean weight. */
  sums(value: (row: number) => number): Float64Array {
    const sums = new Float64Array(this.folds[this.folds.length - 1].value.length);
    this.rows.forEach((row, e) => (sums[this.groups[e]] += (this.counts?.[row] ?? 1) * value(row)));
    return sums;
  }

  private fold(ids: ArrayLike<number>, fields: readonly FieldSpec[], f: number): void {
    const {size, width = 1} = fields[f];
    const [columns, start] = [columnCount(fields), columnCount(fields.slice(0, f))];
    const [rows, groups]: number[][] = [[], []];
    const fold: Fold = {before: [], value: []};
    const numbers = new Map<number, number>();
    this.rows.forEach((row, e) => {
      const from = row * columns + start;
      const values = width === 1 ? [ids[from]] : new Set(Array.from({length: width}, (_, k) => ids[from + k]));
      for (const id of values) {
        if (id < 0) continue;
        const key = this.groups[e] * size + id;
        let number = numbers.get(key);
        if (number === undefined) {
          number = fold.value.length;
          numbers.set(key, number);
          fold.before.push(this.groups[e]);
          fold.value.push(id);
        }
        rows.push(row);
        groups.push(number);
      }
    });
    [this.rows, this.groups] = [rows, groups];
    this.folds.push(fold);
  }
}
