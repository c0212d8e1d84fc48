import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {GatedInteraction} from '../../../layers/gated_interaction';
import {AutofisError} from '../../errors';
import {isGate, layersOf} from '../../stages/model_layers';

/** Logits of a model without gates, split into its products and the rest. */
export interface ModelProducts {
  /** G [n, P], row-major: the products that the model sums, in the order of its layers and their interactions. */
  products: Float32Array;
  /** z [n]: the logit without them. */
  base: Float32Array;
}

const BATCH = 10_000;

/**
 * Take the logits of a plain model apart into its products and all else. The model is one of `fm`, `ffm` and the like,
 * or of `retrainModel` with alpha 'none' and without batchNorm: its GatedInteraction layers give sums of products.
 *
 * @param xs The model's input for n rows.
 * @throws AutofisError if no layer of the model sums products, or its last layer is not a sigmoid.
 */
export function modelProducts(model: tfl.LayersModel, xs: tf.Tensor | tf.Tensor[]): ModelProducts {
  const sums = layersOf(model)
    .filter(isGate)
    .filter(({outputMode, interactions}) => outputMode === 'sum' && interactions.length > 0);
  if (sums.length === 0)
    throw new AutofisError(`modelProducts: the model ${model.name} has no layer that sums products.`);
  const outputs = sums.map(
    layer =>
      new GatedInteraction({
        order: layer.order,
        interactions: layer.interactions,
        batchNorm: false,
        useAlpha: false,
        output: 'each',
      }).apply(layer.input) as tfl.SymbolicTensor,
  );
  const probe = tfl.model({inputs: model.inputs, outputs: [logitOf(model), ...outputs]});
  const [products, base] = tf.tidy(() => {
    const [logits, ...columns] = probe.predict(xs, {batchSize: BATCH}) as tf.Tensor[];
    const all = columns.length === 1 ? columns[0] : tf.concat(columns, 1);
    return [all, tf.sub(tf.reshape(logits, [-1]), tf.sum(all, 1))];
  });
  return {products: valuesOf(products), base: valuesOf(base)};
}

/** A tensor's values, and no tensor. They do not go through `tf.tidy`, which would look for tensors in each number. */
function valuesOf(tensor: tf.Tensor): Float32Array {
  const values = tensor.dataSync() as Float32Array;
  tensor.dispose();
  return values;
}

/** Return the input of the model's final sigmoid. */
function logitOf(model: tfl.LayersModel): tfl.SymbolicTensor {
  const last = model.layers[model.layers.length - 1];
  const isSigmoid = last.getClassName() === 'Activation' && last.getConfig()['activation'] === 'sigmoid';
  if (!isSigmoid) {
    throw new AutofisError(
      `modelProducts: the last layer of ${model.name} must be a sigmoid activation of the logit. Received: ` +
        `${last.getClassName()} ${last.name}. End the model with tf.layers.activation({activation: 'sigmoid'}).`,
    );
  }
  return last.input as tfl.SymbolicTensor;
}
