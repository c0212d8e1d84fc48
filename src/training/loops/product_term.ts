import * as tf from '@tensorflow/tfjs-core';
import type {FieldEmbedding} from '../../../layers/field_embedding';
import type {GatedInteraction} from '../../../layers/gated_interaction';
import type {TableSpan} from '../../../layers/ridge';
import type {AdamStep} from '../../native/ops';
import {LookupTable} from './lookup_table';
import {FieldColumns, fieldColumns, RowBatch, shareOf, Term} from './term';

/** A vector that each row reads: of which field, and where the vectors of its values are. */
interface Slot extends FieldColumns {
  /** The row of id 0, and how many rows lie between two ids. */
  first: number;
  stride: number;
}

/**
 * sum_p <e_i, e_j> over pairs p = (i, j), of FieldEmbedding (one vector a field) or FieldAwareEmbedding (one for each
 * field and pair), with the penalty batchL2 |e|^2 on each vector, in the mean over the batch, and the ridge tableL2 on
 * the table.
 */
export class ProductTerm implements Term {
  private readonly table: LookupTable;
  private readonly slots: Slot[];
  /**
   * Where the vectors of the current row begin, in bytes: in the table, or in its spare room for those that are
   * combined.
   */
  private readonly at: Int32Array;
  /** The two vectors of each pair, as positions in `at`: from one address in the memory to another. */
  private readonly pairs: {from: number; to: number};
  /** Three byte offsets per slot: its column of ids, the vector of id 0, and from there that of id 1. */
  private readonly offsets: Int32Array;
  /** The ids of the current row. */
  private readonly ids: Int32Array;
  /** Where `offsets` and `ids` are in the memory. */
  private readonly found: {from: number; to: number; ids: number};
  /** True where each vector belongs to exactly one pair, as in FieldAwareEmbedding. */
  private readonly aware: boolean;
  /** Row ranges of the table that the ridge penalises alike. */
  private readonly spans: TableSpan[];
  /** The slots of multi-hot fields. */
  private readonly many: number[];
  private batch!: RowBatch;

  constructor(
    private readonly embedding: FieldEmbedding,
    {interactions}: GatedInteraction,
  ) {
    this.slots = slotsOf(embedding, interactions);
    this.spans = embedding.spans;
    const {length} = this.slots;
    const bytes = 4 * embedding.outputDim;
    this.many = [...this.slots.keys()].filter(s => this.slots[s].many);
    this.aware = embedding.getClassName() === 'FieldAwareEmbedding';
    const columns = Math.max(...this.slots.map(({end}) => end));
    this.table = new LookupTable(embedding.getWeights()[0].dataSync(), embedding.outputDim, {
      spare: length,
      extra: length + 2 * interactions.length + 3 * length + columns,
    });
    const {extra, extraStart} = this.table;
    let taken = 0;
    const room = (count: number) => {
      const from = taken;
      taken += count;
      return {values: extra.subarray(from, taken), from: extraStart + 4 * from, to: extraStart + 4 * taken};
    };
    const at = room(length);
    this.at = at.values;
    const pairs = room(2 * interactions.length);
    pairs.values.set(
      interactions.flatMap((pair, p) => [...pair].map((f, side) => at.from + 4 * (this.aware ? 2 * p + side : f))),
    );
    this.pairs = pairs;
    const offsets = room(3 * length);
    this.offsets = offsets.values;
    offsets.values.set(this.slots.flatMap(({start, first, stride}) => [4 * start, first * bytes, stride * bytes]));
    const ids = room(columns);
    this.ids = ids.values;
    this.found = {from: offsets.from, to: offsets.to, ids: ids.from};
  }

  begin(batch: RowBatch): void {
    this.batch = batch;
  }

  logit(row: number): number {
    this.find(row);
    const {pairs, table} = this;
    return table.module.products(pairs.from, pairs.to, 4 * table.width);
  }

  add(row: number, residual: number): void {
    const {pairs, table, embedding, batch, aware} = this;
    const {module, width, delta, extraStart} = table;
    const penalty = (2 * embedding.batchL2) / batch.rows;
    // A field-aware vector is in one pair, where its penalty costs nothing more; others are in several.
    module.gradient(pairs.from, pairs.to, 4 * width, delta, residual, aware ? penalty : 0);
    if (!aware && penalty > 0) module.penalty(extraStart, pairs.from, 4 * width, delta, penalty);
    this.spread(row);
  }

  step(adam: AdamStep): number {
    const {tableL2} = this.embedding;
    if (tableL2 > 0) return tableL2 * this.table.ridgeStep(adam, 2 * tableL2, this.spans);
    this.table.step(adam, this.batch.exact);
    return 0;
  }

  write(): void {
    const {weight, width} = this.table;
    tf.tidy(() => this.embedding.setWeights([tf.tensor2d(weight.slice(), [weight.length / width, width])]));
  }

  /** Find the vectors of a row; combines those of multi-hot fields into the spare room. */
  private find(row: number): void {
    const {found, table, batch, many, ids} = this;
    const from = row * batch.columns;
    for (let c = 0; c < ids.length; c++) ids[c] = batch.ids[from + c];
    table.module.find(found.from, found.to, found.ids, table.extraStart);
    for (const s of many) this.combine(s, from);
  }

  private combine(s: number, from: number): void {
    const {slots, at, table, offsets} = this;
    const {values, module, weight, width} = table;
    const {ids} = this.batch;
    at[s] = 4 * (weight.length + s * width);
    values.fill(0, at[s] / 4, at[s] / 4 + width);
    const share = shareOf(slots[s], ids, from);
    for (let c = from + slots[s].start; c < from + slots[s].end; c++) {
      if (ids[c] >= 0) module.addTo(offsets[3 * s + 1] + ids[c] * offsets[3 * s + 2], at[s], 4 * width, share);
    }
  }

  /** Note the rows that were read, and hand the gradients of combined vectors on to them. */
  private spread(row: number): void {
    const {at, table, many, batch} = this;
    const {gradient, width, weight} = table;
    if (!batch.exact)
      for (let s = 0; s < at.length; s++) if (at[s] < 4 * weight.length) table.touch(at[s] / (4 * width));
    for (const s of many) {
      this.part(s, row * batch.columns);
      gradient.fill(0, at[s] / 4, at[s] / 4 + width);
    }
  }

  private part(s: number, from: number): void {
    const {slots, at, table, offsets} = this;
    const {module, width, delta} = table;
    const {ids} = this.batch;
    const share = shareOf(slots[s], ids, from);
    for (let c = from + slots[s].start; c < from + slots[s].end; c++) {
      if (ids[c] < 0) continue;
      const vector = offsets[3 * s + 1] + ids[c] * offsets[3 * s + 2];
      table.touch(vector / (4 * width));
      module.addTo(at[s] + delta, vector + delta, 4 * width, share);
    }
  }
}

function slotsOf(embedding: FieldEmbedding, interactions: GatedInteraction['interactions']): Slot[] {
  const {starts, strides} = embedding;
  const fields = fieldColumns(embedding.fields).map((columns, f) => ({
    ...columns,
    first: starts[f],
    stride: strides[f],
  }));
  if (embedding.getClassName() !== 'FieldAwareEmbedding') return fields;
  // A value of a field in several pairs has as many rows, in the order of its pairs.
  const taken = fields.map(() => 0);
  return interactions.flatMap(pair => [...pair].map(f => ({...fields[f], first: starts[f] + taken[f]++})));
}
