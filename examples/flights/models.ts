import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {FieldEmbedding, FieldLinear, FieldSpec, GatedInteraction} from 'tfjs-autofis';

export interface ModelOptions {
  fields: FieldSpec[];
  /** d, the length of an embedding. */
  dimension: number;
  seed: number;
}

/** LR: sigmoid(w0 + <w, x>). */
export function buildLR({fields}: ModelOptions): tfl.LayersModel {
  return build(fields, ids => [new FieldLinear({fields}).apply(ids)]);
}

/** FM: sigmoid(w0 + <w, x> + sum_{i<j} <e_i, e_j>). */
export function buildFM(options: ModelOptions): tfl.LayersModel {
  return buildInteractions(options, {batchNorm: false, useAlpha: false});
}

/** AutoFM: FM with a gate on each normalised interaction. */
export function buildAutoFM(options: ModelOptions): tfl.LayersModel {
  return buildInteractions(options, {});
}

/** AutoDeepFM: AutoFM and an MLP on the same embeddings. */
export function buildAutoDeepFM(options: ModelOptions, hidden: number[]): tfl.LayersModel {
  return buildInteractions(options, {}, hidden);
}

function buildInteractions(
    {fields, dimension, seed}: ModelOptions, gate: {batchNorm?: boolean, useAlpha?: boolean}, hidden: number[] = []): tfl.LayersModel {
  return build(fields, ids => {
    const embeddings = new FieldEmbedding({fields, outputDim: dimension, seed}).apply(ids) as tfl.SymbolicTensor;
    const parts = [
      new FieldLinear({fields}).apply(ids),
      new GatedInteraction({...gate, seed: seed + 1}).apply(embeddings),
    ];
    if (hidden.length > 0) {
      let x = tfl.layers.flatten().apply(embeddings) as tfl.SymbolicTensor;
      hidden.forEach((units, i) => {
        const kernelInitializer = tfl.initializers.glorotUniform({seed: seed + 2 + i});
        x = tfl.layers.dense({units, activation: 'relu', kernelInitializer}).apply(x) as tfl.SymbolicTensor;
      });
      parts.push(tfl.layers.dense({units: 1, kernelInitializer: tfl.initializers.glorotUniform({seed: seed + 9})}).apply(x));
    }
    return parts;
  });
}

/** Adds the parts of the logit, and compiles: Adam 1e-3, binary cross-entropy. */
function build(fields: FieldSpec[], logit: (ids: tfl.SymbolicTensor) => Array<tf.Tensor | tf.Tensor[] | tfl.SymbolicTensor | tfl.SymbolicTensor[]>): tfl.LayersModel {
  const ids = tfl.input({shape: [fields.length], dtype: 'int32', name: 'ids'});
  const parts = logit(ids) as tfl.SymbolicTensor[];
  const sum = parts.length === 1 ? parts[0] : tfl.layers.add().apply(parts) as tfl.SymbolicTensor;
  const output = tfl.layers.activation({activation: 'sigmoid'}).apply(sum) as tfl.SymbolicTensor;
  const model = tfl.model({inputs: ids, outputs: output});
  model.compile({optimizer: 'adam', loss: 'binaryCrossentropy'});
  return model;
}
