import type {FixedBNInteraction} from '../../../layers/fixed_bn_interaction';
import type {Interaction} from '../../interactions';
import {ones, picking} from './matrices';
import {constant, Steps, Value} from './program';
import type {LayerView, Translator} from './translator';

/** FixedBNInteraction and GatedInteraction, by matrices that pick and weigh fields: no [P, d] for sums of pairs. */
export const interactionLayers: {readonly [className: string]: Translator} = {
  FixedBNInteraction: (layer, [e]) => {
    const {interactions} = layer.layer as FixedBNInteraction;
    return normalized(layer, products(layer, e, interactions), Array<number>(interactions.length).fill(1));
  },

  GatedInteraction: (layer, [e]) => {
    const {interactions} = layer.layer as FixedBNInteraction;
    const gates = gatesOf(layer, interactions.length);
    if (layer.config['output'] === 'each') return normalized(layer, products(layer, e, interactions), gates);
    // alpha and the moving statistics fold into one weight an interaction.
    const {mean, scale} = statistics(layer, interactions.length);
    const weights = gates.map((gate, p) => gate * scale[p]);
    const shift = weights.reduce((sum, weight, p) => sum - weight * mean[p], 0);
    return weightedSum(layer, e, interactions, weights, shift);
  },
};

function gatesOf(layer: LayerView, count: number): number[] {
  const alpha = layer.optionalWeight('alpha')?.data;
  const open = layer.optionalWeight('open')?.data;
  return Array.from({length: count}, (_, p) => (alpha === undefined ? 1 : alpha[p] * open![p]));
}

function statistics(layer: LayerView, count: number): {mean: ArrayLike<number>; scale: ArrayLike<number>} {
  const mean = layer.optionalWeight('moving_mean')?.data;
  const variance = layer.optionalWeight('moving_variance')?.data;
  const {epsilon} = layer.layer as FixedBNInteraction;
  return {
    mean: mean ?? new Float32Array(count),
    scale:
      variance === undefined
        ? new Float32Array(count).fill(1)
        : Float64Array.from(variance, v => 1 / Math.sqrt(v + epsilon)),
  };
}

/** (x - mean) gate / sqrt(variance + epsilon): [P] -> [P]. */
function normalized(layer: LayerView, x: Value, gates: readonly number[]): Value {
  const {mean, scale} = statistics(layer, gates.length);
  const vector = (values: ArrayLike<number>) => constant([gates.length], values);
  const weights = gates.map((gate, p) => gate * scale[p]);
  return layer.steps.normalize(x, vector(mean), vector(weights), vector(new Float32Array(gates.length)));
}

/** [m, d] -> [P]: for each interaction the product of its fields, summed over d. */
function products({steps}: LayerView, e: Value, interactions: readonly Interaction[]): Value {
  if (e.shape.length === 3) return steps.flatten(steps.dense(facing(steps, e), ones(e.shape[2])));
  const [m, d] = e.shape;
  const turned = steps.transpose(e);
  const sides = interactions[0].map((_, side) => {
    const chosen = interactions.map(fields => fields[side]);
    // The mean over d, times d, is the sum.
    return steps.dense(turned, picking(chosen, m, side === 0 ? d : 1));
  });
  return steps.mean(steps.combine('multiply', sides));
}

/** Field-aware pairs [P, 2, d] -> [P, d]: the product of both sides, each picked out of [P, 2 d]. */
function facing(steps: Steps, e: Value): Value {
  const [count, , d] = e.shape;
  const flat = steps.reshape(e, [count, 2 * d]);
  const side = (start: number) => {
    const chosen = Int32Array.from({length: d}, (_, k) => start + k);
    return steps.dense(flat, picking(chosen, 2 * d));
  };
  return steps.combine('multiply', [side(0), side(d)]);
}

/**
 * sum_p w_p x_p + shift: [m, d] -> [1]. Pairs group by their first field, e_i * sum_j w_ij e_j, triples by their first
 * two: (e_i * e_j) * sum_k w_ijk e_k.
 */
function weightedSum(
  layer: LayerView,
  e: Value,
  interactions: readonly Interaction[],
  weights: readonly number[],
  shift: number,
): Value {
  const {steps} = layer;
  const bias = constant([1], [shift]);
  const flat = steps.flatten(e);
  if (interactions.length === 0)
    return steps.dense(flat, constant([flat.shape[0], 1], new Float32Array(flat.shape[0])), bias);
  if (e.shape.length === 3) {
    return steps.dense(products(layer, e, interactions), constant([interactions.length, 1], weights), bias);
  }
  const terms = steps.flatten(steps.combine('multiply', factorsOf(steps, e, interactions, weights)));
  return steps.dense(terms, ones(terms.shape[0]), bias);
}

/** The factors whose product is summed: for each group of prefixes its fields, and sum_k w_k e_k over the last ones. */
function factorsOf(steps: Steps, e: Value, interactions: readonly Interaction[], weights: readonly number[]): Value[] {
  const [m] = e.shape;
  const turned = steps.transpose(e);
  const arePairs = interactions[0].length === 2;
  const keys = interactions.map(([i, j]) => (arePairs ? i : i * m + j));
  const groups = arePairs ? [...Array(m).keys()] : [...new Set(keys)];
  const positions = new Map(groups.map((key, q) => [key, q]));
  const kernel = new Float32Array(m * groups.length);
  interactions.forEach((fields, p) => {
    kernel[fields.at(-1)! * groups.length + positions.get(keys[p])!] = weights[p];
  });
  const sums = steps.dense(turned, constant([m, groups.length], kernel));
  if (arePairs) return [turned, sums];
  const firsts = groups.map(key => Math.floor(key / m));
  const seconds = groups.map(key => key % m);
  return [steps.dense(turned, picking(firsts, m)), steps.dense(turned, picking(seconds, m)), sums];
}
