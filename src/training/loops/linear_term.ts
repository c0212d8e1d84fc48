import * as tf from '@tensorflow/tfjs-core';
import type {FieldLinear} from '../../../layers/field_linear';
import type {AdamStep} from '../../native/ops';
import {LookupTable} from './lookup_table';
import {FieldColumns, fieldColumns, RowBatch, shareOf, Term} from './term';

/** w0 + <w, x> of a FieldLinear; a frozen one stays as it is. */
export class LinearTerm implements Term {
  private readonly kernel: LookupTable;
  private readonly bias: LookupTable | null;
  /** Column and first kernel row of each one-hot field. */
  private readonly oneHot: {columns: Int32Array; starts: Int32Array};
  private readonly multiHot: ReadonlyArray<FieldColumns & {first: number}>;
  private readonly isFrozen: boolean;
  private batch!: RowBatch;

  constructor(private readonly layer: FieldLinear) {
    const [kernel, bias] = layer.getWeights().map(weight => new LookupTable(weight.dataSync(), 1));
    this.kernel = kernel;
    this.bias = bias ?? null;
    const fields = fieldColumns(layer.fields).map((field, f) => ({...field, first: layer.starts[f]}));
    const single = fields.filter(({many}) => !many);
    this.oneHot = {
      columns: Int32Array.from(single, ({start}) => start),
      starts: Int32Array.from(single, ({first}) => first),
    };
    this.multiHot = fields.filter(({many}) => many);
    this.isFrozen = !layer.trainable;
  }

  begin(batch: RowBatch): void {
    this.batch = batch;
  }

  logit(row: number): number {
    const {oneHot, multiHot, batch, bias} = this;
    const {columns, starts} = oneHot;
    const {ids} = batch;
    const {values} = this.kernel;
    const from = row * batch.columns;
    let sum = bias === null ? 0 : bias.values[0];
    for (let k = 0; k < columns.length; k++) sum += values[starts[k] + ids[from + columns[k]]];
    for (const field of multiHot) {
      const share = shareOf(field, ids, from);
      for (let c = from + field.start; c < from + field.end; c++)
        if (ids[c] >= 0) sum += share * values[field.first + ids[c]];
    }
    return sum;
  }

  add(row: number, residual: number): void {
    if (this.isFrozen) return;
    const {oneHot, multiHot, batch, kernel, bias} = this;
    const {columns, starts} = oneHot;
    const {ids, exact} = batch;
    const {gradient} = kernel;
    const from = row * batch.columns;
    if (bias !== null) bias.gradient[0] += residual;
    for (let k = 0; k < columns.length; k++) gradient[starts[k] + ids[from + columns[k]]] += residual;
    // An exact step is on all rows, whether they were read or not.
    if (!exact) for (let k = 0; k < columns.length; k++) kernel.touch(starts[k] + ids[from + columns[k]]);
    for (const field of multiHot) {
      const share = shareOf(field, ids, from);
      for (let c = from + field.start; c < from + field.end; c++) {
        if (ids[c] < 0) continue;
        gradient[field.first + ids[c]] += share * residual;
        kernel.touch(field.first + ids[c]);
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
