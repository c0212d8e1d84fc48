import {FieldLayout, type FieldSpec} from '../../../layers/field_layout';
import {AutofisError} from '../../errors';
import {GramMatrix, gramPays} from './gram_matrix';
import {addUsualTimes, addUsualTransposed, UsualValue, usualValue} from './usual_value';

/**
 * X [n, V + 1] with an intercept in its last column, never formed: for each field the positions of its features. A pass
 * goes through some fields at a time, whose weights stay in the cache.
 */
export class OneHotDesign {
  private passes: Passes | null = null;

  private constructor(
    readonly rows: number,
    /** Ids of a row, W. */
    readonly columns: number,
    /** V. */
    readonly features: number,
    /** For each one-hot field the position in w [V] of each row. */
    readonly oneHot: readonly Int32Array[],
    private readonly multiHot: readonly MultiHot[],
  ) {}

  /** @throws AutofisError if there is no field, rows are not whole, or an id is not one of its field. */
  static of(where: string, ids: Int32Array, fields: readonly FieldSpec[]): OneHotDesign {
    const layout = new FieldLayout(
      where,
      fields.map(({name, size, width, combiner}) => ({name, size, ...(width === undefined ? {} : {width, combiner})})),
    );
    const {starts, columns} = layout;
    const rows = ids.length / columns;
    if (!Number.isInteger(rows))
      throw new AutofisError(`${where}: \`ids\` must hold whole rows of ${columns} ids. Received: ${ids.length} ids.`);
    layout.checkValues(ids);
    const oneHot: Int32Array[] = [];
    const multiHot: MultiHot[] = [];
    layout.embedded.forEach(({width, combiner}, f) => {
      const [start, column] = [starts[f], layout.columnsOf(f).start];
      if (width !== undefined) multiHot.push(entriesOf(ids, {columns, column, width, combiner, start}));
      else oneHot.push(everyKth(ids, {first: column, k: columns, add: start}));
    });
    return new OneHotDesign(rows, columns, layout.rows, oneHot, multiHot);
  }

  /** Append one-hot fields, each given by its number of ids and the id of each row; return a new design. */
  with(others: ReadonlyArray<{size: number; ids: Int32Array | Uint8Array}>): OneHotDesign {
    let features = this.features;
    const oneHot = others.map(({size, ids}) => {
      const start = features;
      features += size;
      return everyKth(ids, {first: 0, k: 1, add: start});
    });
    return new OneHotDesign(
      this.rows,
      this.columns + others.length,
      features,
      [...this.oneHot, ...oneHot],
      this.multiHot,
    );
  }

  /** Every k-th row of it. */
  thinned(every: number): OneHotDesign {
    if (every === 1) return this;
    const rows = Math.ceil(this.rows / every);
    const oneHot = this.oneHot.map(at => everyKth(at, {first: 0, k: every, add: 0}));
    return new OneHotDesign(
      rows,
      this.columns,
      this.features,
      oneHot,
      this.multiHot.map(each => thinnedEntries(each, every)),
    );
  }

  /** X v: [n]. */
  times(v: Float64Array): Float64Array {
    const product = new Float64Array(this.rows).fill(v[this.features]);
    const {quads, others, usual} = this.inPasses();
    addUsualTimes(usual, v, product);
    for (const [a, b, c, d] of quads)
      for (let i = 0; i < product.length; i++) product[i] += v[a[i]] + v[b[i]] + v[c[i]] + v[d[i]];
    for (const at of others) for (let i = 0; i < product.length; i++) product[i] += v[at[i]];
    for (const {at, rows, shares} of this.multiHot)
      for (let k = 0; k < at.length; k++) product[rows[k]] += shares[k] * v[at[k]];
    return product;
  }

  /** target += X^T c: [V + 1]. */
  addTransposed(c: Float64Array, target: Float64Array): void {
    this.addEntries(c, target, false);
  }

  /** Products with X^T diag(c) X, target += A v: by its matrix where that pays, else by passes over the rows. */
  weightedProduct(c: Float64Array): (v: Float64Array, target: Float64Array) => void {
    if (this.multiHot.length === 0 && gramPays(this)) {
      const matrix = new GramMatrix(this, c, this.diagonal(c));
      return (v, target) => matrix.addProduct(v, target);
    }
    return (v, target) => {
      const moved = this.times(v);
      for (let i = 0; i < moved.length; i++) moved[i] *= c[i];
      this.addTransposed(moved, target);
    };
  }

  /** The diagonal of X^T diag(c) X: [V + 1]. */
  diagonal(c: Float64Array): Float64Array {
    const target = new Float64Array(this.features + 1);
    this.addEntries(c, target, true);
    return target;
  }

  /** target += X^T c, or where asked for that of X with squared entries. */
  private addEntries(c: Float64Array, target: Float64Array, areSquared: boolean): void {
    const {quads, others, usual} = this.inPasses();
    for (const [p, q, r, s] of quads) {
      for (let i = 0; i < c.length; i++) {
        const value = c[i];
        target[p[i]] += value;
        target[q[i]] += value;
        target[r[i]] += value;
        target[s[i]] += value;
      }
    }
    for (const at of others) for (let i = 0; i < c.length; i++) target[at[i]] += c[i];
    for (const {at, rows, shares} of this.multiHot) {
      for (let k = 0; k < at.length; k++)
        target[at[k]] += (areSquared ? shares[k] * shares[k] : shares[k]) * c[rows[k]];
    }
    let sum = 0;
    for (let i = 0; i < c.length; i++) sum += c[i];
    target[this.features] += sum;
    addUsualTransposed(usual, {c, sum}, target);
  }

  private inPasses(): Passes {
    if (this.passes !== null) return this.passes;
    const each = this.oneHot.map(usualValue);
    const dense = this.oneHot.filter((_, f) => each[f] === null);
    const count = Math.floor(dense.length / 4);
    return (this.passes = {
      quads: Array.from({length: count}, (_, k) => dense.slice(4 * k, 4 * k + 4)),
      others: dense.slice(4 * count),
      usual: each.filter(field => field !== null),
    });
  }
}

/** One-hot fields, grouped by how a pass over the rows reads them. */
interface Passes {
  /**
   * Groups of four fields, which are summed together. Neighbouring rows often have the same value of a field, and while
   * its sum waits for the previous addition there is time for three others.
   */
  quads: ReadonlyArray<readonly Int32Array[]>;
  /** Remaining fields, fewer than four. */
  others: readonly Int32Array[];
  /** Fields where most rows have the same value. */
  usual: readonly UsualValue[];
}

/** The entries of a field of several values a row that are not 0. */
interface MultiHot {
  /** For each entry its position in w [V]. */
  at: Int32Array;
  /** Its row, in ascending order. */
  rows: Int32Array;
  /** The entry: 1, or 1 / number of values of the row where the field takes their mean. */
  shares: Float32Array;
}

/** Every k-th number from the first on, plus `add`. */
function everyKth(
  numbers: Int32Array | Uint8Array,
  {first, k, add}: {first: number; k: number; add: number},
): Int32Array {
  const taken = new Int32Array(Math.ceil((numbers.length - first) / k));
  for (let i = 0, at = first; i < taken.length; i++, at += k) taken[i] = numbers[at] + add;
  return taken;
}

/** The entries of a field of up to `width` values a row. */
function entriesOf(
  ids: Int32Array,
  of: {columns: number; column: number; width: number; combiner: FieldSpec['combiner']; start: number},
): MultiHot {
  const {columns, column, width, combiner, start} = of;
  const [at, rows, shares] = [new Int32Array(ids.length), new Int32Array(ids.length), new Float32Array(ids.length)];
  let count = 0;
  for (let i = 0, first = column; first < ids.length; i++, first += columns) {
    const before = count;
    for (let k = first; k < first + width; k++) {
      if (ids[k] < 0) continue;
      at[count] = start + ids[k];
      rows[count++] = i;
    }
    shares.fill(combiner === 'mean' ? 1 / (count - before) : 1, before, count);
  }
  return {at: at.slice(0, count), rows: rows.slice(0, count), shares: shares.slice(0, count)};
}

function thinnedEntries({at, rows, shares}: MultiHot, every: number): MultiHot {
  const kept = rows.map((_, k) => k).filter(k => rows[k] % every === 0);
  return {
    at: kept.map(k => at[k]),
    rows: kept.map(k => rows[k] / every),
    shares: Float32Array.from(kept, k => shares[k]),
  };
}
