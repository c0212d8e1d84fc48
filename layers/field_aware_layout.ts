import * as tf from '@tensorflow/tfjs-core';
import {AutofisError} from '../src/errors';
import {allInteractions, canonicalInteractions, Interaction} from '../src/interactions';
import {lookUp} from '../src/tables/sparse_gradients';
import type {FieldLayout} from './field_layout';

/** One vector of one column of ids: it lies at row starts + id * stride of the table. */
interface Slot {
  readonly column: number;
  readonly stride: number;
  readonly start: number;
}

/**
 * Where the vectors of a field-aware table [R, d] lie. A value of field f owns n_f consecutive rows, one for each pair
 * that contains f, in the order of the pairs; so a pair that is left out has no rows at all.
 */
export class FieldAwareLayout {
  /** The P pairs, in canonical order. */
  readonly interactions: readonly Interaction[];
  /** R, the number of rows of the table. */
  readonly rows: number;
  /** The first row of each field that is not ignored. */
  readonly starts: readonly number[];
  /** For each field its pairs, as positions in `interactions`. */
  private readonly pairsOf: readonly number[][];
  private readonly slots: readonly Slot[];
  /** For each side of each pair, where `combine` has it; null where lookups come in that order already. */
  private readonly order: Int32Array | null;

  constructor(where: string, private readonly layout: FieldLayout, chosen: readonly Interaction[] | null) {
    const {embedded} = layout;
    if (embedded.length < 2) throw new AutofisError(`${where}: needs at least 2 fields. Received: ${embedded.length}.`);
    this.interactions = chosen === null ? allInteractions(embedded.length, 2) :
      canonicalInteractions(where, chosen, embedded.length, 2);
    if (this.interactions.length === 0) {
      throw new AutofisError(`${where}: \`interactions\` is empty, so the output would have no pairs. Remove the layer.`);
    }
    this.pairsOf = embedded.map((_, f) => [...this.interactions.keys()].filter(p => this.interactions[p].includes(f)));
    const sizes = embedded.map(({size}, f) => size * this.pairsOf[f].length);
    this.starts = sizes.map((_, f) => sizes.slice(0, f).reduce((sum, size) => sum + size, 0));
    this.rows = sizes.reduce((sum, size) => sum + size, 0);
    const firstColumn = embedded.map((_, f) => embedded.slice(0, f).reduce((sum, {width}) => sum + (width ?? 1), 0));
    const slot = (f: number, k: number, column = firstColumn[f]): Slot =>
      ({column, stride: this.pairsOf[f].length, start: this.starts[f] + k});
    const sides = this.interactions.flatMap((pair, p) => pair.map(f => ({f, k: this.pairsOf[f].indexOf(p)})));
    if (embedded.every(({width}) => width == null)) {
      this.slots = sides.map(({f, k}) => slot(f, k));
      this.order = null;
      return;
    }
    // Column by column, so that the values of a multi-hot field are added up in one reduction.
    this.slots = embedded.flatMap(({width}, f) => Array.from({length: width ?? 1}, (_, c) =>
      this.pairsOf[f].map((_, k) => slot(f, k, firstColumn[f] + c))).flat());
    const first = this.pairsOf.map((_, f) => this.pairsOf.slice(0, f).reduce((sum, pairs) => sum + pairs.length, 0));
    this.order = Int32Array.from(sides, ({f, k}) => first[f] + k);
  }

  /** Looks up and combines: ids [B, W], table [R, d] -> [B, P, 2, d]. Throws on ids that are out of range. */
  lookup(ids: tf.Tensor, table: tf.Variable): tf.Tensor4D {
    return tf.tidy(() => {
      const local = this.layout.columnIds(ids), none = tf.scalar(0, 'int32');
      const column = (of: (slot: Slot) => number) => tf.tensor1d(this.slots.map(of), 'int32');
      const present = this.order === null ? local : tf.maximum(local, none);
      const each = tf.gather(present, column(slot => slot.column), 1);
      const vectors = lookUp(table, tf.add(tf.mul(each, column(slot => slot.stride)), column(slot => slot.start))) as tf.Tensor3D;
      const whole = this.order === null ? vectors :
        permuted(this.combine(vectors, tf.cast(tf.greaterEqual(local, none), 'float32') as tf.Tensor2D), this.order);
      return tf.reshape(whole, [ids.shape[0], this.interactions.length, 2, table.shape[1]!]);
    });
  }

  /** Vectors [B, slots, d], column by column, present [B, W'] with 0 for padding -> [B, 2 P, d], field by field. */
  private combine(vectors: tf.Tensor3D, present: tf.Tensor2D): tf.Tensor3D {
    const [batch, , d] = vectors.shape;
    let column = 0, slot = 0;
    const parts = this.layout.embedded.flatMap(({width, combiner}, f) => {
      const count = this.pairsOf[f].length, columns = width ?? 1;
      const own = tf.slice(vectors, [0, slot, 0], [-1, columns * count, -1]);
      const mask = tf.reshape(tf.slice(present, [0, column], [-1, columns]), [batch, columns, 1, 1]);
      column += columns;
      slot += columns * count;
      if (count === 0) return [];
      if (width == null) return [own];
      const sum = tf.sum(tf.mul(tf.reshape(own, [batch, columns, count, d]), mask), 1) as tf.Tensor3D;
      return [combiner === 'sum' ? sum : tf.div(sum, tf.maximum(tf.sum(mask, 1), 1)) as tf.Tensor3D];
    });
    return parts.length === 1 ? parts[0] : tf.concat(parts, 1);
  }

  /** Rows of the table that a layout of only `kept` pairs has, in its order. */
  rowsOf(kept: readonly Interaction[]): Int32Array {
    const keys = new Set(kept.map(pair => pair.join()));
    const stay = this.pairsOf.map(pairs => [...pairs.keys()].filter(k => keys.has(this.interactions[pairs[k]].join())));
    const {embedded} = this.layout;
    const rows = new Int32Array(embedded.reduce((sum, {size}, f) => sum + size * stay[f].length, 0));
    let n = 0;
    embedded.forEach(({size}, f) => {
      for (let id = 0; id < size; id++) {
        for (const k of stay[f]) rows[n++] = this.starts[f] + id * this.pairsOf[f].length + k;
      }
    });
    return rows;
  }
}

/** The given order of places along axis 1; its gradient is one gather, too. */
function permuted(values: tf.Tensor3D, order: Int32Array): tf.Tensor3D {
  const inverse = new Int32Array(order.length);
  order.forEach((from, to) => { inverse[from] = to; });
  return tf.customGrad(x => ({
    value: tf.gather(x as tf.Tensor, tf.tensor1d(order), 1),
    gradFunc: (dy: tf.Tensor) => tf.gather(dy, tf.tensor1d(inverse), 1),
  }))(values) as tf.Tensor3D;
}
