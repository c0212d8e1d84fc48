import * as tf from '@tensorflow/tfjs-core';
import type {Interaction, Order} from '../interactions';
import {backendWithKernels} from '../native/kernel_ops';
import {wasmProducts} from '../wasm/module';
import {FieldAwarePasses} from './field_aware_passes';
import {NativeFieldAwarePasses} from './native_field_aware_passes';
import {NativePasses} from './native_passes';
import type {Passes} from './passes';
import {planProducts, ProductOrder} from './plan';
import {SlicePasses} from './slice_passes';
import {WasmPasses} from './wasm_passes';

/** A layer's interactions in groups, each interaction in one, and the order in which the groups have them. */
export interface GroupedProducts extends ProductOrder {
  readonly groups: readonly Passes[];
}

/** One group that has all of a layer's interactions in their order. */
function singleGroup(group: Passes): GroupedProducts {
  return {groups: group.count === 0 ? [] : [group], planned: null, listed: null};
}

/** The products of a layer's interactions, in canonical order, as the current backend computes them fastest. */
export class LayerProducts {
  private constructor(
    private readonly native: GroupedProducts,
    private readonly wasm: GroupedProducts,
    private readonly sliced: GroupedProducts,
  ) {}

  /** Create the products of embeddings [B, m, d]. */
  static of(interactions: readonly Interaction[], order: Order): LayerProducts {
    const {slices, ...orders} = planProducts(interactions, order);
    return new LayerProducts(
      singleGroup(new NativePasses(interactions, order)),
      singleGroup(new WasmPasses(interactions, order)),
      {
        groups: slices.map(slice => new SlicePasses(slice)),
        ...orders,
      },
    );
  }

  /** Create the products of field-aware embeddings [B, P, 2, d]; `count` is the number of pairs, P. */
  static fieldAware(count: number): LayerProducts {
    // In memory they are pairs of 2 P fields, each of them in one pair.
    const pairs = Array.from({length: count}, (_, p) => [2 * p, 2 * p + 1]);
    return new LayerProducts(
      singleGroup(new NativeFieldAwarePasses(count)),
      singleGroup(new WasmPasses(pairs, 2)),
      singleGroup(new FieldAwarePasses(count)),
    );
  }

  get current(): GroupedProducts {
    if (backendWithKernels() !== null) return this.native;
    return wasmProducts() === null ? this.sliced : this.wasm;
  }
}

/** A layer's [P] values in the order of the groups; differentiable. */
export function inPlannedOrder(values: tf.Tensor1D, {listed}: GroupedProducts): tf.Tensor1D {
  return listed === null ? values : tf.gather(values, tf.tensor1d(listed));
}

/** Concatenate the results of the groups along the last axis, in the order of the layer's interactions. */
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
