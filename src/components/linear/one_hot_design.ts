import {FieldLayout, type FieldSpec} from '../../../layers/field_layout';
import {AutofisError} from '../../errors';
import {addJointSums, type JointField, jointFields, jointWeights} from './joint_fields';

/** X [n, V + 1] with an intercept in its last column, never formed: for each field the positions of its features. */
export class OneHotDesign {
  private joined: readonly JointField[] | null = null;

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
      this.multiHot.map(field => thinnedEntries(field, every)),
    );
  }

  /** X v: [n]. */
  times(v: Float64Array): Float64Array {
    const product = new Float64Array(this.rows).fill(v[this.features]);
    const weights = this.joint.map(field => jointWeights(field, v));
    this.addWeights(weights, product);
    for (const {at, rows, shares} of this.multiHot)
      for (let k = 0; k < at.length; k++) product[rows[k]] += shares[k] * v[at[k]];
    return product;
  }

  /** target += X^T c: [V + 1]. */
  addTransposed(c: Float64Array, target: Float64Array): void {
    this.addEntries(c, target, false);
  }

  /** target += X^T diag(c) X v. */
  addProduct(c: Float64Array, v: Float64Array, target: Float64Array): void {
    const moved = this.times(v);
    for (let i = 0; i < moved.length; i++) moved[i] *= c[i];
    this.addTransposed(moved, target);
  }

  /** The diagonal of X^T diag(c) X: [V + 1]. */
  diagonal(c: Float64Array): Float64Array {
    const target = new Float64Array(this.features + 1);
    this.addEntries(c, target, true);
    return target;
  }

  /** target += X^T c, or where asked for that of X with squared entries. */
  private addEntries(c: Float64Array, target: Float64Array, areSquared: boolean): void {
    const sums = this.joint.map(field => sumsOf(field, target));
    this.addRows(c, sums);
    this.joint.forEach((field, f) => addJointSums(field, sums[f], target));
    for (const {at, rows, shares} of this.multiHot) {
      for (let k = 0; k < at.length; k++)
        target[at[k]] += (areSquared ? shares[k] * shares[k] : shares[k]) * c[rows[k]];
    }
    for (let i = 0; i < c.length; i++) target[this.features] += c[i];
  }

  /** Add the weights of joint fields to rows. */
  private addWeights(weights: readonly Float64Array[], rows: Float64Array): void {
    const fields = this.joint.map(({at}) => at);
    const inFours = fields.length - (fields.length % 4);
    // By fours: neighbouring rows often have the same value, and a sum waits for the one before.
    for (let f = 0; f < inFours; f += 4) {
      const [p, q, r, s] = fields.slice(f, f + 4);
      const [a, b, c, d] = weights.slice(f, f + 4);
      for (let i = 0; i < rows.length; i++) rows[i] += a[p[i]] + b[q[i]] + c[r[i]] + d[s[i]];
    }
    for (let f = inFours; f < fields.length; f++) {
      const [at, weight] = [fields[f], weights[f]];
      for (let i = 0; i < rows.length; i++) rows[i] += weight[at[i]];
    }
  }

  /** Add values of rows to the sums of joint fields. */
  private addRows(rows: Float64Array, sums: readonly Float64Array[]): void {
    const fields = this.joint.map(({at}) => at);
    const inFours = fields.length - (fields.length % 4);
    for (let f = 0; f < inFours; f += 4) {
      const [p, q, r, s] = fields.slice(f, f + 4);
      const [a, b, c, d] = sums.slice(f, f + 4);
      for (let i = 0; i < rows.length; i++) {
        const value = rows[i];
        a[p[i]] += value;
        b[q[i]] += value;
        c[r[i]] += value;
        d[s[i]] += value;
      }
    }
    for (let f = inFours; f < fields.length; f++) {
      const [at, sum] = [fields[f], sums[f]];
      for (let i = 0; i < rows.length; i++) sum[at[i]] += rows[i];
    }
  }

  private get joint(): readonly JointField[] {
    return (this.joined ??= jointFields(this.oneHot));
  }
}

/** Where a pass adds up the values of a joint field: for a single field in place. */
function sumsOf({members, size}: JointField, target: Float64Array): Float64Array {
  const [{first}] = members;
  return members.length === 1 ? target.subarray(first, first + size) : new Float64Array(size);
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
  const thinned = rows.map((_, k) => k).filter(k => rows[k] % every === 0);
  return {
    at: thinned.map(k => at[k]),
    rows: thinned.map(k => rows[k] / every),
    shares: Float32Array.from(thinned, k => shares[k]),
  };
}

/** Count the values of some fields: the features of their design without the intercept. */
export function featureCount(fields: readonly FieldSpec[]): number {
  return fields.reduce((sum, {size}) => sum + size, 0);
}
