import {auc, gatedLogits, type ModelProducts} from 'tfjs-autofis';
import type {WhatIf} from '../protocol';

/** What a base model says of the rows that choose (V2), or of a part of them: plain, so that it can be saved. */
export interface HeldProducts extends ModelProducts {
  labels: Float32Array;
}

/** The standard deviation of each column of products over its rows. */
export function spreadOf({products, base}: ModelProducts): Float32Array {
  const rows = base.length;
  const count = products.length / rows;
  const sums = new Float64Array(count);
  const squares = new Float64Array(count);
  for (let at = 0; at < products.length;) {
    for (let p = 0; p < count; p++, at++) {
      sums[p] += products[at];
      squares[p] += products[at] * products[at];
    }
  }
  return Float32Array.from(squares, (sum, p) => Math.sqrt(Math.max(0, sum / rows - (sums[p] / rows) ** 2)));
}

/** Gates of a base model that a person opens and closes: the AUC that they then reach on V2. */
export class WhatIfGates {
  private open: boolean[];
  private readonly reached: number;

  /**
   * @param alpha At the chosen penalty; a gate that is 0 opens with 1, as the base has it.
   * @param kept Whether each pair is in the selection, with which the gates begin.
   */
  constructor(
    private readonly held: HeldProducts,
    private readonly alpha: readonly number[],
    private readonly kept: readonly boolean[],
  ) {
    this.open = [...kept];
    this.reached = this.auc();
  }

  set(pair: number, open: boolean): void {
    this.open[pair] = open;
  }

  reset(): void {
    this.open = [...this.kept];
  }

  state(): WhatIf {
    return {
      open: [...this.open],
      changed: this.kept.some((open, p) => this.open[p] !== open),
      chosen: this.reached,
      now: this.auc(),
    };
  }

  private auc(): number {
    const alpha = Float64Array.from(this.alpha, (value, p) => (this.open[p] ? value || 1 : 0));
    return auc(this.held.labels, gatedLogits(this.held, {alpha, intercept: 0}));
  }
}
