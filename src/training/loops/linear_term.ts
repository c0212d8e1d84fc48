import * as tf from '@tensorflow/tfjs-core';
import type {FieldLinear} from '../../../layers/field_linear';
import type {AdamStep} from '../../tables/row_store';
import {LookupTable} from './lookup_table';
import {FieldColumns, fieldColumns, RowBatch, shareOf, Term} from './term';

/** w0 + <w, x> of a FieldLinear; a frozen one stays as it is. */
export class LinearTerm implements Term {
  private readonly kernel: LookupTable;
  private readonly bias: LookupTable | null;
  private readonly fields: FieldColumns[];
  private readonly isFrozen: boolean;
  private batch!: RowBatch;

  constructor(private readonly layer: FieldLinear) {
    const [kernel, bias] = layer.getWeights().map(weight => new LookupTable(weight.dataSync(), 1));
    this.kernel = kernel;
    this.bias = bias ?? null;
    this.fields = fieldColumns(layer.fields);
    this.isFrozen = !layer.trainable;
  }

  begin(batch: RowBatch): void {
    this.batch = batch;
  }

  logit(row: number): number {
    const {fields, batch, layer} = this;
    const {ids, columns} = batch;
    const {values} = this.kernel;
    const {starts} = layer;
    const from = row * columns;
    let sum = this.bias === null ? 0 : this.bias.values[0];
    for (let f = 0; f < fields.length; f++) {
      const field = fields[f];
      if (!field.many) {
        sum += values[starts[f] + ids[from + field.start]];
        continue;
      }
      const share = shareOf(field, ids, from);
      for (let c = from + field.start; c < from + field.end; c++)
        if (ids[c] >= 0) sum += share * values[starts[f] + ids[c]];
    }
    return sum;
  }

  add(row: number, residual: number): void {
    if (this.isFrozen) return;
    const {fields, batch, kernel, layer} = this;
    const {ids, columns} = batch;
    const {starts} = layer;
    const from = row * columns;
    if (this.bias !== null) this.bias.gradient[0] += residual;
    for (let f = 0; f < fields.length; f++) {
      const field = fields[f];
      const share = field.many ? shareOf(field, ids, from) : 1;
      for (let c = from + field.start; c < from + field.end; c++) {
        if (ids[c] < 0) continue;
        kernel.gradient[starts[f] + ids[c]] += share * residual;
        kernel.touch(starts[f] + ids[c]);
      }
    }
  }

  step(adam: AdamStep): number {
    if (this.isFrozen) return 0;
    this.kernel.step(adam, this.batch.exact);
    this.bias?.step(adam, true);
    return 0;
  }

  write(): void {
    const {kernel, bias, layer} = this;
    tf.tidy(() =>
      layer.setWeights([
        tf.tensor2d(kernel.weight.slice(), [kernel.weight.length, 1]),
        ...(bias === null ? [] : [tf.tensor1d(bias.weight.slice())]),
      ]),
    );
  }
}
