import type {FeatureGate} from '../../../layers/feature_gate';
import {columnsFrom, ones} from './matrices';
import {constant, Constant, Steps, Value} from './program';
import type {LayerView, Translator} from './translator';

/** The layers of xDeepFM, AutoInt and FinalMLP. */
export const fieldNetworks: {readonly [className: string]: Translator} = {
  CompressedInteraction: (layer, [e]) => {
    const {steps, config} = layer;
    const [m, d] = e.shape;
    const fields = steps.transpose(e);
    let x = fields;
    const means = (config['units'] as number[]).map((_, k) => {
      const inputs = x.shape[1];
      const products = steps.combine('multiply', [steps.reshape(x, [d, inputs, 1]), steps.reshape(fields, [d, 1, m])]);
      x = steps.dense(steps.reshape(products, [d, inputs * m]), layer.weight(`kernel${k + 1}`));
      return steps.mean(x);
    });
    // The mean over d, times d, is the sum.
    const all = means.length === 1 ? means[0] : steps.concat(means, 0);
    return scaled(steps, all, new Float32Array(all.shape[0]).fill(d));
  },

  FieldAttention: (layer, [e]) => {
    const {steps, config} = layer;
    const units = config['units'] as number;
    const heads = Array.from({length: config['heads'] as number}, (_, h) => attend(layer, e, h * units, units));
    const read = heads.length === 1 ? heads[0] : steps.concat(heads, 1);
    return steps.activation(steps.combine('add', [read, steps.dense(e, layer.weight('residual'))]), 'relu');
  },

  FeatureGate: (layer, [e]) => {
    const {steps} = layer;
    const [m, d] = e.shape;
    const flat = steps.flatten(e);
    const weights = ['hidden_kernel', 'hidden_bias', 'kernel', 'bias'].map(name => layer.weight(name));
    const [hiddenKernel, hiddenBias, kernel, bias] = weights;
    const vector = layer.optionalWeight('vector');
    if (vector !== null) {
      const hidden = product(vector.data, hiddenKernel, hiddenBias).map(value => Math.max(value, 0));
      const gate = product(hidden, kernel, bias).map(value => 2 / (1 + Math.exp(-value)));
      return steps.reshape(scaled(steps, flat, gate), e.shape);
    }
    const {context} = layer.layer as FeatureGate;
    const hidden = steps.dense(flat, spread(hiddenKernel, context, m, d), hiddenBias, 'relu');
    const gate = steps.dense(hidden, kernel, bias, 'sigmoid');
    const twice = new Float32Array(m * d).fill(2);
    return steps.reshape(scaled(steps, steps.combine('multiply', [flat, gate]), twice), e.shape);
  },

  BilinearFusion: (layer, [x, y]) => {
    const {steps} = layer;
    const kernel = layer.weight('kernel');
    const [heads, p, q] = kernel.shape;
    const turned = steps.grouped(
      steps.reshape(x, [heads, p]),
      kernel,
      constant([heads, q], new Float32Array(heads * q)),
    );
    const products = steps.combine('multiply', [steps.flatten(turned), y]);
    return steps.combine('add', [
      steps.dense(x, layer.weight('left'), layer.weight('bias')),
      steps.dense(y, layer.weight('right')),
      steps.dense(products, ones(products.shape[0])),
    ]);
  },
};

/** A vector, each place times a number. */
function scaled(steps: Steps, x: Value, scale: Float32Array): Value {
  const zeros = constant(x.shape, new Float32Array(scale.length));
  return steps.normalize(x, zeros, constant(x.shape, scale), zeros);
}

/** One head of FieldAttention, whose kernels begin at column `start`: [m, d] -> [m, units]. */
function attend(layer: LayerView, e: Value, start: number, units: number): Value {
  const {steps} = layer;
  const [m] = e.shape;
  const projected = (name: string, factor = 1) => steps.dense(e, columnsFrom(layer.weight(name), start, units, factor));
  const pairs = steps.combine('multiply', [
    steps.reshape(projected('query'), [m, 1, units]),
    steps.reshape(projected('key'), [1, m, units]),
  ]);
  const scores = steps.reshape(steps.dense(pairs, ones(units)), [m, m]);
  const read = steps.reshape(steps.transpose(steps.activation(scores, 'softmax')), [m, m, 1]);
  // The mean over the fields that are read, of values times m, is their sum.
  const values = steps.reshape(projected('value', m), [m, 1, units]);
  const weighed = steps.reshape(steps.combine('multiply', [read, values]), [m, m * units]);
  return steps.reshape(steps.mean(weighed), [m, units]);
}

/** The kernel of some fields' embeddings [c d, h] as one of all fields': [m d, h]. */
function spread({shape: [, h], data}: Constant, fields: readonly number[], m: number, d: number): Constant {
  const all = new Float32Array(m * d * h);
  fields.forEach((field, c) => all.set(data.subarray(c * d * h, (c + 1) * d * h), field * d * h));
  return constant([m * d, h], all);
}

/** x K + b. */
function product(x: Float32Array, {shape: [, n], data}: Constant, bias: Constant): Float32Array {
  return bias.data.map((b, u) => x.reduce((sum, value, i) => sum + value * data[i * n + u], b));
}
