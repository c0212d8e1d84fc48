import {FieldLayout, FieldSpec} from '../../layers/field_layout';

/** X [n, V + 1] with an intercept in its last column, never formed: of each row its features and their shares. */
export class OneHotDesign {
  readonly rows: number;
  readonly columns: number;
  readonly features: number;
  /** Positions in w [V], -1 for padding. */
  private readonly at: Int32Array;
  private readonly isPadded: boolean;
  /** 1 / number of values where a field takes the mean of several; null where all entries are 1. */
  private readonly shares: Float32Array | null;

  constructor(where: string, ids: Int32Array, fields: readonly FieldSpec[]) {
    const {embedded, starts, columns, rows} = new FieldLayout(
      where,
      fields.map(({name, size, width, combiner}) => ({name, size, ...(width === undefined ? {} : {width, combiner})})),
    );
    this.columns = columns;
    this.features = rows;
    this.rows = ids.length / columns;
    this.at = new Int32Array(ids.length);
    this.shares = embedded.some(({width, combiner}) => width !== undefined && combiner === 'mean')
      ? new Float32Array(ids.length).fill(1)
      : null;
    let column = 0;
    embedded.forEach(({width = 1, combiner}, f) => {
      for (let i = 0; i < this.rows; i++) {
        let present = 0;
        const first = i * columns + column;
        for (let k = first; k < first + width; k++) {
          this.at[k] = ids[k] < 0 ? -1 : starts[f] + ids[k];
          if (ids[k] >= 0) present++;
        }
        if (combiner === 'mean') this.shares!.fill(1 / Math.max(1, present), first, first + width);
      }
      column += width;
    });
    this.isPadded = this.at.includes(-1);
  }

  /** X v: [n]. */
  times(v: Float64Array): Float64Array {
    const product = new Float64Array(this.rows);
    for (let i = 0; i < this.rows; i++) product[i] = this.row(i, v);
    return product;
  }

  row(i: number, v: Float64Array): number {
    const {at, shares, columns, features} = this;
    let sum = v[features];
    for (let k = i * columns, end = k + columns; k < end; k++) {
      if (at[k] >= 0) sum += shares === null ? v[at[k]] : shares[k] * v[at[k]];
    }
    return sum;
  }

  /**
   * target += X^T diag(c) X v: what Newton's method computes most.
   *
   * @param every With k, takes every k-th row alone, k times.
   */
  addCurved(c: Float64Array, v: Float64Array, target: Float64Array, every = 1): void {
    const {at, shares, columns, features, rows} = this;
    if (shares !== null || this.isPadded) {
      for (let i = 0; i < rows; i += every) this.addRow(i, every * c[i] * this.row(i, v), target);
      return;
    }
    const bias = v[features];
    let pushed = 0;
    for (let i = 0, from = 0; i < rows; i += every, from += every * columns) {
      const end = from + columns;
      let sum = bias;
      for (let k = from; k < end; k++) sum += v[at[k]];
      sum *= every * c[i];
      pushed += sum;
      for (let k = from; k < end; k++) target[at[k]] += sum;
    }
    target[features] += pushed;
  }

  /** target += value X_i, with squared entries where asked for. */
  addRow(i: number, value: number, target: Float64Array, squared = false): void {
    const {at, shares, columns, features} = this;
    target[features] += value;
    for (let k = i * columns, end = k + columns; k < end; k++) {
      if (at[k] < 0) continue;
      const share = shares === null ? 1 : shares[k];
      target[at[k]] += value * (squared ? share * share : share);
    }
  }
}
