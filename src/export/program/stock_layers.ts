import {AutofisError} from '../../errors';
import {constant} from './program';
import type {Translator} from './translator';

/** The translator of layers that only act in training. */
export const same: Translator = (_layer, [x]) => x;
const reshape: Translator = ({steps, outputShape}, [x]) => steps.reshape(x, outputShape);
const combine =
  (op: 'add' | 'multiply'): Translator =>
  (layer, inputs) => {
    if (inputs.some(x => x.shape.length !== inputs[0].shape.length)) {
      throw new AutofisError(
        `${layer.title}: inputs of several ranks cannot be exported. Reshape them before the layer.`,
      );
    }
    return layer.steps.combine(op, inputs);
  };

/** Layers of tfjs itself, by class. */
export const stockLayers: {readonly [className: string]: Translator} = {
  Dropout: same,
  SpatialDropout1D: same,
  GaussianDropout: same,
  GaussianNoise: same,
  AlphaDropout: same,
  Flatten: reshape,
  Reshape: reshape,
  Add: combine('add'),
  Multiply: combine('multiply'),

  Concatenate: (layer, inputs) =>
    layer.steps.concat(inputs, layer.axis(Number(layer.config['axis'] ?? -1), inputs[0].shape.length)),

  Activation: (layer, [x]) => layer.steps.activation(x, layer.activation()),

  Dense: (layer, [x]) => layer.steps.dense(x, layer.weight('kernel'), layer.optionalWeight('bias'), layer.activation()),

  Embedding: (layer, [x]) => {
    if (layer.config['maskZero'] === true) throw new AutofisError(`${layer.title}: \`maskZero\` cannot be exported.`);
    const flat = layer.steps.flatten(x);
    return layer.steps.reshape(layer.steps.rowsAt(flat, layer.weight('embeddings')), layer.outputShape);
  },

  BatchNormalization: (layer, [x]) => {
    const last = x.shape.length - 1;
    if (layer.axis(Number(layer.config['axis'] ?? -1), x.shape.length) !== last) {
      throw new AutofisError(
        `${layer.title}: only an \`axis\` of -1 can be exported. Received: ${layer.config['axis']}.`,
      );
    }
    const mean = layer.weight('moving_mean');
    const variance = layer.weight('moving_variance').data;
    const gamma = layer.optionalWeight('gamma')?.data;
    const epsilon = Number(layer.config['epsilon']);
    const scale = variance.map((v, i) => (gamma?.[i] ?? 1) / Math.sqrt(v + epsilon));
    const shift = layer.optionalWeight('beta') ?? constant(mean.shape, new Float32Array(variance.length));
    return layer.steps.normalize(x, mean, constant(mean.shape, scale), shift);
  },

  Permute: (layer, [x]) => {
    const dims = (layer.config['dims'] as number[]).join();
    if (dims !== '2,1' && dims !== x.shape.map((_, i) => i + 1).join()) {
      throw new AutofisError(`${layer.title}: only \`dims\` [2, 1] can be exported. Received: [${dims}].`);
    }
    return dims === '2,1' ? layer.steps.transpose(x) : x;
  },
};
