import * as tf from '@tensorflow/tfjs-core';
import type {FieldEmbedding} from '../../../layers/field_embedding';
import type {GatedInteraction} from '../../../layers/gated_interaction';
import type {AdamStep} from '../../tables/row_store';
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
 * field and pair), with the penalty batchL2 |e|^2 on each vector, in the mean over the batch, and tableL2 |e|^2 on each
 * of the table.
 */
export class ProductTerm implements Term {
  private readonly table: LookupTable;
  private readonly slots: Slot[];
  /**
   * Where the vectors of the current row begin, in bytes: in the table, or in its spare room for those that are
   * combined.
   */
  private readonly at: Int32Array;
  /** The two vectors of each pair, as places in `at`: from one place in the memory to another. */
  private readonly pairs: {from: number; to: number};
  /** Of each slot its column of ids, and in bytes the place of the vector of id 0 and its distance to that of id 1. */
  private readonly columns: Int32Array;
  private readonly firsts: Int32Array;
  private readonly strides: Int32Array;
  /** The slots of multi-hot fields. */
  private readonly many: number[];
  private batch!: RowBatch;

  constructor(
    private readonly embedding: FieldEmbedding,
    {interactions}: GatedInteraction,
  ) {
    this.slots = slotsOf(embedding, interactions);
    const {length} = this.slots;
    const bytes = 4 * embedding.outputDim;
    this.columns = Int32Array.from(this.slots, ({start}) => start);
    this.firsts = Int32Array.from(this.slots, ({first}) => first * bytes);
    this.strides = Int32Array.from(this.slots, ({stride}) => stride * bytes);
    this.many = [...this.slots.keys()].filter(s => this.slots[s].many);
    const aware = length === 2 * interactions.length;
    this.table = new LookupTable(embedding.getWeights()[0].dataSync(), embedding.outputDim, {
      spare: length,
      extra: length + 2 * interactions.length,
    });
    const {extra, extraStart} = this.table;
    this.at = extra.subarray(0, length);
    extra.set(
      interactions.flatMap((pair, p) => [...pair].map((f, side) => extraStart + 4 * (aware ? 2 * p + side : f))),
      length,
    );
    this.pairs = {from: extraStart + 4 * length, to: extraStart + 4 * extra.length};
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
    const {pairs, table, embedding, batch} = this;
    const {module, width, delta, extraStart} = table;
    module.gradient(pairs.from, pairs.to, 4 * width, delta, residual);
    const penalty = (2 * embedding.batchL2) / batch.rows;
    if (penalty > 0) module.penalty(extraStart, pairs.from, 4 * width, delta, penalty);
    this.spread(row);
  }

  penalty(): number {
    const {tableL2} = this.embedding;
    return tableL2 === 0 ? 0 : tableL2! * this.table.squares();
  }

  step(adam: AdamStep): void {
    const tableL2 = this.embedding.tableL2!;
    if (tableL2 > 0) this.table.shrink(2 * tableL2);
    this.table.step(adam, this.batch.exact || tableL2 > 0);
  }

  write(): void {
    const {weight, width} = this.table;
    tf.tidy(() => this.embedding.setWeights([tf.tensor2d(weight.slice(), [weight.length / width, width])]));
  }

  /** Find the vectors of a row; combines those of multi-hot fields into the spare room. */
  private find(row: number): void {
    const {at, columns: column, firsts, strides, many, batch} = this;
    const {ids, columns} = batch;
    const from = row * columns;
    for (let s = 0; s < at.length; s++) at[s] = firsts[s] + ids[from + column[s]] * strides[s];
    for (const s of many) this.combine(s, from);
  }

  private combine(s: number, from: number): void {
    const {slots, at, table, firsts, strides} = this;
    const {values, module, weight, width} = table;
    const {ids} = this.batch;
    at[s] = 4 * (weight.length + s * width);
    values.fill(0, at[s] / 4, at[s] / 4 + width);
    const share = shareOf(slots[s], ids, from);
    for (let c = from + slots[s].start; c < from + slots[s].end; c++) {
      if (ids[c] >= 0) module.addTo(firsts[s] + ids[c] * strides[s], at[s], 4 * width, share);
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
    const {slots, at, table, firsts, strides} = this;
    const {module, width, delta} = table;
    const {ids} = this.batch;
    const share = shareOf(slots[s], ids, from);
    for (let c = from + slots[s].start; c < from + slots[s].end; c++) {
      if (ids[c] < 0) continue;
      const own = firsts[s] + ids[c] * strides[s];
      table.touch(own / (4 * width));
      module.addTo(at[s] + delta, own + delta, 4 * width, share);
    }
  }
}

function slotsOf(embedding: FieldEmbedding, interactions: GatedInteraction['interactions']): Slot[] {
  const fields = fieldColumns(embedding.fields);
  const {starts} = embedding;
  if (embedding.getClassName() === 'FieldEmbedding')
    return fields.map((columns, f) => ({...columns, first: starts[f], stride: 1}));
  // A value of a field in n pairs has n rows, in the order of its pairs.
  const strides = fields.map((_, f) => interactions.filter(pair => pair.includes(f)).length);
  const taken = fields.map(() => 0);
  return interactions.flatMap(pair =>
    [...pair].map(f => ({...fields[f], first: starts[f] + taken[f]++, stride: strides[f]})),
  );
}
