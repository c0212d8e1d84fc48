import * as tf from '@tensorflow/tfjs-core';
import type {Interaction, Order} from '../interactions';
import {backendWithOwnOps} from '../native/own_ops';
import {wasmProducts} from '../wasm/module';
import {NativePasses} from './native_passes';
import type {Passes} from './passes';
import {planProducts} from './plan';
import {SlicePasses} from './slice_passes';
import {WasmPasses} from './wasm_passes';

/** A layer's interactions in groups, each interaction in one, and the order in which the groups have them. */
export interface GroupedProducts {
  readonly groups: readonly Passes[];
  /** For each interaction of the layer, where it stands in the order of the groups; null when the orders are the same. */
  readonly planned: Int32Array | null;
  /** For each interaction in the order of the groups, which of the layer's it is; null when the orders are the same. */
  readonly listed: Int32Array | null;
}

/** The products of a layer's interactions, in canonical order, as the current backend computes them fastest. */
export class LayerProducts {
  private readonly native: GroupedProducts;
  private readonly wasm: GroupedProducts;
  private readonly sliced: GroupedProducts;

  constructor(interactions: readonly Interaction[], order: Order) {
    const {slices, ...orders} = planProducts(interactions, order);
    this.sliced = {groups: slices.map(slice => new SlicePasses(slice)), ...orders};
    const whole = (Way: typeof NativePasses | typeof WasmPasses): GroupedProducts =>
      ({groups: interactions.length === 0 ? [] : [new Way(interactions, order)], planned: null, listed: null});
    this.native = whole(NativePasses);
    this.wasm = whole(WasmPasses);
  }

  get current(): GroupedProducts {
    if (backendWithOwnOps() !== null) return this.native;
    return wasmProducts() === null ? this.sliced : this.wasm;
  }
}

/** A layer's [P] values in the order of the groups; differentiable. */
export function inPlannedOrder(values: tf.Tensor1D, {listed}: GroupedProducts): tf.Tensor1D {
  return listed === null ? values : tf.gather(values, tf.tensor1d(listed));
}

/** What the groups give, one after the other along the last axis, in the order of the layer's interactions. */
export function inListedOrder<T extends tf.Tensor1D | tf.Tensor2D>(parts: T[], {planned}: GroupedProducts): T {
  const axis = parts[0].rank - 1;
  const all = (parts.length === 1 ? parts[0] : tf.concat(parts as tf.Tensor[], axis)) as T;
  if (planned === null) return all;
  return tf.gather(all as tf.Tensor, tf.tensor1d(planned), axis) as T;
}

/** The part of values in planned order that belongs to a group. */
export function partOf(values: tf.Tensor1D, {start, count}: Passes): tf.Tensor1D {
  return count === values.shape[0] ? values : tf.slice(values, start, count);
}
