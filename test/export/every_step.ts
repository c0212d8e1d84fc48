import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {NumericEmbedding} from 'tfjs-autofis/layers';

type Tensor = tfl.SymbolicTensor;

/**
 * A model with every activation, two inputs, four outputs, numbers as embeddings, and one model within it that is used
 * twice; and inputs for it.
 */
export function everyStep(): {model: tfl.LayersModel; given: [tf.Tensor, tf.Tensor]} {
  const x = tfl.input({shape: [3, 4], name: 'x'});
  const y = tfl.input({shape: [4, 3], name: 'y'});
  const kernelInitializer = tfl.initializers.glorotNormal({seed: 1});
  const inner = tfl.sequential({
    layers: [
      tfl.layers.dense({units: 5, inputShape: [3, 4], kernelInitializer, biasInitializer: 'ones'}),
      tfl.layers.batchNormalization(),
      tfl.layers.activation({activation: 'relu6'}),
    ],
  });
  const turned = tfl.layers.permute({dims: [2, 1]}).apply(y);
  const product = tfl.layers.multiply().apply([x, tfl.layers.add().apply([x, turned] as Tensor[])] as Tensor[]);
  const activations = (
    ['relu', 'relu6', 'sigmoid', 'tanh', 'softmax', 'elu', 'selu', 'softplus', 'linear'] as const
  ).map(activation => tfl.layers.dense({units: 2, activation, kernelInitializer}).apply(product) as Tensor);
  const all = tfl.layers.concatenate({axis: -1}).apply(activations) as Tensor;
  const columns = ['a', 'b', 'c', 'd', 'e'].map(name => ({name}));
  const numbers = new NumericEmbedding({
    fields: columns,
    outputDim: 2,
    embeddingsInitializer: tfl.initializers.randomUniform({minval: -1, maxval: 1, seed: 4}),
  }).apply(tfl.layers.dense({units: 5, kernelInitializer}).apply(tfl.layers.flatten().apply(y)) as Tensor);
  const outputs = [all, inner.apply(product), inner.apply(x), numbers] as Tensor[];
  return {
    model: tfl.model({inputs: [x, y], outputs}),
    given: [tf.randomNormal([7, 3, 4], 0, 3, 'float32', 1), tf.randomNormal([7, 4, 3], 0, 3, 'float32', 2)],
  };
}
