import {auc, gatedLogits, type ModelProducts} from 'tfjs-autofis';
import type {GatePath, WhatIf} from '../protocol';
import {pairAt} from '../view/pairs';

/**
 * What a base model says of the rows that choose (V2), or of a part of them, with a column for each pair of all fields:
 * plain, so that it can be saved.
 */
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

/** Where pairs stand among all pairs of this many fields: in a table of many fields, a base has only some of them. */
export function placesOf(pairs: ReadonlyArray<readonly number[]>, fields: number): number[] {
  return pairs.map(([i, j]) => pairAt(fields, i, j));
}

/** Values of the pairs at these places, row by row, as values of all `count` pairs: 0 for the others. */
export function amongAll(values: ArrayLike<number>, places: readonly number[], count: number): Float32Array {
  const all = new Float32Array((values.length / places.length) * count);
  for (let at = 0; at < values.length; at++) {
    const column = at % places.length;
    all[((at - column) / places.length) * count + places[column]] = values[at];
  }
  return all;
}

/** Alpha at the largest penalty that leaves all kept pairs open; at the chosen one where none does. */
export function alphaOf({path, chosen}: GatePath, kept: Uint8Array): Float32Array {
  const isOpen = ({alpha}: GatePath['path'][number]) => kept.every((is, p) => is === 0 || alpha[p] > 0);
  return ([...path].reverse().find(isOpen) ?? path[chosen]).alpha;
}

/** Gates of a base model that a person opens and closes: the AUC that they then reach on V2. */
export class WhatIfGates {
  private open: Uint8Array;
  /** Gates as they were before each change, the oldest first. */
  private readonly earlier: Uint8Array[] = [];
  private last: number | null = null;
  private readonly chosen: number;
  private before: number;
  private now: number;

  /**
   * @param alpha At the penalty of the selection; a gate that is 0 opens with 1, as the base has it.
   * @param kept 1 for each pair of the selection, with which the gates begin.
   */
  constructor(
    private readonly held: HeldProducts,
    private readonly alpha: Float32Array,
    private readonly kept: Uint8Array,
  ) {
    this.open = kept;
    this.chosen = this.before = this.now = this.auc();
  }

  set(pair: number, open: boolean): void {
    this.change(this.open.map((each, p) => (p === pair ? Number(open) : each)));
  }

  reset(): void {
    this.change(this.kept);
  }

  undo(): void {
    const open = this.earlier.pop();
    if (open !== undefined) this.become(open);
  }

  state(): WhatIf {
    const {open, kept, last, chosen, before, now} = this;
    return {
      open,
      changed: differences(open, kept).length > 0,
      undoable: this.earlier.length > 0,
      last,
      chosen,
      before,
      now,
    };
  }

  private change(open: Uint8Array): void {
    if (differences(open, this.open).length === 0) return;
    this.earlier.push(this.open);
    this.become(open);
  }

  private become(open: Uint8Array): void {
    const changed = differences(open, this.open);
    this.last = changed.length === 1 ? changed[0] : null;
    this.open = open;
    this.before = this.now;
    this.now = this.auc();
  }

  private auc(): number {
    const alpha = Float64Array.from(this.alpha, (value, p) => (this.open[p] === 1 ? value || 1 : 0));
    return auc(this.held.labels, gatedLogits(this.held, {alpha, intercept: 0}));
  }
}

/** The pairs whose gates differ. */
function differences(a: Uint8Array, b: Uint8Array): number[] {
  return [...a.keys()].filter(p => a[p] !== b[p]);
}
