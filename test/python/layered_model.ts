import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {FieldEmbedding, FieldLinear, type FieldSpec, GatedInteraction} from 'tfjs-autofis/layers';

interface LayeredModel {
  fields: FieldSpec[];
  optimizer: tf.Optimizer | string;
  /** Whether triples have gates, too. */
  triples?: boolean;
  /** Layers behind the hidden one. */
  behind?: tfl.layers.Layer[];
}

/** AutoDeepFM of layers with names of their own and seeded starts. */
export function layeredModel({fields, optimizer, triples = false, behind = []}: LayeredModel): tfl.LayersModel {
  const columns = fields.reduce((sum, {width}) => sum + (width ?? 1), 0);
  const x = tfl.input({shape: [columns], dtype: 'int32', name: 'ids'});
  const e = new FieldEmbedding({
    fields,
    outputDim: 4,
    name: 'table',
    batchL2: 0.01,
    embeddingsInitializer: tfl.initializers.randomUniform({minval: -0.5, maxval: 0.5, seed: 1}),
  }).apply(x) as tfl.SymbolicTensor;
  const dense = (units: number, name: string, seed: number, activation?: 'relu') =>
    tfl.layers.dense({units, name, activation, kernelInitializer: tfl.initializers.glorotNormal({seed})});
  const layers = [
    tfl.layers.flatten({name: 'flat'}),
    dense(6, 'hidden', 2, 'relu'),
    ...behind,
    dense(1, 'top', 3),
  ] as tfl.layers.Layer[];
  const sum = tfl.layers
    .add({name: 'sum'})
    .apply([
      new FieldLinear({fields, name: 'linear'}).apply(x),
      new GatedInteraction({name: 'gate', seed: 4}).apply(e),
      ...(triples ? [new GatedInteraction({name: 'triples', order: 3, seed: 5}).apply(e)] : []),
      layers.reduce((h, layer) => layer.apply(h) as tfl.SymbolicTensor, e),
    ] as tfl.SymbolicTensor[]);
  const click = tfl.layers.activation({activation: 'sigmoid', name: 'click'}).apply(sum) as tfl.SymbolicTensor;
  const model = tfl.model({inputs: x, outputs: click});
  model.compile({loss: 'binaryCrossentropy', optimizer});
  return model;
}
