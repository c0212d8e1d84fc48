import * as tf from '@tensorflow/tfjs-core';
import {AutofisError} from '../src/errors';
import {allInteractions, canonicalInteractions, Interaction} from '../src/interactions';
import {BlockShape} from '../src/tables/blocks';
import {lookUp} from '../src/tables/sparse_gradients';
import type {FieldLayout} from './field_layout';

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
  /** Rows that a value of each of these fields owns: one for each of its pairs. */
  readonly rowsPerValue: readonly number[];
  /** For each field its pairs, as positions in `interactions`. */
  private readonly pairsOf: readonly number[][];
  /**
   * For each column of ids of a field with pairs: its place among the columns, its field's first row and rows per
   * value.
   */
  private readonly columns: Int32Array;
  private readonly firsts: Int32Array;
  private readonly strides: Int32Array;
  private readonly blocks: BlockShape;
  /** For each side of each pair, where `combine` has it; null where lookups come in that order already. */
  private readonly order: Int32Array | null;

  constructor(
    where: string,
    private readonly layout: FieldLayout,
    chosen: readonly Interaction[] | null,
  ) {
    const {embedded} = layout;
    if (embedded.length < 2) throw new AutofisError(`${where}: needs at least 2 fields. Received: ${embedded.length}.`);
    this.interactions =
      chosen === null ? allInteractions(embedded.length, 2) : canonicalInteractions(where, chosen, embedded.length, 2);
    if (this.interactions.length === 0) {
      throw new AutofisError(
        `${where}: \`interactions\` is empty, so the output would have no pairs. Remove the layer.`,
      );
    }
    this.pairsOf = embedded.map((_, f) => [...this.interactions.keys()].filter(p => this.interactions[p].includes(f)));
    this.rowsPerValue = this.pairsOf.map(({length}) => length);
    const sizes = embedded.map(({size}, f) => size * this.rowsPerValue[f]);
    this.starts = sizes.map((_, f) => sizes.slice(0, f).reduce((sum, size) => sum + size, 0));
    this.rows = sizes.reduce((sum, size) => sum + size, 0);
    // A field without pairs has no rows, and its column no block.
    const columns = embedded
      .flatMap(({width}, f) => Array<number>(width ?? 1).fill(f))
      .map((f, column) => ({f, column}))
      .filter(({f}) => this.pairsOf[f].length > 0);
    this.columns = Int32Array.from(columns, ({column}) => column);
    this.firsts = Int32Array.from(columns, ({f}) => this.starts[f]);
    this.strides = Int32Array.from(columns, ({f}) => this.rowsPerValue[f]);
    // Where each field's vectors belong: pair p's sides are at 2 p and 2 p + 1.
    const sides = this.pairsOf.map((pairs, f) => pairs.map(p => 2 * p + this.interactions[p].indexOf(f)));
    const oneHot = embedded.every(({width}) => width == null);
    // Multi-hot columns come one after another, so that the values of a field are added up in one reduction.
    this.blocks = new BlockShape(
      this.strides,
      oneHot
        ? Int32Array.from(sides.flat())
        : new Int32Array(this.strides.reduce((sum, length) => sum + length, 0)).map((_, k) => k),
    );
    this.order = oneHot ? null : new Int32Array(2 * this.interactions.length);
    sides.flat().forEach((side, k) => {
      if (this.order !== null) this.order[side] = k;
    });
  }

  /**
   * Look up and combine: ids [B, W], table [R, d] -> [B, P, 2, d].
   * @throws AutofisError on ids that are out of range.
   */
  lookup(ids: tf.Tensor, table: tf.Variable): tf.Tensor4D {
    return tf.tidy(() => {
      const local = this.layout.columnIds(ids);
      const none = tf.scalar(0, 'int32');
      const all = this.columns.length === local.shape[1] ? local : tf.gather(local, tf.tensor1d(this.columns), 1);
      const present = this.order === null ? all : tf.maximum(all, none);
      const starts = tf.add(tf.mul(present, tf.tensor1d(this.strides)), tf.tensor1d(this.firsts));
      const vectors = lookUp(table, starts, this.blocks) as tf.Tensor3D;
      const combined =
        this.order === null
          ? vectors
          : permuted(
              this.combine(vectors, tf.cast(tf.greaterEqual(local, none), 'float32') as tf.Tensor2D),
              this.order,
            );
      return tf.reshape(combined, [ids.shape[0], this.interactions.length, 2, table.shape[1]!]);
    });
  }

  /** Vectors [B, S, d], column by column, present [B, W'] with 0 for padding -> [B, 2 P, d], field by field. */
  private combine(vectors: tf.Tensor3D, present: tf.Tensor2D): tf.Tensor3D {
    const [batch, , d] = vectors.shape;
    let column = 0;
    let slot = 0;
    const parts = this.layout.embedded.flatMap(({width, combiner}, f) => {
      const count = this.pairsOf[f].length;
      const columns = width ?? 1;
      const fieldVectors = tf.slice(vectors, [0, slot, 0], [-1, columns * count, -1]);
      const mask = tf.reshape(tf.slice(present, [0, column], [-1, columns]), [batch, columns, 1, 1]);
      column += columns;
      slot += columns * count;
      if (count === 0) return [];
      if (width == null) return [fieldVectors];
      const sum = tf.sum(tf.mul(tf.reshape(fieldVectors, [batch, columns, count, d]), mask), 1) as tf.Tensor3D;
      return [combiner === 'sum' ? sum : (tf.div(sum, tf.maximum(tf.sum(mask, 1), 1)) as tf.Tensor3D)];
    });
    return parts.length === 1 ? parts[0] : tf.concat(parts, 1);
  }

  /** Rows of the table that a layout of only the `remaining` pairs has, in its order. */
  rowsOf(remaining: readonly Interaction[]): Int32Array {
    const keys = new Set(remaining.map(pair => pair.join()));
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
  order.forEach((from, to) => {
    inverse[from] = to;
  });
  return tf.customGrad(x => ({
    value: tf.gather(x as tf.Tensor, tf.tensor1d(order), 1),
    gradFunc: (dy: tf.Tensor) => tf.gather(dy, tf.tensor1d(inverse), 1),
  }))(values) as tf.Tensor3D;
}
