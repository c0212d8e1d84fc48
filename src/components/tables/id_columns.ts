import type {IdTable} from '../linear/ridge_regression';

/** The ids of rows column by column, those that are asked for: rows of a thousand columns are far apart in memory. */
export class IdColumns {
  private readonly ids: Int32Array;
  private readonly width: number;
  private readonly taken = new Map<number, Int32Array>();

  constructor({ids, labels}: Pick<IdTable, 'ids' | 'labels'>) {
    this.ids = ids;
    this.width = ids.length / labels.length;
  }

  /** The ids of one column of the rows. */
  of(column: number): Int32Array {
    const known = this.taken.get(column);
    if (known !== undefined) return known;
    const ids = new Int32Array(this.ids.length / this.width);
    for (let row = 0, at = column; row < ids.length; row++, at += this.width) ids[row] = this.ids[at];
    this.taken.set(column, ids);
    return ids;
  }
}
