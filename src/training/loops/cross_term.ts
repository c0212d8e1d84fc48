import * as tf from '@tensorflow/tfjs-core';
import type {CrossEntries, CrossLinear} from '../../../layers/cross_linear';
import type {AdamStep} from '../../native/ops';
import {LookupTable} from './lookup_table';
import type {RowBatch, Term} from './term';

/** The memorised crosses of a CrossLinear, with the penalty batchL2 w^2 on each weight that is read. */
export class CrossTerm implements Term {
  private readonly kernel: LookupTable;
  private entries!: CrossEntries;
  private batch!: RowBatch;
  /** Entries of the current row: [from, to). */
  private from = 0;
  private to = 0;

  constructor(private readonly layer: CrossLinear) {
    this.kernel = new LookupTable(layer.getWeights()[0].dataSync(), 1);
  }

  begin(batch: RowBatch): void {
    this.entries = this.layer.entries(batch.ids);
    this.batch = batch;
    this.to = 0;
  }

  logit(row: number): number {
    const {weights, owners, scales} = this.entries;
    const {values} = this.kernel;
    this.from = this.to;
    let sum = 0;
    for (; this.to < owners.length && owners[this.to] === row; this.to++)
      sum += scales[this.to] * values[weights[this.to]];
    return sum;
  }

  add(_row: number, residual: number): void {
    const {weights, scales} = this.entries;
    const {values, gradient} = this.kernel;
    const penalty = (2 * this.layer.batchL2) / this.batch.rows;
    for (let e = this.from; e < this.to; e++) {
      gradient[weights[e]] += scales[e] * residual + penalty * values[weights[e]];
      this.kernel.touch(weights[e]);
    }
  }

  step(adam: AdamStep): number {
    this.kernel.step(adam, this.batch.exact);
    return 0;
  }

  write(): void {
    const {layer, kernel} = this;
    const [, ...others] = layer.getWeights();
    tf.tidy(() => layer.setWeights([tf.tensor2d(kernel.weight.slice(), [kernel.weight.length, 1]), ...others]));
  }
}
