import {pairSides} from '../../interactions';
import {ones, picking} from './matrices';
import {constant, Constant, Value} from './program';
import type {LayerView, Translator} from './translator';

/** The layers that compute something of every pair of fields, E [m, d]. */
export const pairLayers: {readonly [className: string]: Translator} = {
  BiInteraction: ({steps}, [e]) => {
    const [m] = e.shape;
    const turned = steps.transpose(e);
    // sum_j e_j * sum_{i<j} e_i.
    const before = Float32Array.from({length: m * m}, (_, k) => (Math.floor(k / m) < k % m ? 1 : 0));
    const sums = steps.dense(turned, constant([m, m], before));
    return steps.flatten(steps.dense(steps.combine('multiply', [turned, sums]), ones(m)));
  },

  OuterProduct: ({steps}, [e]) => {
    const sum = steps.dense(steps.transpose(e), ones(e.shape[0]));
    return steps.flatten(steps.combine('multiply', [sum, steps.transpose(sum)]));
  },

  AttentionalPooling: (layer, [e]) => {
    const {steps} = layer;
    const products = steps.combine('multiply', sidesOf(layer, e));
    const hidden = steps.dense(steps.transpose(products), layer.weight('kernel'), layer.weight('bias'), 'relu');
    const attention = steps.activation(steps.transpose(steps.dense(hidden, layer.weight('projection'))), 'softmax');
    return steps.flatten(steps.dense(steps.combine('multiply', [products, attention]), ones(attention.shape[1])));
  },

  PairNetworks: (layer, [e]) => {
    const {steps} = layer;
    const [left, right] = sidesOf(layer, e);
    const inputs = steps.transpose(steps.concat([left, right, steps.combine('multiply', [left, right])], 0));
    const biasOf = (name: string) => {
      const {shape, data} = layer.weight(name);
      return constant([shape[0], shape[2]], data);
    };
    const kernel = stacked(['left', 'right', 'product'].map(name => layer.weight(name)));
    const hidden = steps.activation(steps.grouped(inputs, kernel, biasOf('hidden_bias')), 'relu');
    return steps.flatten(steps.activation(steps.grouped(hidden, layer.weight('kernel'), biasOf('bias')), 'relu'));
  },
};

/** The first and the second field of every pair: [m, d] -> [d, P] each. */
function sidesOf({steps}: LayerView, e: Value): [left: Value, right: Value] {
  const [m] = e.shape;
  const {left, right} = pairSides(m);
  const turned = steps.transpose(e);
  return [steps.dense(turned, picking(left, m)), steps.dense(turned, picking(right, m))];
}

/** Kernels [P, d, h] of one shape, one below the other for each pair: [P, n d, h]. */
function stacked(kernels: readonly Constant[]): Constant {
  const [pairs, d, units] = kernels[0].shape;
  const size = d * units;
  const data = new Float32Array(pairs * size * kernels.length);
  for (let p = 0; p < pairs; p++) {
    kernels.forEach((kernel, n) =>
      data.set(kernel.data.subarray(p * size, (p + 1) * size), (p * kernels.length + n) * size),
    );
  }
  return constant([pairs, d * kernels.length, units], data);
}
