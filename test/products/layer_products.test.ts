import * as tf from '@tensorflow/tfjs-core';
import {allInteractions} from '../../src/interactions';
import {inListedOrder, inPlannedOrder, LayerProducts, partOf} from '../../src/products/layer_products';
import {planProducts} from '../../src/products/plan';
import {SlicePasses} from '../../src/products/slice_passes';
import {numbers} from '../helpers/tensors';

it('cuts values of a layer into those of the groups, and puts them together again', () => {
  tf.tidy(() => {
    const interactions = allInteractions(6, 3);
    const {slices, ...orders} = planProducts(interactions, 3);
    const plan = {groups: slices.map(slice => new SlicePasses(slice)), ...orders};
    const middles = tf.tensor1d(interactions.map(([, middle]) => middle));
    const parts = plan.groups.map(group => partOf(inPlannedOrder(middles, plan), group));
    parts.forEach((part, i) => expect(new Set(numbers(part))).toEqual(new Set([slices[i].middle])));
    expect(numbers(inListedOrder(parts, plan))).toEqual(numbers(middles));
    const columns = parts.map(part => tf.reshape(part, [1, -1]) as tf.Tensor2D);
    expect(numbers(inListedOrder(columns, plan))).toEqual(numbers(middles));
  });
});

it('has every interaction in one group, whatever the backend', () => {
  for (const order of [2, 3] as const) {
    const interactions = allInteractions(6, order);
    const {groups} = LayerProducts.of(interactions, order).current;
    expect(groups.reduce((sum, {count}) => sum + count, 0)).toBe(interactions.length);
    groups.forEach((group, i) => expect(group.start).toBe(i === 0 ? 0 : groups[i - 1].start + groups[i - 1].count));
    expect(LayerProducts.of([], order).current.groups).toEqual([]);
  }
});
