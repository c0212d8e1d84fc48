import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import {auc, type LabeledRows} from 'tfjs-autofis';
import type {WhatIf} from '../protocol';
import {pairAt, pairCount} from '../view/pairs';
import {someRows} from './dataset';
import {interactionShares} from './interaction_shares';
import {LogitShares} from '../../../src/bundle/logit_shares';
import type {ModelProducts} from '../../../src/components/products/model_products';

/** Parts of the logits of test rows that are saved at most. */
const MOST_PARTS = 3_000_000;

/** What each interaction of the chosen model adds to the logits of test rows: plain, so that it can be saved. */
export interface HeldParts {
  /** Position of each interaction of the model: among all pairs, larger sets behind these. */
  places: number[];
  /** [n, interactions of the model], row-major. */
  parts: Float32Array;
  /** The logit [n] without interactions. */
  base: Float32Array;
  labels: Float32Array;
}

/** Take the logits of some test rows apart. */
export async function heldParts(
  model: tfl.LayersModel,
  test: LabeledRows,
  {fields, interactions}: {fields: readonly string[]; interactions: number},
): Promise<HeldParts> {
  const some = someRows(test, Math.floor(MOST_PARTS / Math.max(1, interactions)));
  const labels = some.ys.dataSync<'float32'>();
  const ids = (some.xs as tf.Tensor).dataSync<'int32'>();
  [some.xs as tf.Tensor, some.ys].forEach(tensor => tensor.dispose());
  const {
    interactions: selected,
    parts,
    base,
  } = await interactionShares(new LogitShares('heldParts', model, fields), ids);
  return {places: placesOf(selected, fields.length), parts, base, labels};
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

/** Positions of interactions: pairs among all pairs of this many fields, larger sets behind these in their order. */
export function placesOf(interactions: ReadonlyArray<readonly number[]>, fields: number): number[] {
  let next = pairCount(fields);
  return interactions.map(each => (each.length === 2 ? pairAt(fields, each[0], each[1]) : next++));
}

/** Values of the pairs at these places as values of all `count` pairs: 0 for the others. */
export function amongAll(values: ArrayLike<number>, places: readonly number[], count: number): Float32Array {
  const all = new Float32Array(count);
  places.forEach((place, k) => (all[place] = values[k]));
  return all;
}

/** Gates of the chosen model that a person closes and opens again: the AUC that it then reaches on the test rows. */
export class WhatIfGates {
  private open: Uint8Array;
  /** Gates as they were before each change, the oldest first. */
  private readonly earlier: Uint8Array[] = [];
  private last: number | null = null;
  private readonly selected: Uint8Array;
  private readonly chosen: number;
  private before: number;
  private now: number;

  /** @param count All pairs of fields, and the larger sets of the model. */
  constructor(
    private readonly held: HeldParts,
    count: number,
  ) {
    this.selected = new Uint8Array(count);
    for (const place of held.places) this.selected[place] = 1;
    this.open = this.selected;
    this.chosen = this.before = this.now = this.auc();
  }

  /** Close or open a gate; one that the model does not have stays closed. */
  set(interaction: number, open: boolean): void {
    if (this.selected[interaction] === 1)
      this.change(this.open.map((each, p) => (p === interaction ? Number(open) : each)));
  }

  reset(): void {
    this.change(this.selected);
  }

  undo(): void {
    const open = this.earlier.pop();
    if (open !== undefined) this.become(open);
  }

  state(): WhatIf {
    const {open, selected, last, chosen, before, now} = this;
    return {
      open,
      changed: differences(open, selected).length > 0,
      undoable: this.earlier.length > 0,
      last,
      rows: this.held.labels.length,
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
    const {places, parts, base, labels} = this.held;
    const count = places.length;
    const logits = base.map((z, row) =>
      places.reduce((sum, place, k) => sum + this.open[place] * parts[row * count + k], z),
    );
    return auc(labels, logits);
  }
}

/** The interactions whose gates differ. */
function differences(a: Uint8Array, b: Uint8Array): number[] {
  return [...a.keys()].filter(p => a[p] !== b[p]);
}
